package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Record writes reports to a file, one a line, and Recorded reads them again, so
// that a corpus that takes long to import is imported once.
func Record(path string, reports []Report) error {
	var text bytes.Buffer
	lines := json.NewEncoder(&text)
	lines.SetEscapeHTML(false)
	for _, report := range reports {
		if err := lines.Encode(report); err != nil {
			return fmt.Errorf("record flytekit's answer for %s: %w", report.File, err)
		}
	}
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("record flytekit's answers: %w", err)
	}
	return nil
}

// Recorded reads what Record wrote.
func Recorded(path string) ([]Report, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read flytekit's recorded answers: %w", err)
	}
	defer file.Close()
	var reports []Report
	for lines := json.NewDecoder(file); ; {
		var report Report
		switch err := lines.Decode(&report); err {
		case nil:
			reports = append(reports, report)
		case io.EOF:
			return reports, nil
		default:
			return nil, fmt.Errorf("read flytekit's recorded answers in %s: %w", path, err)
		}
	}
}

// Cause is a group of differences that have one origin.
type Cause struct {
	Text        string
	Differences []Difference
}

// ByCause groups differences, the largest group first.
func ByCause(differences []Difference) []Cause {
	groups := map[string]*Cause{}
	for _, difference := range differences {
		text := difference.Cause()
		if groups[text] == nil {
			groups[text] = &Cause{Text: text}
		}
		groups[text].Differences = append(groups[text].Differences, difference)
	}
	var causes []Cause
	for _, cause := range groups {
		causes = append(causes, *cause)
	}
	slices.SortFunc(causes, func(a, b Cause) int {
		if by := len(b.Differences) - len(a.Differences); by != 0 {
			return by
		}
		return strings.Compare(a.Text, b.Text)
	})
	return causes
}
