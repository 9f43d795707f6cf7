package analysis

import (
	"errors"
	"strings"
)

// Select returns the codes that patterns stand for, as a person types them: a
// code, the beginning of codes with "*" at its end, or their first words
// without. The error names a pattern that stands for none, and the code that
// it may have been meant for.
func Select(patterns []string) (map[string]bool, error) {
	selected := map[string]bool{}
	for _, pattern := range patterns {
		codes := codesOf(pattern)
		if len(codes) == 0 && !strings.HasSuffix(pattern, "*") {
			codes = codesOf(pattern + "-*")
		}
		if len(codes) == 0 {
			return nil, errors.New(unknownCode(pattern))
		}
		for _, code := range codes {
			selected[code] = true
		}
	}
	return selected, nil
}

// ProjectURL is where the project is at home.
const ProjectURL = "https://github.com/flyte-lsp/flyte-lsp"

// URL is the address of the rule's page.
func (r *Rule) URL() string { return ProjectURL + "/blob/main/docs/rules/" + r.Code + ".md" }
