package checks

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// writeText writes a line for each finding, as compilers write places.
func writeText(to io.Writer, r *Report) error {
	var text strings.Builder
	for _, found := range r.Findings() {
		fmt.Fprintln(&text, found)
	}
	_, err := io.WriteString(to, text.String())
	return err
}

// String is the finding as a line of text.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s %s %s", f.place(), f.Line, f.Column, f.Severity, f.Code, strings.ReplaceAll(f.Message, "\n", " "))
}

// place is the file, with the cell of a notebook.
func (f Finding) place() string {
	if f.Cell == 0 {
		return f.File
	}
	return fmt.Sprintf("%s:cell %d", f.File, f.Cell)
}

func writeJSON(to io.Writer, r *Report) error { return encode(to, r.Findings()) }

func encode(to io.Writer, value any) error {
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// gitHubCommands are the workflow commands that annotate a file, and
// gitHubData and gitHubProperty escape what is written in them
// (actions/toolkit, packages/core/src/command.ts).
var (
	gitHubCommands = map[string]string{"error": "error", "warning": "warning", "hint": "notice"}
	gitHubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	gitHubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// writeGitHub writes workflow commands, which GitHub Actions shows at the lines
// of a pull request.
func writeGitHub(to io.Writer, r *Report) error {
	var text strings.Builder
	for _, file := range r.Files {
		name := gitHubProperty.Replace(r.path(file.Path))
		if file.Err != nil {
			fmt.Fprintf(&text, "::error file=%s,title=flyte-lsp::%s\n", name, gitHubData.Replace(file.Err.Error()))
		}
		for _, found := range file.Findings {
			fmt.Fprintf(&text, "::%s file=%s,line=%d,endLine=%d", gitHubCommands[found.Severity], name, found.Line, found.EndLine)
			if found.Line == found.EndLine { // columns of several lines are refused
				fmt.Fprintf(&text, ",col=%d,endColumn=%d", found.Column, found.EndColumn)
			}
			fmt.Fprintf(&text, ",title=%s::%s\n", gitHubProperty.Replace(found.Code), gitHubData.Replace(found.String()))
		}
	}
	_, err := io.WriteString(to, text.String())
	return err
}

// gitLabIssue is a finding in GitLab's code quality report (GitLab's
// documentation, "Code Quality report format").
type gitLabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitLabLocation `json:"location"`
}

type gitLabLocation struct {
	Path      string          `json:"path"`
	Lines     map[string]int  `json:"lines"`
	Positions gitLabPositions `json:"positions"`
}

type gitLabPositions struct {
	Begin gitLabPosition `json:"begin"`
	End   gitLabPosition `json:"end"`
}

type gitLabPosition struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

var gitLabSeverities = map[string]string{"error": "major", "warning": "minor", "hint": "info"}

func writeGitLab(to io.Writer, r *Report) error {
	issues := []gitLabIssue{}
	for _, file := range r.Files {
		fingerprints := r.fingerprints(file)
		for i, found := range file.Findings {
			issues = append(issues, gitLabIssue{
				Description: found.Message,
				CheckName:   found.Code,
				Fingerprint: fingerprints[i],
				Severity:    gitLabSeverities[found.Severity],
				Location: gitLabLocation{
					Path:  r.path(file.Path),
					Lines: map[string]int{"begin": found.Line, "end": found.EndLine},
					Positions: gitLabPositions{
						Begin: gitLabPosition{found.Line, found.Column},
						End:   gitLabPosition{found.EndLine, found.EndColumn},
					},
				},
			})
		}
	}
	return encode(to, issues)
}

// jUnitSuites is a report as JUnit has it: a suite for each file, a case for
// each finding, of which errors are failures. A file without findings is a case
// that passes.
type jUnitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []jUnitSuite `xml:"testsuite"`
}

type jUnitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Cases    []jUnitCase `xml:"testcase"`
}

type jUnitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *jUnitProblem `xml:"failure"`
	Error   *jUnitProblem `xml:"error"`
	Out     string        `xml:"system-out,omitempty"`
}

type jUnitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func writeJUnit(to io.Writer, r *Report) error {
	all := jUnitSuites{Name: "flyte-lsp"}
	for _, file := range r.Files {
		suite := jUnitSuiteOf(r.path(file.Path), file)
		all.Tests, all.Failures, all.Errors = all.Tests+suite.Tests, all.Failures+suite.Failures, all.Errors+suite.Errors
		all.Suites = append(all.Suites, suite)
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(to, "%s%s\n", xml.Header, text)
	return err
}

func jUnitSuiteOf(path string, file Checked) jUnitSuite {
	suite := jUnitSuite{Name: path, Failures: file.errors()}
	one := jUnitCase{Name: "flyte-lsp check", Class: path, File: path}
	if file.Err != nil {
		suite.Errors = 1
		one.Error = &jUnitProblem{Message: file.Err.Error(), Type: "unreadable"}
	}
	if len(file.Findings) == 0 {
		suite.Cases = []jUnitCase{one}
	}
	for _, found := range file.Findings {
		one := jUnitCase{Name: found.Code, Class: path, File: path, Line: found.Line}
		if found.Severity == "error" {
			one.Failure = &jUnitProblem{Message: found.Message, Type: found.Severity, Text: found.String()}
		} else {
			one.Out = found.String()
		}
		suite.Cases = append(suite.Cases, one)
	}
	suite.Tests = len(suite.Cases)
	return suite
}
