package yamldoc

import "testing"

// ruleText is a rule as people write them.
const ruleText = `title: Archive Tool Writing To A Network Share
id: 5d0f3a52-8f0c-4f7e-9a34-2b6a1f9d7c11
status: test
description: |
    Detects a packer that is asked for an archive with a password on a share.
    Backup jobs do this as well, see the filter.
references:
    - https://example.org/blog/packers-on-shares
    - https://example.org/wiki/Archive?section=2#usage
author: Jane Doe
date: 2024-03-05
modified: 2024-11-30
tags:
    - attack.exfiltration
    - attack.t1560.001
logsource:
    category: process_creation
    product: windows
detection:
    selection_image:
        - Image|endswith:
              - '\packer.exe'
              - '\pack64.exe'
        - OriginalFileName: 'PACK.EXE'
    selection_cli:
        CommandLine|contains|all:
            - ' a '
            - ' -hp'
            - "\\\\"
    filter_main_backup:
        ParentImage: 'C:\Program Files\Backup Suite\agent.exe'   # the official agent
        User|contains: # localised
            - 'AUTHORI'
            - 'AUTORI'
    condition: all of selection_* and not 1 of filter_main_*
fields: [CommandLine, ParentCommandLine, User]
falsepositives:
    - Backups that are started
      by hand
level: high
`

func BenchmarkParse(b *testing.B) {
	data := []byte(ruleText)
	if d := Parse(data); d[0].Err != nil {
		b.Fatal(d[0].Err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(data)
	}
}

func TestRule(t *testing.T) {
	if err := compareFile([]byte(ruleText)); err != nil {
		t.Error(err)
	}
	if fast, slow := fastPath([]byte(ruleText)); fast != 1 || slow != 0 {
		t.Errorf("%d fast, %d slow documents", fast, slow)
	}
}
