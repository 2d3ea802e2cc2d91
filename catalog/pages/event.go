package pages

import (
	"github.com/detlint/detlint/catalog"
	"github.com/detlint/detlint/normalize"
)

// EventPage is the page of an event.
type EventPage struct {
	Head
	normalize.Event
	Title      string           `json:"title"`
	Techniques []TechniqueCount `json:"techniques"`
	Group
}

// EventOf is the page of an event; it is empty for one that no rule covers.
func EventOf(c *catalog.Catalog, e normalize.Event) *EventPage {
	refs := union(c.Event(e))
	return &EventPage{Head: head(c), Event: e, Title: e.Title(), Techniques: techniqueCounts(c, refs), Group: groupOf(c, refs)}
}
