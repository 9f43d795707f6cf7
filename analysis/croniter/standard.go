package croniter

import (
	"fmt"
	"slices"
	"strings"
)

// Standard is a cron expression of five fields that means the same as one that
// Check takes; false if there is none. A field of which fits says that it may
// stay is left as it is written.
func Standard(expression string, fits func(field int, text string) bool) (string, bool) {
	lower := strings.ToLower(expression)
	if aliases[lower] {
		name := strings.TrimPrefix(lower, "@")
		if name == "days" {
			name = "daily"
		}
		if singular, ok := strings.CutSuffix(name, "s"); ok {
			name = singular + "ly" // hours, weeks, months, years
		}
		return "@" + name, true
	}
	e, err := parse(lower)
	if err != nil || e.random || len(e.nth) > 0 || len(e.nearest) > 0 || e.values[day].last {
		return "", false
	}
	written := strings.Fields(expression)
	if len(e.texts) > second && !(len(e.values[second].set) == 1 && e.values[second].set[0] && !e.values[second].any) ||
		len(e.texts) > year && !e.values[year].any || len(written) != len(e.texts) {
		return "", false
	}
	for i := range written[:second] {
		if !fits(i, written[i]) {
			written[i] = e.values[i].text()
		}
	}
	return strings.Join(written[:second], " "), true
}

// text are the values as a list of numbers and ranges.
func (v values) text() string {
	if v.any {
		return "*"
	}
	all := make([]int, 0, len(v.set))
	for n := range v.set {
		all = append(all, n)
	}
	slices.Sort(all)
	var parts []string
	for i := 0; i < len(all); {
		end := i
		for end+1 < len(all) && all[end+1] == all[end]+1 {
			end++
		}
		switch {
		case end > i+1:
			parts = append(parts, fmt.Sprintf("%d-%d", all[i], all[end]))
		case end > i:
			parts = append(parts, fmt.Sprint(all[i]), fmt.Sprint(all[end]))
		default:
			parts = append(parts, fmt.Sprint(all[i]))
		}
		i = end + 1
	}
	return strings.Join(parts, ",")
}
