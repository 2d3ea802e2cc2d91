package report

import "io"

// maxNote is GitLab's limit of a note at a merge request, in characters.
const maxNote = 1_000_000

// GitLabNote writes the Markdown of a note at a merge request.
func GitLabNote(w io.Writer, r *Report, o Options) error {
	if o.MaxBytes == 0 {
		o.MaxBytes = maxNote
	}
	return Markdown(w, r, o)
}
