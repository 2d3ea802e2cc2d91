package lint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/detlint/detlint/rule"
)

var riskFieldCheck = &Check{
	ID:       "risk-field",
	Severity: Warning,
	Vendors:  onlySplunk,
	Summary:  "A risk or threat object, or the message, names a field that the search does not return",
	Rationale: `What a hit puts its risk on is a column of the search's result. Where the search does not return the column, the risk
event has no object, so the risk adds up nowhere, and ` + "`$field$`" + ` stays as it is in the message. It happens when a column is
renamed, or left out of the last ` + "`stats`" + ` or ` + "`table`" + `.

Reported only where it is certain which columns come out: the search lists them with ` + "`stats`, `tstats` or `table`" + `, and
detlint knows what each command after that does to them. Case matters: ` + "`User`" + ` is not ` + "`user`" + `.`,
	Bad:  exampleSplunk("Admin Tool", "field: dest\n", "field: host\n"),
	Good: exampleSplunk("Admin Tool"),
	Rule: riskField,
}

// risky are the types of rules whose hits get a risk from contentctl 4. Others
// have the same attributes, and nothing is made of them.
var risky = set("TTP", "Anomaly")

// messageField is a field in a message. What stands between two amounts of
// money has a blank in it.
var messageField = regexp.MustCompile(`\$([A-Za-z_][A-Za-z0-9_.:{}-]*)\$`)

func riskField(p *Pass) {
	doc := contentDocument(p)
	if doc == nil || doc.Query == nil || p.Broken || !sinceVersion5(doc) && !risky[doc.Type.Value] {
		return
	}
	mentioned, certain := doc.Query.Certain()
	if !certain {
		return
	}
	columns := doc.Query.Columns
	seen := map[string]bool{"": true}
	for _, name := range mentioned {
		seen[name] = true
	}
	for _, o := range doc.Objects {
		what := "risk object"
		if o.Threat {
			what = "threat object"
		}
		p.returned(columns, seen, what, o.Field)
	}
	p.message(columns, seen, doc.Message)
	for _, o := range doc.Objects {
		p.message(columns, seen, o.Node.Get("message").Text())
	}
}

// message looks at the fields that a message names.
func (p *Pass) message(columns []string, seen map[string]bool, message rule.Text) {
	for _, m := range messageField.FindAllStringSubmatchIndex(message.Value, -1) {
		field := rule.Text{Value: message.Value[m[2]:m[3]], Span: message.Span}
		if i := strings.Index(p.source(message.Span), "$"+field.Value+"$"); i >= 0 {
			start := message.Span.Start + int32(i) + 1
			field.Span = rule.Span{Start: start, End: start + int32(len(field.Value))}
		}
		p.returned(columns, seen, "message", field)
	}
}

// returned reports a field that is none of the columns.
func (p *Pass) returned(columns []string, seen map[string]bool, what string, field rule.Text) {
	name := field.Value
	if seen[name] || name[0] == '_' || slices.Contains(columns, name) {
		return
	}
	seen[name] = true
	format := "the search does not return the field %q of the " + what
	if what == "message" {
		format = "the search does not return the field %q, which the message names"
	}
	for _, column := range columns {
		if strings.EqualFold(column, name) {
			f := p.Report(field.Span, name, format+"; it returns %q", name, column)
			p.fixIn(f, field.Span, name, column)
			return
		}
	}
	f := p.Report(field.Span, name, format, name)
	f.Hint = "it returns " + some(columns)
}

// some lists names, the first of them when there are many.
func some(names []string) string {
	const most = 12
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}
