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
	parsed, err := cron.ParseStandard(expression)
	schedule, fields := parsed.(*cron.SpecSchedule)
	if err != nil || !fields || croniter.Check(expression, from) != nil {
		return "", nil, false
	}
	at := from.UTC()
	for range count {
		if at = schedule.Next(at); at.IsZero() {
			break
		}
		next = append(next, at)
	}
	return said(expression, schedule), next, true
}

// aliases are those that both CronSchedule and the scheduler take, with the
// expressions that they stand for (core/schedule.py:CronSchedule, robfig/cron's
// parser.go:parseDescriptor).
var aliases = map[string]string{
	"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
	"@annually": "0 0 1 1 *", "@yearly": "0 0 1 1 *",
}

// said is a schedule of five fields in words.
func said(expression string, schedule *cron.SpecSchedule) string {
	if meant := aliases[expression]; meant != "" {
		expression = meant
	}
	fields := strings.Fields(expression)
	text := clock(fields[0], fields[1])
	day, month, weekday := fields[2], fields[3], fields[4]
	var days []string
	if !every(day) {
		days = append(days, "on "+listed(day, "day", values(schedule.Dom, 31), nil)+" of the month")
	}
	if !every(weekday) {
		days = append(days, "on "+listed(weekday, "", values(schedule.Dow, 6), weekdays))
	}
	switch {
	case len(days) > 0:
		text += ", " + strings.Join(days, " or ")
	case every(month) && !strings.HasPrefix(text, "every") && !strings.Contains(text, "hour"):
		text += ", every day"
	}
	if !every(month) {
		text += ", in " + listed(month, "", values(schedule.Month, 12), months)
	}
	return text
}

// every tells whether a field takes any value: robfig/cron's parser.go:getRange.
func every(field string) bool {
	return field == "*" || field == "?" || field == "*/1" || field == "?/1"
}

// values are the numbers up to max that a field takes.
func values(bits uint64, max int) []int {
	var all []int
	for n := range max + 1 {
		if bits&(1<<n) != 0 {
			all = append(all, n)
		}
	}
	return all
}

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
		for part := range strings.SplitSeq(hour, ",") {
			h, _ := number(part)
			times = append(times, fmt.Sprintf("%02d:%02d", h, m))
		}
		return "at " + joined(times)
	}
	text := ""
	switch step, ok := stepOf(minute); {
	case every(minute):
		text = "every minute"
	case ok && 60%step == 0:
		text = fmt.Sprintf("every %d minutes", step)
	case ok:
		text = fmt.Sprintf("at every %s minute", ordinal(step))
	default:
		text = "at " + listed(minute, "minute", nil, nil)
	}
	switch step, ok := stepOf(hour); {
	case every(hour) && strings.HasPrefix(text, "at"):
		text += " of every hour"
	case every(hour):
	case ok:
		text += fmt.Sprintf(" of every %s hour", ordinal(step))
	default:
		text += " of " + listed(hour, "hour", nil, nil)
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
	weekdays = []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	months   = []string{"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
)

// listed is a field in words: "days 1 to 5 and 10". One with steps names the values
// that it takes, if they are given, and else the steps.
func listed(field, unit string, values []int, names []string) string {
	if step, ok := stepOf(field); ok && unit == "day" {
		return fmt.Sprintf("every %s day, from the 1st on,", ordinal(step))
	}
	texts := strings.Split(field, ",")
	if strings.Contains(field, "/") && values != nil {
		texts = nil
		for _, n := range values {
			texts = append(texts, strconv.Itoa(n))
		}
	}
	for i, part := range texts {
		part, step, stepped := strings.Cut(part, "/")
		from, to, isRange := strings.Cut(part, "-")
		text := named(from, names)
		switch {
		case isRange:
			text += " to " + named(to, names)
		case stepped && part == "*":
			text = "from 0 on"
		case stepped: // robfig/cron's parser.go:getRange
			text += " and on"
		}
		if stepped {
			text += " in steps of " + step
		}
		texts[i] = text
	}
	if _, single := number(field); !single && unit != "" && len(texts) > 0 {
		unit += "s"
	}
	return strings.TrimSpace(unit + " " + joined(texts))
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

// nextTimes is how many times of a schedule are told.
const nextTimes = 5

// Schedule is what a cron expression means, as Markdown, with its next times from a
// moment on: in UTC, as Flyte's scheduler reckons, and in the moment's time zone.
// "" of what isn't taken.
func Schedule(expression string, now time.Time) string {
	said, next, ok := Cron(expression, now, nextTimes)
	if !ok {
		return ""
	}
	var text strings.Builder
	fmt.Fprintf(&text, "`%s`: %s, UTC. Next:\n", expression, said)
	for _, at := range next {
		fmt.Fprintf(&text, "\n- %s", at.Format("Mon 2006-01-02 15:04 MST"))
		if local := at.In(now.Location()); local.Format("15:04 MST") != at.Format("15:04 MST") {
			text.WriteString(" · " + local.Format("Mon 15:04 MST"))
		}
	}
	return text.String()
}
