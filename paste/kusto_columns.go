package paste

import (
	"slices"
	"strings"

	"github.com/detlint/detlint/normalize"
)

// initiating are the columns of the process that did something, which all of
// Defender's tables of device events have.
const initiating = ` InitiatingProcessFileName InitiatingProcessFolderPath InitiatingProcessCommandLine InitiatingProcessAccountName
InitiatingProcessAccountDomain InitiatingProcessAccountSid InitiatingProcessParentFileName InitiatingProcessSHA1
InitiatingProcessSHA256 InitiatingProcessMD5 DeviceName`

// kustoColumns are columns of tables that exclusions are often about: of the
// advanced hunting schema of Defender XDR and of the Azure Monitor Logs table
// reference, as Microsoft documents them.
var kustoColumns = map[string]map[string]bool{
	"DeviceProcessEvents":   columns("FileName FolderPath ProcessCommandLine SHA1 SHA256 MD5 AccountName AccountDomain AccountSid" + initiating),
	"DeviceFileEvents":      columns("FileName FolderPath PreviousFileName PreviousFolderPath SHA1 SHA256 MD5 FileOriginUrl FileOriginIP" + initiating),
	"DeviceNetworkEvents":   columns("RemoteIP RemotePort RemoteUrl LocalIP LocalPort Protocol" + initiating),
	"DeviceRegistryEvents":  columns("RegistryKey RegistryValueName RegistryValueData RegistryValueType" + initiating),
	"DeviceImageLoadEvents": columns("FileName FolderPath SHA1 SHA256 MD5" + initiating),
	"DeviceLogonEvents":     columns("AccountName AccountDomain AccountSid RemoteIP RemoteDeviceName RemotePort LogonType" + initiating),
	"DeviceEvents":          columns("FileName FolderPath ProcessCommandLine AccountName RemoteIP RemoteUrl RemotePort SHA1 SHA256" + initiating),
	"SecurityEvent": columns(`Account SubjectUserName TargetUserName SubjectUserSid TargetUserSid CommandLine NewProcessName ParentProcessName
IpAddress LogonType WorkstationName ServiceName ObjectName Computer`),
	"SigninLogs":                      columns("IPAddress UserPrincipalName AppDisplayName AppId ResultType UserAgent UserId Location"),
	"AADNonInteractiveUserSignInLogs": columns("IPAddress UserPrincipalName AppDisplayName AppId ResultType UserAgent UserId Location"),
	"AuditLogs":                       columns("OperationName Result Identity Category"),
	"AWSCloudTrail":                   columns("SourceIpAddress UserAgent UserIdentityArn UserIdentityType EventName EventSource ErrorCode UserIdentityUserName"),
	"AzureActivity":                   columns("Caller CallerIpAddress OperationNameValue ResourceGroup"),
	"OfficeActivity":                  columns("ClientIP UserId Operation OfficeWorkload UserAgent"),
	"CommonSecurityLog":               columns("SourceIP DestinationIP DestinationPort SourcePort RequestURL DeviceVendor DeviceProduct DestinationHostName SourceUserName"),
	"DnsEvents":                       columns("Name ClientIP QueryType"),
}

func columns(names string) map[string]bool { return set(strings.Fields(names)...) }

// ofCreation are the columns of SecurityEvent that only the creation of a process
// fills in, event 4688.
var ofCreation = set("NewProcessName", "ParentProcessName", "CommandLine")

// hasColumn reports whether a table is known to have a column, and the events of
// the rule to have something in it.
func (w *writer) hasColumn(table, name string) bool {
	if table == "SecurityEvent" && ofCreation[name] && !slices.Contains(w.Events, normalize.Event{Provider: "Security-Auditing", Event: "4688"}) {
		return false
	}
	return kustoColumns[table][name]
}
