package analysis

import "strings"

// listed names some things in a sentence: "a, b and c".
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// nameOf is the last part of a canonical name.
func nameOf(canonical string) string { return canonical[strings.LastIndexByte(canonical, '.')+1:] }
