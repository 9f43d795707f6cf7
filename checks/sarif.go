package checks

import (
	"io"
	"net/url"

	"github.com/flyte-lsp/flyte-lsp/analysis"
)

// The parts of the Static Analysis Results Interchange Format, version 2.1.0,
// that are written. Names are the standard's.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool               sarifTool                `json:"tool"`
		Language           string                   `json:"language"`
		Invocations        []sarifInvocation        `json:"invocations"`
		OriginalURIBaseIDs map[string]sarifArtifact `json:"originalUriBaseIds"`
		ColumnKind         string                   `json:"columnKind"`
		NewlineSequences   []string                 `json:"newlineSequences"`
		Results            []sarifResult            `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		Language       string      `json:"language"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string       `json:"id"`
		ShortDescription     sarifMessage `json:"shortDescription"`
		FullDescription      sarifMessage `json:"fullDescription"`
		Help                 sarifMessage `json:"help"`
		HelpURI              string       `json:"helpUri"`
		DefaultConfiguration sarifLevel   `json:"defaultConfiguration"`
	}
	sarifLevel struct {
		Level string `json:"level"`
	}
	sarifMessage struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool                `json:"executionSuccessful"`
		Notifications       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifMessage      `json:"message"`
		Locations           []sarifLocation   `json:"locations"`
		RelatedLocations    []sarifLocation   `json:"relatedLocations,omitempty"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPhysical `json:"physicalLocation"`
		Message          *sarifMessage `json:"message,omitempty"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
)

const (
	// sarifRoot names the folder that paths are relative to.
	sarifRoot     = "SRCROOT"
	sarifLanguage = "en-US"
)

var sarifLevels = map[string]string{"error": "error", "warning": "warning", "hint": "note"}

func writeSARIF(to io.Writer, r *Report) error {
	run := sarifRun{
		Tool:               sarifTool{sarifDriver{Name: "flyte-lsp", Version: r.Version, Language: sarifLanguage, InformationURI: analysis.ProjectURL, Rules: []sarifRule{}}},
		Language:           sarifLanguage,
		OriginalURIBaseIDs: map[string]sarifArtifact{sarifRoot: {URI: (&url.URL{Scheme: "file", Path: r.Root + "/"}).String()}},
		ColumnKind:         "unicodeCodePoints",
		NewlineSequences:   []string{"\r\n", "\n", "\r"},
		Results:            []sarifResult{},
	}
	invocation := sarifInvocation{ExecutionSuccessful: true}
	index := map[string]int{}
	for _, file := range r.Files {
		if file.Err != nil {
			invocation.ExecutionSuccessful = false
			invocation.Notifications = append(invocation.Notifications, sarifNotification{
				Level: "error", Message: sarifMessage{Text: file.Err.Error()}, Locations: []sarifLocation{r.sarifLocation(file.Path, nil)},
			})
		}
		fingerprints := r.fingerprints(file)
		for i, found := range file.Findings {
			rule := found.diagnostic.Rule
			if _, listed := index[rule.Code]; !listed {
				index[rule.Code] = len(run.Tool.Driver.Rules)
				run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(rule))
			}
			result := sarifResult{
				RuleID: found.Code, RuleIndex: index[rule.Code], Level: sarifLevels[found.Severity],
				Message:             sarifMessage{Text: found.Message},
				Locations:           []sarifLocation{r.sarifLocation(file.Path, &found)},
				PartialFingerprints: map[string]string{"flyteLspFinding/v1": fingerprints[i]},
			}
			for _, related := range found.diagnostic.Related {
				at := findingAt(related.File, related.Span)
				location := r.sarifLocation(related.File.Path, &at)
				location.Message = &sarifMessage{Text: related.Message}
				result.RelatedLocations = append(result.RelatedLocations, location)
			}
			run.Results = append(run.Results, result)
		}
	}
	run.Invocations = []sarifInvocation{invocation}
	return encode(to, sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

func sarifRuleOf(rule *analysis.Rule) sarifRule {
	return sarifRule{
		ID:                   rule.Code,
		ShortDescription:     sarifMessage{Text: rule.Summary},
		FullDescription:      sarifMessage{Text: rule.Details, Markdown: rule.Details},
		Help:                 sarifMessage{Text: rule.Details, Markdown: rule.Details},
		HelpURI:              rule.URL(),
		DefaultConfiguration: sarifLevel{sarifLevels[rule.Severity.String()]},
	}
}

// sarifLocation is a finding's place in a file, or the whole file.
func (r *Report) sarifLocation(path string, at *Finding) sarifLocation {
	var location sarifLocation
	named := r.path(path)
	artifact := &location.PhysicalLocation.ArtifactLocation
	if named == path { // it lies outside of the root
		artifact.URI = (&url.URL{Scheme: "file", Path: path}).String()
	} else {
		artifact.URI, artifact.URIBaseID = (&url.URL{Path: named}).String(), sarifRoot
	}
	if at != nil {
		location.PhysicalLocation.Region = &sarifRegion{at.Line, at.Column, at.EndLine, at.EndColumn}
	}
	return location
}
