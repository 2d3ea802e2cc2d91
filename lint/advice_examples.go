package lint

// The examples of the checks that rest on public rules, in languages other than
// Sigma.
var (
	noisyPathExamples = []Example{
		inEQL("Command Interpreter Started", `process where process.name : ("tool-that-nobody-uses.exe", "powershell.exe")`,
			`process where process.name : "powershell.exe" and process.command_line : "*a-marker-that-nobody-uses*"`),
		inSPL("Command Interpreter Started", `Processes.process_name IN ("tool-that-nobody-uses.exe", "powershell.exe")`,
			`Processes.process_name="powershell.exe" Processes.process="*a-marker-that-nobody-uses*"`),
		inKQL("Command Interpreter Started", `| where FileName in~ ("tool-that-nobody-uses.exe", "powershell.exe")`,
			"| where FileName =~ \"powershell.exe\"\n  | where ProcessCommandLine contains \"a-marker-that-nobody-uses\""),
	}
	missingExclusionExamples = []Example{
		contrast(exampleElastic, "Program Connects To An Uncommon Port", soundEQL,
			`network where destination.port == 47999 and
  not cidrmatch(destination.ip, "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "240.0.0.0/4", "::1", "FE80::/10", "FF00::/8")`,
			`network where destination.port == 47999 and process.name : "tool-that-nobody-uses.exe"`),
		contrast(exampleSplunk, "Program Connects To An Uncommon Port", "datamodel=Endpoint.Processes where Processes.process_name=\"example-tool.exe\"\n  by Processes.dest Processes.user Processes.process_name | `drop_dm_object_name(Processes)`",
			`datamodel=Network_Traffic.All_Traffic where All_Traffic.dest_port=47999 NOT All_Traffic.dest_ip IN ("127.0.0.0/8", "10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
  by All_Traffic.dest All_Traffic.user All_Traffic.process_name | `+"`drop_dm_object_name(All_Traffic)`",
			`datamodel=Network_Traffic.All_Traffic where All_Traffic.dest_port=47999 All_Traffic.app="tool-that-nobody-uses.exe"
  by All_Traffic.dest All_Traffic.user All_Traffic.process_name | `+"`drop_dm_object_name(All_Traffic)`"),
		contrast(exampleKusto, "Program Connects To An Uncommon Port", "  DeviceProcessEvents\n  "+soundKQL,
			"  DeviceNetworkEvents\n  | where RemotePort == 47999\n  | where not(ipv4_is_in_any_range(RemoteIP, \"127.0.0.0/8\", \"10.0.0.0/8\", \"172.16.0.0/12\", \"192.168.0.0/16\", \"169.254.0.0/16\"))",
			"  DeviceNetworkEvents\n  | where RemotePort == 47999 and InitiatingProcessFileName =~ \"tool-that-nobody-uses.exe\""),
	}
)
