package elastic

// frameKeys are the entries of a rule that say what its query does not: how
// often events must come, which values are new, what they are joined with.
var frameKeys = []string{
	"threshold", "new_terms", "new_terms_fields", "history_window_start", "machine_learning_job_id", "anomaly_threshold",
	"threat_index", "threat_query", "threat_language", "threat_filters", "threat_mapping", "threat_indicator_path",
	"event_category_override", "tiebreaker_field",
}

// frame is what of the rule's meaning stands outside of its condition.
func (d *Document) frame() []string {
	frame := []string{}
	switch d.Type.Value {
	case "", "eql", "esql", "query", "saved_query":
	default:
		frame = append(frame, "type "+d.Type.Value)
	}
	for _, key := range frameKeys {
		if n := d.Rule.Get(key); n != nil {
			frame = append(frame, key+" "+n.Flat())
		}
	}
	if d.EQL != nil {
		frame = append(frame, d.EQL.Frame()...)
	}
	if d.Kuery != nil {
		frame = append(frame, d.Kuery.Frame()...)
	}
	if d.Lucene != nil {
		frame = append(frame, d.Lucene.Frame()...)
	}
	frame = append(frame, d.windows...)
	if d.ESQL != nil {
		frame = append(frame, d.ESQL.Frame()...)
	}
	return frame
}
