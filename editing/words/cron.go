// Package words says in words what texts mean that Flyte reads: cron expressions,
// quantities of resources, names of images.
package words

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/flyte-lsp/flyte-lsp/analysis/croniter"
)

// Cron says when a cron expression fires, and the next times from a moment on, in
// UTC, as Flyte's scheduler reckons. False of one that flytekit or the scheduler
// doesn't take.
func Cron(expression string, from time.Time, count int) (text string, next []time.Time, ok bool) {
	schedule, err := cron.ParseStandard(expression)
	if err != nil || !aliased(expression) && croniter.Check(expression, from) != nil {
		return "", nil, false
	}
	at := from.UTC()
	for range count {
		if at = schedule.Next(at); at.IsZero() {
			break
		}
		next = append(next, at)
	}
	return said(expression), next, true
}

// aliases are the names that CronSchedule takes besides (core/schedule.py:
// CronSchedule._VALID_CRON_ALIASES), with the expressions that they stand for.
var aliases = map[string]string{
	"hourly": "0 * * * *", "hours": "0 * * * *", "@hourly": "0 * * * *",
	"daily": "0 0 * * *", "days": "0 0 * * *", "@daily": "0 0 * * *",
	"weekly": "0 0 * * 0", "weeks": "0 0 * * 0", "@weekly": "0 0 * * 0",
	"monthly": "0 0 1 * *", "months": "0 0 1 * *", "@monthly": "0 0 1 * *",
	"annually": "0 0 1 1 *", "@annually": "0 0 1 1 *", "yearly": "0 0 1 1 *", "years": "0 0 1 1 *", "@yearly": "0 0 1 1 *",
}

func aliased(expression string) bool { return aliases[expression] != "" }

// said is an expression of five fields in words.
func said(expression string) string {
	if meant := aliases[expression]; meant != "" {
		expression = meant
	}
	fields := strings.Fields(expression)
	if len(fields) != 5 {
		return expression
	}
	text := clock(fields[0], fields[1])
	day, month, weekday := fields[2], fields[3], fields[4]
	var days []string
	if !every(day) {
		days = append(days, "on "+listed(day, "day", "days", nil)+" of the month")
	}
	if !every(weekday) {
		days = append(days, "on "+listed(weekday, "", "", weekdays))
	}
	switch {
	case len(days) > 0:
		text += ", " + strings.Join(days, " or ")
	case every(month) && !strings.HasPrefix(text, "every") && !strings.Contains(text, "hour"):
		text += ", every day"
	}
	if !every(month) {
		text += ", in " + listed(month, "", "", months)
	}
	return text
}

func every(field string) bool { return field == "*" || field == "?" }

// clock is the time of the day.
func clock(minute, hour string) string {
	m, fixedMinute := number(minute)
	h, fixedHour := number(hour)
	switch {
	case fixedMinute && fixedHour:
		return fmt.Sprintf("at %02d:%02d", h, m)
	case every(minute) && every(hour):
		return "every minute"
	case fixedMinute && allNumbers(hour):
		var times []string
		for _, part := range strings.Split(hour, ",") {
			h, _ := number(part)
			times = append(times, fmt.Sprintf("%02d:%02d", h, m))
		}
		return "at " + joined(times)
	}
	text := ""
	switch step, ok := stepOf(minute); {
	case every(minute):
		text = "every minute"
	case ok:
		text = fmt.Sprintf("every %d minutes", step)
	default:
		text = "at " + listed(minute, "minute", "minutes", nil)
	}
	switch step, ok := stepOf(hour); {
	case every(hour) && strings.HasPrefix(text, "at"):
		text += " of every hour"
	case every(hour):
	case ok:
		text += fmt.Sprintf(" of every %s hour", ordinal(step))
	default:
		text += " of " + listed(hour, "hour", "hours", nil)
	}
	return text
}

func number(field string) (int, bool) {
	n, err := strconv.Atoi(field)
	return n, err == nil
}

func allNumbers(field string) bool {
	return !slices.ContainsFunc(strings.Split(field, ","), func(part string) bool { _, ok := number(part); return !ok })
}

// stepOf is n of "*/n".
func stepOf(field string) (int, bool) {
	rest, ok := strings.CutPrefix(field, "*/")
	if !ok {
		return 0, false
	}
	return number(rest)
}

func ordinal(n int) string {
	switch {
	case n%100/10 != 1 && n%10 == 1:
		return fmt.Sprintf("%dst", n)
	case n%100/10 != 1 && n%10 == 2:
		return fmt.Sprintf("%dnd", n)
	case n%100/10 != 1 && n%10 == 3:
		return fmt.Sprintf("%drd", n)
	}
	return fmt.Sprintf("%dth", n)
}

var (
	weekdays = []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	months   = []string{"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
)

// listed is a field with its parts in words: "days 1 to 5 and 10".
func listed(field, one, many string, names []string) string {
	parts := strings.Split(field, ",")
	texts := make([]string, len(parts))
	for i, part := range parts {
		part, step, stepped := strings.Cut(part, "/")
		from, to, isRange := strings.Cut(part, "-")
		text := named(from, names)
		switch {
		case part == "*":
			text = "all"
		case isRange:
			text += " to " + named(to, names)
		}
		if stepped {
			text += " in steps of " + step
		}
		texts[i] = text
	}
	label := many
	if _, single := number(field); single {
		label = one
	}
	return strings.TrimSpace(label + " " + joined(texts))
}

// named is a number or a name of three letters in full.
func named(part string, names []string) string {
	if n, ok := number(part); ok && n < len(names) {
		return names[n]
	}
	for _, name := range names {
		if len(part) == 3 && name != "" && strings.EqualFold(part, name[:3]) {
			return name
		}
	}
	return part
}

func joined(texts []string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:len(texts)-1], ", ") + " and " + texts[len(texts)-1]
}
