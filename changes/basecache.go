package changes

import "sync"

// baseCache keeps objects that deltas may be based on. It has two generations:
// when the young one is full it becomes the old one, whose objects are
// forgotten unless they were used again.
type baseCache struct {
	mu         sync.Mutex
	young, old map[baseKey]object
	bytes      int
}

type baseKey struct {
	pack   *pack
	offset int64
}

// maxBaseCache is the size of a generation in bytes.
const maxBaseCache = 24 << 20

func (c *baseCache) get(p *pack, offset int64) (object, bool) {
	key := baseKey{p, offset}
	c.mu.Lock()
	defer c.mu.Unlock()
	if o, ok := c.young[key]; ok {
		return o, true
	}
	o, ok := c.old[key]
	if ok {
		c.add(key, o)
	}
	return o, ok
}

func (c *baseCache) put(p *pack, offset int64, o object) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(baseKey{p, offset}, o)
}

func (c *baseCache) add(key baseKey, o object) {
	if len(o.data) > maxBaseCache/4 {
		return
	}
	if c.young == nil || c.bytes+len(o.data) > maxBaseCache {
		c.old, c.young, c.bytes = c.young, map[baseKey]object{}, 0
	}
	c.young[key] = o
	c.bytes += len(o.data)
}
