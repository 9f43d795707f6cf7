package checks

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// Report is what a look at files gives, in the order in which they were named.
type Report struct {
	Files []Checked
	// Root is the folder that CI systems take paths to be relative to: the
	// repository's.
	Root string
	// Version is the program's.
	Version string
}

// Format writes a report in one form.
type Format func(io.Writer, *Report) error

// Formats are the forms that a report has, by name.
var Formats = map[string]Format{
	"text":   writeText,
	"json":   writeJSON,
	"github": writeGitHub,
	"gitlab": writeGitLab,
	"junit":  writeJUnit,
	"sarif":  writeSARIF,
}

// FormatNames are the names of the formats, in order.
func FormatNames() []string {
	return []string{"text", "json", "github", "gitlab", "junit", "sarif"}
}

// Root is the folder that a CI system takes paths to be relative to, as it
// tells in its environment, else the working folder.
func Root(getenv func(string) string) (string, error) {
	for _, variable := range []string{"GITHUB_WORKSPACE", "CI_PROJECT_DIR"} {
		if folder := getenv(variable); folder != "" {
			return filepath.Abs(folder)
		}
	}
	return filepath.Abs(".")
}

// Findings are those of all files.
func (r *Report) Findings() []Finding {
	findings := []Finding{}
	for _, file := range r.Files {
		findings = append(findings, file.Findings...)
	}
	return findings
}

// Failed tells whether there is an error, or a file that can't be read.
func (r *Report) Failed() bool {
	for _, file := range r.Files {
		if file.Err != nil || file.errors() > 0 {
			return true
		}
	}
	return false
}

// Problems are files that can't be read, and what is wrong in the settings of
// projects, each told once.
func (r *Report) Problems() []string {
	var problems []string
	told := map[string]bool{}
	for _, file := range r.Files {
		if file.Err != nil {
			problems = append(problems, file.Err.Error())
		}
		for _, wrong := range file.settings {
			line, column := place(wrong.Source, wrong.Span.Start)
			problem := fmt.Sprintf("%s:%d:%d: %s", wrong.Path, line, column, wrong.Message)
			if !told[problem] {
				told[problem] = true
				problems = append(problems, problem)
			}
		}
	}
	return problems
}

// Gone counts the findings that the baseline has, and the files not any more.
func (r *Report) Gone() int {
	gone := 0
	for _, file := range r.Files {
		gone += file.Gone
	}
	return gone
}

// Summary says how much was found: "2 errors and 1 hint in 14 files".
func (r *Report) Summary() string {
	count := map[string]int{}
	for _, found := range r.Findings() {
		count[found.Severity]++
	}
	var parts []string
	for _, severity := range []string{"error", "warning", "hint"} {
		if n := count[severity]; n > 0 {
			parts = append(parts, counted(n, severity))
		}
	}
	if len(parts) == 0 {
		return "nothing found in " + counted(len(r.Files), "file")
	}
	last := len(parts) - 1
	text := parts[last]
	if last > 0 {
		text = strings.Join(parts[:last], ", ") + " and " + text
	}
	return text + " in " + counted(len(r.Files), "file")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// path is a file's path for a CI system: relative to the root, with slashes.
func (r *Report) path(path string) string {
	if relative, err := filepath.Rel(r.Root, path); err == nil && filepath.IsLocal(relative) {
		path = relative
	}
	return filepath.ToSlash(path)
}

// fingerprints identify the findings of a file over commits: they stay the
// same when lines move.
func (r *Report) fingerprints(file Checked) []string {
	seen := map[string]int{}
	all := make([]string, len(file.Findings))
	for i, found := range file.Findings {
		text := strings.Join([]string{r.path(file.Path), found.Code, found.text, found.Message}, "\x00")
		seen[text]++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", text, seen[text]))
		all[i] = hex.EncodeToString(sum[:16])
	}
	return all
}

func (c *Checked) errors() int {
	n := 0
	for _, found := range c.Findings {
		if found.Severity == "error" {
			n++
		}
	}
	return n
}
