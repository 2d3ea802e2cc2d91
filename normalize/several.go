package normalize

// several are fields that may hold more than one value at once, so that two
// values of one do not exclude each other.
var several = map[string]bool{
	"process.args": true, "process.parent.args": true, "event.category": true, "event.type": true, "tags": true,
	"host.ip": true, "host.mac": true, "dns.resolved_ip": true, "dns.header_flags": true, "dns.answers.data": true,
	"dns.answers.name": true, "dns.answers.type": true, "related.ip": true, "related.user": true, "related.hosts": true,
	"related.hash": true, "user.roles": true, "container.image.tag": true, "winlog.privileges": true, "risk.analyticstories": true, "event.module": true, "*": true,
}

// IsSingle reports whether the values of a canonical field are known to be
// single, so that two different ones exclude each other. Fields that the tables
// do not have, such as the parameters of a cloud API, may be lists.
func IsSingle(field string) bool { return !several[field] && IsCanonical(field) }
