package kql

import "github.com/detlint/detlint/parsers/query"

// transparent are the functions that change only the case, the type or the
// white space around a value.
var transparent = words(`tolower toupper tostring toint tolong toreal todouble todecimal tobool toboolean todatetime
totimespan totime toguid todynamic toobject trim trim_start trim_end parse_json parsejson`)

// parsing are those of them that a path may begin with and that then stay as
// written.
var parsing = words(`parse_json parsejson todynamic toobject`)

// ifExists name a column in a string.
var ifExists = words(`column_ifexists columnifexists`)

// clocks are the functions that make a time.
var clocks = words(`ago now datetime_add startofday startofweek startofmonth startofyear endofday endofweek endofmonth
endofyear make_datetime make_timespan`)

// times are the functions that make a time of a constant.
var times = words("todatetime totimespan totime")

// picking are the aggregates that return a value of one row as it is.
var picking = words(`any take_any anyif take_anyif arg_max arg_min argmax argmin`)

// presence are the functions that ask whether a value is there, with true when
// they ask whether it is not.
var presence = map[string]bool{
	"isnotempty": false, "notempty": false, "isnotnull": false, "notnull": false, "isempty": true, "isnull": true,
}

// aggregateNames are the prefixes of the columns that aggregates name
// themselves, where that is not the name of the function.
var aggregateNames = map[string]string{
	"make_set": "set", "makeset": "set", "make_list": "list", "makelist": "list", "make_bag": "bag", "make_dictionary": "bag",
	"make_set_if": "set", "make_list_if": "list", "make_bag_if": "bag", "take_any": "", "take_anyif": "",
	"arg_max": "max", "arg_min": "min", "argmax": "max", "argmin": "min",
}

// networks are the functions that ask whether an address is in a network.
var networks = words(`ipv4_is_in_range ipv6_is_in_range ipv4_is_in_any_range ipv6_is_in_any_range`)

// asimTimes are the parameters of ASIM parsers that filter nothing but time,
// or nothing at all.
var asimTimes = words(`starttime endtime disabled pack`)

// scalars are functions that a query may consist of and that are no tables.
var scalars = words(`iff iif case strcat split bin pack pack_array bag_pack dynamic coalesce array_concat range now ago
toscalar datetime_diff rand row_number set_union set_difference array_length strlen extract replace replace_string
base64_decode_tostring repeat format_datetime`)

// fileProfile has the columns that FileProfile of Defender XDR adds.
var fileProfile = map[string][]string{
	"fileprofile": {
		"GlobalPrevalence", "GlobalFirstSeen", "GlobalLastSeen", "Signer", "Issuer", "SignerHash", "IsCertificateValid",
		"IsRootSignerMicrosoft", "SignatureState", "IsExecutable", "ThreatName", "Publisher", "SoftwareName", "ProfileAvailability",
	},
	"devicefromip": {"IP", "DeviceId"},
}

// inventories are tables that say what there is rather than what happened;
// rules look things up in them.
var inventories = words(`IdentityInfo DeviceInfo DeviceNetworkInfo ConfidentialWatchlist UserAccessAnalytics
UserPeerAnalytics Heartbeat`)

// asimColumns are the columns that the parameters of ASIM parsers filter by,
// from Microsoft's reference of the ASIM schemas.
var asimColumns = map[string]string{
	"responsecodename": "EventResultDetails", "domain_has_any": "DnsQuery", "response_has_ipv4": "DnsResponseName",
	"response_has_any_prefix": "DnsResponseName", "srcipaddr": "SrcIpAddr", "srcipaddr_has_any_prefix": "SrcIpAddr",
	"dstipaddr_has_any_prefix": "DstIpAddr", "dstportnumber": "DstPortNumber", "hostname_has_any": "Hostname",
	"dvcaction": "DvcAction", "eventresult": "EventResult", "eventresultdetails_in": "EventResultDetails",
	"eventresultdetails_has_any": "EventResultDetails", "eventtype": "EventType", "eventtype_in": "EventType",
	"url_has_any": "Url", "httpuseragent_has_any": "HttpUserAgent", "commandline_has_any": "CommandLine",
	"commandline_has_all": "CommandLine", "actingprocess_has_any": "ActingProcessName",
	"targetprocess_has_any": "TargetProcessName", "parentprocess_has_any": "ParentProcessName",
	"targetusername_has": "TargetUsername", "actorusername_has": "ActorUsername", "username_has_any": "TargetUsername",
	"targetusername_has_any": "TargetUsername", "actorusername_has_any": "ActorUsername",
	"dvchostname_has_any": "DvcHostname", "srchostname_has_any": "SrcHostname", "dvcipaddr_has_any_prefix": "DvcIpAddr",
	"targetfilepath_has_any": "TargetFilePath", "srcfilepath_has_any": "SrcFilePath", "hashes_has_any": "Hash",
	"registrykey_has_any": "RegistryKey", "registryvalue_has_any": "RegistryValue",
	"registryvaluedata_has_any": "RegistryValueData", "registrydata_has_any": "RegistryValueData",
	"targetappname_has_any": "TargetAppName",
}

// through are the functions that bare leaves out, after those in already.
func through(e expr, already string) string {
	switch e := e.(type) {
	case *group:
		return through(e.item, already)
	case *named:
		return through(e.value, already)
	case *call:
		if len(e.args) == 1 && transparent[e.function] {
			return query.Through(e.function, through(e.args[0], already))
		}
	}
	return already
}
