package lint

// registry has every check. Order does not matter; Checks sorts by id.
var registry = []*Check{
	syntaxCheck,
	unreadableCheck,
	suppressionCheck,

	noisyPathCheck,
	missingExclusionCheck,

	requiredAttributeCheck,
	invalidAttributeCheck,
	unknownAttributeCheck,
	modifiedBeforeDateCheck,

	correlationCheck,
	undefinedSelectionCheck,
	unusedSelectionCheck,
	modifierCombinationCheck,
	genericLogsourceCheck,
	fieldCaseCheck,
	controlCharacterCheck,
	matchAllValueCheck,
	regularExpressionCheck,
	caseSensitiveCheck,

	unknownTechniqueCheck,
	revokedTechniqueCheck,
	deprecatedTechniqueCheck,
	tacticTechniqueCheck,
	unknownTacticCheck,
	retiredTacticCheck,
	threatMappingCheck,
	tacticTagCheck,
	attackVersionCheck,
	tagFormatCheck,
	duplicateTagCheck,

	severityRiskScoreCheck,
	ruleScheduleCheck,
	eventSourceCheck,
	newTermsCheck,
	esqlMetadataCheck,
	deprecatedStateCheck,
	timestampOverrideCheck,

	unresolvedMacroCheck,
	unresolvedLookupCheck,
	missingFilterMacroCheck,
	riskFieldCheck,
	unknownDataSourceCheck,
	duplicateDefinitionCheck,

	gluedValueCheck,
	cutValueCheck,
	lowercaseOperatorCheck,
	bareTermCheck,
	quotedMacroCheck,
	unquotedTextCheck,
	entityMappingCheck,
	missingCommaCheck,
	singleEqualsCheck,

	duplicateIDCheck,
	duplicateTitleCheck,
	duplicateFilenameCheck,
	filenameLengthCheck,
	unknownRuleReferenceCheck,

	changedIDCheck,
	staleVersionCheck,
}
