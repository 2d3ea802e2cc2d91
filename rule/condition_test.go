package rule

import "testing"

func TestWalk(t *testing.T) {
	shared := &Predicate{Value: "shared"}
	inner := &Branch{Child: &Not{Child: &Predicate{Value: "inner"}}}
	c := &And{Children: []Condition{shared, &Or{Children: []Condition{shared, inner}}, nil}}
	visit := func(into bool) (values string) {
		Walk(c, func(c Condition) bool {
			if p, ok := c.(*Predicate); ok {
				values += p.Value + " "
			}
			_, branch := c.(*Branch)
			return into || !branch
		})
		return values
	}
	if got := visit(true); got != "shared inner " {
		t.Errorf("visited %q", got)
	}
	if got := visit(false); got != "shared " {
		t.Errorf("visited %q where branches are not entered", got)
	}
	Walk(nil, func(Condition) bool { t.Error("nothing was visited"); return true })
}
