package lint

import (
	"path"
	"strings"

	"github.com/detlint/detlint/normalize"
	"github.com/detlint/detlint/rule"
)

var duplicateFilenameCheck = &Check{
	ID:       "duplicate-filename",
	Severity: Info,
	Vendors:  onlySigma,
	Summary:  "Two files of Sigma rules in different folders have the same name",
	Rationale: `Converters write one query file for each rule file, often into one folder and by the same name; the second then
overwrites the first. Letter case does not count, because some file systems do not keep it. Deprecated and
unsupported rules are left out, since nobody converts them.`,
	Bad: `-- windows/rdp_tunnel.yml --
title: Remote desktop through a tunnel
id: e7f8091a-2b3c-4d4e-8f50-789012345623
status: test
logsource:
    category: network_connection
    product: windows
detection:
    selection:
        SourcePort: 3389
        DestinationIp: '127.0.0.1'
    condition: selection
level: medium
-- proxy/rdp_tunnel.yml --
title: Remote desktop through a proxy
id: f8091a2b-3c4d-4e5f-9061-890123456724
status: test
logsource:
    category: proxy
detection:
    selection:
        c-uri|contains: '/rdp-tunnel/'
    condition: selection
level: medium
`,
	Good: `-- windows/net_connection_rdp_tunnel.yml --
title: Remote desktop through a tunnel
id: e7f8091a-2b3c-4d4e-8f50-789012345623
status: test
logsource:
    category: network_connection
    product: windows
detection:
    selection:
        SourcePort: 3389
        DestinationIp: '127.0.0.1'
    condition: selection
level: medium
-- proxy/proxy_rdp_tunnel.yml --
title: Remote desktop through a proxy
id: f8091a2b-3c4d-4e5f-9061-890123456724
status: test
logsource:
    category: proxy
detection:
    selection:
        c-uri|contains: '/rdp-tunnel/'
    condition: selection
level: medium
`,
	Repository: func(p *RepositoryPass) {
		key := func(s *normalize.Summary) string {
			if s.Vendor != rule.Sigma || s.Index > 0 || s.Retired {
				return ""
			}
			return strings.ToLower(path.Base(s.Path))
		}
		p.shared(key, summaryTitle, func(s *normalize.Summary, others twins) {
			base := path.Base(s.Path)
			f := p.Report(s, s.Title.Range, strings.ToLower(base), "file name %q is also that of %s%s", base, others.some[0].Path, others.more())
			f.Index = -1 // about the file
			f.Related = others.places(summaryTitle)
		})
	},
}
