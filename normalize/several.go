package normalize

import (
	"strings"

	"github.com/detlint/detlint/rule"
)

// several are fields that may hold more than one value at once, so that two
// values of one do not exclude each other: arrays of ECS and of the logs of
// clouds, and fields of Splunk's data models that are documented to be
// multivalued.
var several = wordSet(`
process.args process.parent.args process.env_vars process.ext.ancestry
process.thread.capabilities.effective process.thread.capabilities.permitted
event.category event.type event.module tags
host.ip host.mac host.category source.category destination.category url.category
dns.resolved_ip dns.header_flags dns.answers.data dns.answers.name dns.answers.type
related.ip related.user related.hosts related.hash
user.roles winlog.privileges winlog.keywords winlog.attributes winlog.modified_properties
winlog.allowed_to_delegate_to winlog.service_principal_names winlog.sid_history winlog.sid_list
email.to.address email.attachments.file.extension email.attachments.file.name email.filter.modules
container.image.tag risk.analyticstories risk.annotations.mitre_attack.mitre_tactic
alert.attack_techniques alert.entities kibana.alert.rule.threat.tactic.name
threat.indicator.type threat.indicator.description
aws.cloudtrail.resources.arn aws.cloudtrail.resources.type
azure.auditlogs.properties.additional_details.key azure.auditlogs.properties.additional_details.value
azure.auditlogs.properties.target_resources azure.auditlogs.properties.target_resources.type
azure.auditlogs.properties.target_resources.modified_properties.display_name
azure.auditlogs.properties.target_resources.modified_properties.new_value
azure.signinlogs.properties.authentication_details.succeeded
gcp.audit.request.metadata.ownerreferences.kind google_workspace.parameters
kubernetes.audit.user.groups kubernetes.audit.requestobject.spec.volumes.hostpath.path
kubernetes.audit.requestobject.spec.containers.image
kubernetes.audit.requestobject.spec.containers.securitycontext.privileged
o365.audit.parameters o365.audit.extendedproperties o365.audit.extendedproperties.requesttype
o365.audit.modifiedproperties o365.audit.actor.type o365.audit.target.id o365.audit.target.type
*`)

// severalOf are further such fields in the events of one vendor, by the names
// that its rules have for them. Elastic Defend puts the start, the execution
// and the end of a short-lived process into one event, and a registry value
// into a list of strings; the classic rendering of Windows events has a
// subject and a target with the same names of fields.
var severalOf = map[rule.Vendor]map[string]bool{
	rule.Elastic: wordSet(`event.action registry.data.strings`),
	rule.Splunk:  wordSet(`account_name account_domain security_id logon_id logon_guid`),
}

func wordSet(text string) map[string]bool {
	m := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		m[word] = true
	}
	return m
}

// IsSingle reports whether the values of the field are known to be single, so
// that two different ones exclude each other. Fields that the tables do not
// have, such as the parameters of a cloud API, may be lists; Splunk writes {}
// where a list was.
func (p *Predicate) IsSingle(vendor rule.Vendor) bool {
	return !p.IsSeveral(vendor) && IsCanonical(p.Field)
}

// IsSeveral reports whether the field is known to hold more than one value at
// once. Of a field that the tables do not have neither this nor IsSingle is
// known.
func (p *Predicate) IsSeveral(vendor rule.Vendor) bool {
	further := severalOf[vendor]
	return several[p.Field] || len(further) > 0 && further[strings.ToLower(p.SourceField)] ||
		strings.Contains(p.SourceField, "{}")
}
