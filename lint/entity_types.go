package lint

import "github.com/detlint/detlint/internal/near"

// entityType is a kind of entity that Sentinel knows.
type entityType struct {
	// identifiers are the attributes that may be mapped.
	identifiers []string
	// required are those without one of which an entity is not known; all of
	// them have to be there where all is set.
	required []string
	all      bool
}

// entityTypes are the types that entityMappings may name, with the identifiers
// of Microsoft's entity types reference and of the schema for templates in the
// Azure-Sentinel repository. Where one has an identifier that the other lacks,
// it is taken.
var entityTypes = map[string]entityType{
	"Account": {
		identifiers: []string{
			"Name", "FullName", "NTDomain", "DnsDomain", "UPNSuffix", "Sid", "AadTenantId", "AadUserId", "PUID", "IsDomainJoined",
			"DisplayName", "ObjectGuid", "CloudAppAccountId", "IsAnonymized",
		},
		required: []string{"FullName", "Sid", "Name", "AadUserId", "PUID", "ObjectGuid"},
	},
	"AzureResource":    {identifiers: []string{"ResourceId"}, required: []string{"ResourceId"}},
	"CloudApplication": {identifiers: []string{"AppId", "Name", "InstanceName"}, required: []string{"AppId", "Name"}},
	"DNS":              {identifiers: []string{"DomainName"}, required: []string{"DomainName"}},
	"File":             {identifiers: []string{"Directory", "Name"}, required: []string{"Name"}},
	"FileHash":         {identifiers: []string{"Algorithm", "Value"}, required: []string{"Algorithm", "Value"}, all: true},
	"Host": {
		identifiers: []string{
			"DnsDomain", "NTDomain", "HostName", "FullName", "NetBiosName", "AzureID", "OMSAgentID", "OSFamily", "OSVersion", "IsDomainJoined",
		},
		required: []string{"FullName", "HostName", "NetBiosName", "AzureID", "OMSAgentID"},
	},
	"IoTDevice": {
		identifiers: []string{
			"DeviceId", "DeviceName", "Manufacturer", "Model", "FirmwareVersion", "OperatingSystem", "MacAddress", "Protocols",
			"SerialNumber", "Source", "IoTSecurityAgentId", "DeviceType", "IoTHub", "Owners", "DeviceTypeId", "Site", "Zone", "Sensor",
			"Importance", "PurdueLayer", "IsProgramming", "IsAuthorized", "IsScanner", "DeviceSubType",
		},
		required: []string{"DeviceId"},
	},
	"IP": {identifiers: []string{"Address", "AddressScope"}, required: []string{"Address"}},
	"Mailbox": {
		identifiers: []string{"MailboxPrimaryAddress", "DisplayName", "Upn", "ExternalDirectoryObjectId", "RiskLevel", "AadId"},
		required:    []string{"MailboxPrimaryAddress"},
	},
	"MailCluster": {
		identifiers: []string{
			"NetworkMessageIds", "CountByDeliveryStatus", "CountByThreatType", "CountByProtectionStatus", "CountByDeliveryLocation", "Threats",
			"Query", "QueryTime", "MailCount", "IsVolumeAnomaly", "Source", "ClusterSourceIdentifier", "ClusterSourceType",
			"ClusterQueryStartTime", "ClusterQueryEndTime", "ClusterGroup",
		},
		required: []string{"Query", "Source"},
	},
	"MailMessage": {
		identifiers: []string{
			"Recipient", "Urls", "Threats", "Sender", "P1Sender", "P1SenderDisplayName", "P1SenderDomain", "SenderIP", "P2Sender",
			"P2SenderDisplayName", "P2SenderDomain", "ReceivedDate", "NetworkMessageId", "InternetMessageId", "Subject",
			"BodyFingerprintBin1", "BodyFingerprintBin2", "BodyFingerprintBin3", "BodyFingerprintBin4", "BodyFingerprintBin5",
			"AntispamDirection", "DeliveryAction", "DeliveryLocation", "Language", "ThreatDetectionMethods",
		},
		required: []string{"NetworkMessageId", "Recipient"},
	},
	"Malware": {identifiers: []string{"Name", "Category"}, required: []string{"Name"}},
	"Process": {
		identifiers: []string{"ProcessId", "CommandLine", "ElevationToken", "CreationTimeUtc"},
		required:    []string{"CommandLine", "ProcessId"},
	},
	"RegistryKey":   {identifiers: []string{"Hive", "Key"}, required: []string{"Key", "Hive"}},
	"RegistryValue": {identifiers: []string{"Name", "Value", "ValueType"}, required: []string{"Name"}},
	"SecurityGroup": {
		identifiers: []string{"DistinguishedName", "SID", "ObjectGuid"}, required: []string{"DistinguishedName", "SID", "ObjectGuid"},
	},
	"SubmissionMail": {
		identifiers: []string{
			"NetworkMessageId", "Timestamp", "Recipient", "Sender", "SenderIp", "Subject", "ReportType", "SubmissionId", "SubmissionDate",
			"Submitter",
		},
		required: []string{"SubmissionId", "NetworkMessageId", "Recipient", "Submitter"},
	},
	"URL": {identifiers: []string{"Url"}, required: []string{"Url"}},
}

// entityNames are the names of the types, sorted.
var entityNames = func() []string {
	names := map[string]bool{}
	for name := range entityTypes {
		names[name] = true
	}
	return sorted(names)
}()

// nearName is the name of a list that a word was most likely meant to be;
// empty when there is none.
func nearName(word string, names []string) string {
	meant := near.Word(word, names)
	if near.Distance(near.Fold(word), near.Fold(meant)) > 2 {
		return ""
	}
	return meant
}
