// Package croniter tells which cron expressions flytekit's CronSchedule takes:
// those that the Python library croniter 7 can parse, and of which it finds a
// next moment within 50 years (flytekit's core/schedule.py:CronSchedule,
// croniter's croniter._expand and croniter._calc_next).
package croniter

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Check returns why CronSchedule refuses an expression at a moment: nil if it
// takes it.
func Check(expression string, now time.Time) error {
	lower := strings.ToLower(expression)
	if aliases[lower] {
		return nil
	}
	e, err := parse(lower)
	if err != nil {
		return err
	}
	if !e.random && !e.hasNext(now.UTC()) {
		return fmt.Errorf("it never comes: no day in the next %d years is one of these", maxYears)
	}
	return nil
}

// aliases are CronSchedule._VALID_CRON_ALIASES, and those that croniter knows.
var aliases = func() map[string]bool {
	all := map[string]bool{"@midnight": true}
	for _, name := range []string{"hourly", "daily", "weekly", "monthly", "annually", "yearly"} {
		all[name], all["@"+name] = true, true
	}
	for _, name := range []string{"hours", "days", "weeks", "months", "years"} {
		all[name] = true
	}
	return all
}()

// The fields, in their order. The last two are in no crontab.
const (
	minute = iota
	hour
	day
	month
	weekday
	second
	year
)

// field says what one field takes.
type field struct {
	name     string
	min, max int
	all      int // as many values stand for all
	words    []string
}

