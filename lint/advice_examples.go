package lint

// noisyPathExamples look for an indicator of many rules alone.
func noisyPathExamples() []Example {
	return []Example{
		inEQL("Command Interpreter Started", `process where process.name : ("tool-that-nobody-uses.exe", "powershell.exe")`,
			`process where process.name : "powershell.exe" and process.command_line : "*a-marker-that-nobody-uses*"`),
		inSPL("Command Interpreter Started", `Processes.process_name IN ("tool-that-nobody-uses.exe", "powershell.exe")`,
			`Processes.process_name="powershell.exe" Processes.process="*a-marker-that-nobody-uses*"`),
		inKQL("Command Interpreter Started", `| where FileName in~ ("tool-that-nobody-uses.exe", "powershell.exe")`,
			"| where FileName =~ \"powershell.exe\"\n  | where ProcessCommandLine contains \"a-marker-that-nobody-uses\""),
	}
}

// missingExclusionExamples exclude some of the address ranges that others list
// whole.
func missingExclusionExamples() []Example {
	const name = "Program Connects To An Uncommon Port"
	elastic := func(condition string) string {
		return exampleElastic(name, "events.process-*", "events.network-*", soundEQL, "network where destination.port == 47999 and\n  "+condition)
	}
	splunk := func(condition string) string {
		return exampleSplunk(name, "EventID 1", "EventID 3", "Endpoint.Processes", "Network_Traffic.All_Traffic",
			soundSPL, "All_Traffic.dest_port=47999\n  "+condition,
			"Processes.dest Processes.user Processes.process_name", "All_Traffic.dest All_Traffic.user All_Traffic.app",
			"_name(Processes)", "_name(All_Traffic)", "$user$ ran $process_name$ on $dest$", "$app$ connected to $dest$",
			"field: process_name", "field: app")
	}
	kusto := func(condition string) string {
		return exampleKusto(name, "DeviceProcessEvents", "DeviceNetworkEvents", "DeviceProcessEvents", "DeviceNetworkEvents",
			soundKQL, "| where RemotePort == 47999\n  "+condition, "AccountName, ProcessCommandLine", "InitiatingProcessFileName, RemoteIP")
	}
	return []Example{
		{
			Bad: elastic(`not cidrmatch(destination.ip, "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "240.0.0.0/4", "::1", "FE80::/10", "FF00::/8")`),
			Good: elastic(`process.name : "tool-that-nobody-uses.exe"`),
		},
		{
			Bad:  splunk(`NOT All_Traffic.dest_ip IN ("127.0.0.0/8", "10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")`),
			Good: splunk(`All_Traffic.app="tool-that-nobody-uses.exe"`),
		},
		{
			Bad:  kusto(`| where not(ipv4_is_in_any_range(RemoteIP, "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"))`),
			Good: kusto(`| where InitiatingProcessFileName =~ "tool-that-nobody-uses.exe"`),
		},
	}
}