var fields = [...]field{
	{name: "minute", max: 59, all: 60},
	{name: "hour", max: 23, all: 24},
	{name: "day of month", min: 1, max: 31, all: 31},
	{name: "month", min: 1, max: 12, all: 12, words: []string{"", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{name: "day of week", max: 6, all: 7, words: []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
	{name: "second", max: 59, all: 60},
	{name: "year", min: 1970, max: 2099, all: 130},
}

// expression is a parsed one.
type expression struct {
	texts  []string // the fields as they are written
	values []values
	// nth are the n-th weekdays of a month: 0 is the last.
	nth map[int][]int
	// nearest are the days of the month whose nearest weekday is meant.
	nearest []int
	// random: a field is drawn by lot.
	random bool
}

// values are what one field may be.
type values struct {
	any  bool // `*`
	last bool // the last day of the month
	set  map[int]bool
}

func (v values) has(n int) bool { return v.any || v.set[n] }

// largest is the largest of the values.
func (v values) largest(of int) int {
	if v.any {
		return of
	}
	most := 0
	for n := range v.set {
		most = max(most, n)
	}
	return most
}

var (
	hashed = regexp.MustCompile(`^(h|r)(?:\(([0-9]+)-([0-9]+)\))?(?:/([0-9]+))?$`)
	ranged = regexp.MustCompile(`^([^-]+)-([^-/]+)(?:/([0-9]+))?$`)
	isNth  = regexp.MustCompile(`^(?:(` + both(4) + `|` + both(3) + `|\w+)#|l)([0-9]+)$`)
	isNear = regexp.MustCompile(`^(?:([0-9]+)w|w([0-9]+))$`)
	digits = regexp.MustCompile(`^[0-9]+$`)
)

// both matches a word of a field, or a range of two.
func both(field int) string {
	words := strings.TrimPrefix(strings.Join(fields[field].words, "|"), "|")
	return `(?:` + words + `)(?:-(?:` + words + `))?`
}

func parse(text string) (*expression, error) {
	e := &expression{nth: map[int][]int{}}
	e.texts = strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n\r\f\v", r) })
	if n := len(e.texts); n < 5 || n > 7 {
		return nil, fmt.Errorf("it has %d fields: minute, hour, day of month, month and day of week are wanted", n)
	}
	for i, text := range e.texts {
		text, err := e.draw(i, text)
		if err != nil {
			return nil, err
		}
		if strings.Contains(text, "?") {
			if text != "?" || i != day && i != weekday {
				return nil, fmt.Errorf("? stands alone, for any day of the month or any day of the week, and not in %q", text)
			}
			text = "*"
		}
		if err := e.list(i, text); err != nil {
			return nil, err
		}
	}
	return e, e.checkNth()
}

// draw is a field in place of an expression that has the value hashed (h) or
// drawn by lot (r).
func (e *expression) draw(i int, text string) (string, error) {
	m := hashed.FindStringSubmatch(text)
	if m == nil {
		return text, nil
	}
	if m[1] == "h" {
		return "", fmt.Errorf("%q in the field %s is hashed, for which flytekit gives no key", text, fields[i].name)
	}
	e.random = true
	if m[2] != "" {
		from, okFrom := number(m[2])
		to, okTo := number(m[3])
		if !okFrom || !okTo || from >= to {
			return "", fmt.Errorf("the range of %q ends before it begins", text)
		}
		for _, bound := range []int{from, to} {
			if err := inRange(i, alias(i, bound)); err != nil {
				return "", err
			}
		}
	}
	if step, ok := number(m[4]); m[4] != "" && (!ok || step == 0) {
		return "", fmt.Errorf("the step of %q must be 1 at least", text)
	}
	return "*", nil
}

// list takes the elements of a field, from the last.
func (e *expression) list(i int, text string) error {
	found := values{set: map[int]bool{}}
	count := 0 // of the elements that were taken
	seen := map[string]bool{}
	left := strings.Split(text, ",")
	for len(left) > 0 {
		element := left[len(left)-1]
		left = left[:len(left)-1]
		nth := -1
		if m := isNth.FindStringSubmatch(element); i == weekday && m != nil {
			if m[1] != "" {
				n, ok := number(m[2])
				if !ok || n < 1 || n > 5 {
					return fmt.Errorf("%q: a month has no %s. of a weekday", element, m[2])
				}
				element, nth = m[1], n
			} else {
				element, nth = m[2], 0
			}
		}
		if m := isNear.FindStringSubmatch(element); i == day && m != nil {
			n, ok := number(m[1] + m[2])
			if !ok || n < 1 || n > 31 {
				return fmt.Errorf("%q is near no day of a month", element)
			}
			if len(left) > 0 || count > 0 {
				return fmt.Errorf("%q must be the only one in its field", element)
			}
			e.nearest = append(e.nearest, n)
			found.set[n] = true
			count++
			continue
		}
		more, isRange, err := e.span(i, element)
		if err != nil {
			return err
		}
		if isRange {
			for _, n := range more {
				one := strconv.Itoa(n)
				if nth > 0 {
					one += "#" + strconv.Itoa(nth)
				}
				if !seen[one] {
					left = append(left, one)
					seen[one] = true
				}
			}
			continue
		}
		if err := e.single(i, element, nth, &found); err != nil {
			return err
		}
		count++
	}
	all := len(found.set) == fields[i].all && !found.any && !found.last
	if all && !(i == day && !strings.Contains(e.texts[weekday], "*") || i == weekday && !strings.Contains(e.texts[day], "*")) {
		found = values{any: true}
	}
	e.values = append(e.values, found)
	return nil
}

// single takes one value.
func (e *expression) single(i int, text string, nth int, found *values) error {
	if text == "*" {
		found.any = true
		return nil
	}
	if text == "l" && i == day {
		found.last = true
		return nil
	}
	if strings.Contains(text, "/") {
		return fmt.Errorf("%q in the field %s is no number or name with a step", text, fields[i].name)
	}
	n, err := value(i, text)
	if err != nil {
		return err
	}
	n = alias(i, n)
	if err := inRange(i, n); err != nil {
		return err
	}
	found.set[n] = true
	if i == weekday && nth >= 0 {
		e.nth[n] = append(e.nth[n], nth)
	}
	return nil
}

// span are the values of a range or a step; false if it is neither.
func (e *expression) span(i int, text string) ([]int, bool, error) {
	f := fields[i]
	written := text
	if rest, ok := strings.CutPrefix(text, "*/"); ok && rest != "" {
		text = fmt.Sprintf("%d-%d/%s", f.min, f.max, rest)
	}
	m := ranged.FindStringSubmatch(text)
	started := false
	if m == nil {
		if slash := strings.LastIndexByte(text, '/'); slash > 0 && slash < len(text)-1 {
			m = ranged.FindStringSubmatch(fmt.Sprintf("%s-%d/%s", text[:slash], f.max, text[slash+1:]))
			started = m != nil
		}
	}
	if m == nil {
		return nil, false, nil
	}
	if i == day && m[2] == "l" {
		m[2] = "31"
	}
	low, err := value(i, m[1])
	if err != nil {
		return nil, false, err
	}
	high, err := value(i, m[2])
	if err != nil {
		return nil, false, err
	}
	step := 1
	if m[3] != "" {
		var ok bool
		if step, ok = number(m[3]); !ok || step == 0 {
			return nil, false, fmt.Errorf("the step of %q must be 1 at least", written)
		}
	}
	low, high = alias(i, low), alias(i, high)
	if most := max(low, high); most > f.max {
		return nil, false, inRange(i, most)
	}
	switch {
	case started && low == high:
		return []int{low}, true, nil
	case low == high:
		low, high = f.min, f.max
	case low > high:
		return wrapped(f, low, high, step), true, nil
	}
	return steps(low, high, step), true, nil
}

// wrapped are the values of a range that goes over the field's end.
func wrapped(f field, low, high, step int) []int {
	values := steps(low, f.max, step)
	skip := 0
	last := values[len(values)-1]
	if position := last - f.min; position+step > f.max-f.min+1 && f.max-last < step {
		skip = step - (f.max - last)
	}
	return append(values, steps(f.min+skip, high, step)...)
}

func steps(low, high, step int) []int {
	var values []int
	for n := low; n <= high; n += step {
		values = append(values, n)
	}
	return values
}

// value is a number or a name.
func value(i int, text string) (int, error) {
	if n, ok := number(text); ok {
		return n, nil
	}
	if n := slices.Index(fields[i].words, text); n >= 0 && text != "" {
		return n, nil
	}
	return 0, fmt.Errorf("%q is no value of the field %s", text, fields[i].name)
}

// number is the value of digits, or the largest there is.
func number(text string) (int, bool) {
	const (
		most    = 4300 // digits that Python's int() takes
		largest = 1 << 30
	)
	if !digits.MatchString(text) || len(text) > most {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	if err != nil || n > largest {
		n = largest
	}
	return n, true
}

// alias is 0 of Sunday's 7.
func alias(i, n int) int {
	if i == weekday && n == 7 {
		return 0
	}
	return n
}

func inRange(i, n int) error {
	if f := fields[i]; n < f.min || n > f.max {
		return fmt.Errorf("the %s %d is out of range %d-%d", f.name, n, f.min, f.max)
	}
	return nil
}

// checkNth refuses weekdays beside n-th ones.
func (e *expression) checkNth() error {
	days := e.values[weekday]
	if len(e.nth) == 0 || days.any && len(days.set) == 0 {
		return nil
	}
	distinct := len(days.set)
	if days.any {
		distinct++
	}
	for n := range days.set {
		if e.nth[n] == nil && distinct != 7 {
			return fmt.Errorf("weekdays of each week and those of one (# or L) can't stand together")
		}
	}
	return nil
}

// maxYears bounds croniter's search.
const maxYears = 50

// hasNext tells whether there is a moment after now.
func (e *expression) hasNext(now time.Time) bool {
	from := now.Add(time.Minute).Truncate(time.Minute)
	if len(e.texts) > second {
		from = now.Add(time.Second).Truncate(time.Second)
	}
	days, weekdays := e.values[day], e.values[weekday]
	if days.any || weekdays.any {
		return e.search(from, days, weekdays)
	}
	// Either of the two is enough, but neither frees the other of n-th and
	// nearest weekdays.
	byDay := e.search(from, days, values{any: true})
	byWeekday := e.search(from, values{any: true}, weekdays)
	if len(e.nth) > 0 || len(e.nearest) > 0 {
		return byDay && byWeekday
	}
	return byDay || byWeekday
}

func (e *expression) search(from time.Time, days, weekdays values) bool {
	for y := from.Year(); y <= from.Year()+maxYears; y++ {
		if len(e.texts) > year && !e.values[year].has(y) {
			continue
		}
		for m := 1; m <= 12; m++ {
			if !e.values[month].has(m) || y == from.Year() && m < int(from.Month()) {
				continue
			}
			first := time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
			length := first.AddDate(0, 1, -1).Day()
			for d := 1; d <= length; d++ {
				if e.isOn(d, length, int(first.Weekday()), days, weekdays) && !e.past(first.AddDate(0, 0, d-1), from) {
					return true
				}
			}
		}
	}
	return false
}

// isOn tells whether a day of a month is one of the expression's. first is the
// weekday of the month's first.
func (e *expression) isOn(d, length, first int, days, weekdays values) bool {
	on := (first + d - 1) % 7
	if len(e.nearest) > 0 {
		if !slices.ContainsFunc(e.nearest, func(n int) bool { return nearestWeekday(n, length, first) == d }) {
			return false
		}
	} else if !days.has(d) && !(days.last && d == length) {
		return false
	}
	if len(e.nth) == 0 {
		return weekdays.has(on)
	}
	return slices.ContainsFunc(e.nth[on], func(n int) bool { return n == (d+6)/7 || n == 0 && d+7 > length })
}

// nearestWeekday is the day of a month from Monday to Friday that is nearest to
// one.
func nearestWeekday(d, length, first int) int {
	d = min(d, length)
	switch (first + d - 1) % 7 {
	case 6:
		if d > 1 {
			return d - 1
		}
		return d + 2
	case 0:
		if d < length {
			return d + 1
		}
		return d - 2
	}
	return d
}

// past tells that all moments of a day are before another moment.
func (e *expression) past(at, from time.Time) bool {
	last := time.Duration(e.values[hour].largest(23))*time.Hour + time.Duration(e.values[minute].largest(59))*time.Minute
	if len(e.texts) > second {
		last += time.Duration(e.values[second].largest(59)) * time.Second
	}
	return at.Add(last).Before(from)
}
