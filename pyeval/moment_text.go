package pyeval

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// isoForm is what fromisoformat takes: the form that isoformat gives, and, in
// the groups that end in "new", what it takes since Python 3.11, without weeks.
var isoForm = regexp.MustCompile(`^(?:(?P<date>(\d{4})-(\d\d)-(\d\d)|(?P<datenew>\d{8}))(?P<between>.)?)?` +
	`(?P<clock>(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{3}|\d{6})|(?P<fractionnew>[.,]\d+))?)?)?|(?P<clocknew>\d{4}|\d{6}(?:[.,]\d+)?))?` +
	`(?P<zone>[+-]\d\d:\d\d(?::\d\d(?:\.\d{6})?)?|(?P<zonenew>Z|[+-]\d\d(?:\d\d)?))?$`)

// parseISO is fromisoformat, false for what it isn't known to take.
func parseISO(kind, text string, version [2]int) (Moment, bool) {
	m := Moment{Kind: kind}
	found := isoForm.FindStringSubmatch(text)
	if found == nil {
		return m, false
	}
	part := func(name string) string { return found[isoForm.SubexpIndex(name)] }
	date, clock, zone := part("date"), part("clock"), part("zone")
	if part("datenew")+part("fractionnew")+part("clocknew")+part("zonenew") != "" && version[1] < 11 {
		return m, false
	}
	if (date != "") != (kind != timeClass) || (clock != "") != (part("between") != "") && kind != timeClass ||
		kind == dateClass && clock+zone != "" || kind == timeClass && clock == "" || zone != "" && clock == "" {
		return m, false
	}
	date = strings.ReplaceAll(date, "-", "")
	digits, fraction, _ := strings.Cut(strings.ReplaceAll(strings.ReplaceAll(clock, ":", ""), ",", "."), ".")
	if date == "" {
		date = "19000101"
	}
	wall, err := time.Parse("20060102150405", date+digits+"000000"[min(len(digits), 6):])
	if err != nil || wall.Year() < 1 {
		return m, false
	}
	micro, err := strconv.Atoi((fraction + "000000")[:6])
	if err != nil {
		return m, false
	}
	m.Wall = wall.Add(time.Duration(micro) * time.Microsecond)
	m.Zone = parseOffset(zone)
	return m, true
}

// parseOffset is the timezone of an offset such as "+02:00"; nil of none.
func parseOffset(text string) Value {
	if text == "" {
		return nil
	}
	digits, fraction, _ := strings.Cut(strings.ReplaceAll(strings.TrimLeft(text, "+-Z"), ":", ""), ".")
	unit := []int64{3_600_000_000, 60_000_000, 1_000_000}
	offset := int64(0)
	for i := 0; i+2 <= len(digits) && i < 6; i += 2 {
		n, _ := strconv.ParseInt(digits[i:i+2], 10, 64) // two digits
		offset += n * unit[i/2]
	}
	micro, _ := strconv.ParseInt((fraction + "000000")[:6], 10, 64) // six digits
	if offset += micro; strings.HasPrefix(text, "-") {
		offset = -offset
	}
	if offset == 0 {
		return &Native{Name: "datetime.timezone.utc"}
	}
	delta := &Instance{Class: &Native{Name: "datetime.timedelta"}, Keywords: []Named{{Name: "microseconds", Value: NewInt(offset)}}}
	return &Instance{Class: &Native{Name: "datetime.timezone"}, Args: []Value{delta}}
}

// format is strftime; false for what hangs on the machine.
func (m Moment) format(format string) (string, bool) {
	var b strings.Builder
	w := m.Wall
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		if i++; i == len(format) {
			return "", false
		}
		switch format[i] {
		case '%':
			b.WriteByte('%')
		case 'Y':
			if w.Year() < 1000 {
				return "", false // C libraries differ
			}
			b.WriteString(w.Format("2006"))
		case 'f':
			fmt.Fprintf(&b, "%06d", w.Nanosecond()/1000)
		case 'j':
			fmt.Fprintf(&b, "%03d", w.YearDay())
		case 'z':
			if m.Zone != nil {
				offset, known := m.Offset()
				if !known {
					return "", false
				}
				b.WriteString(offsetText(offset, ""))
			}
		default:
			layout, ok := strftimeLayouts[format[i]]
			if !ok {
				return "", false
			}
			b.WriteString(w.Format(layout))
		}
	}
	return b.String(), true
}

var strftimeLayouts = map[byte]string{
	'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'I': "03", 'p': "PM",
	'b': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday", 'F': "2006-01-02", 'T': "15:04:05",
}

// strptimeParts are what strptime takes for directives (_strptime.py:TimeRE),
// by the field that they give.
var strptimeParts = map[byte][2]string{
	'Y': {"year", `\d\d\d\d`}, 'm': {"month", `1[0-2]|0[1-9]|[1-9]`}, 'd': {"day", `3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9]`},
	'H': {"hour", `2[0-3]|[0-1]\d|\d`}, 'M': {"minute", `[0-5]\d|\d`}, 'S': {"second", `6[0-1]|[0-5]\d|\d`}, 'f': {"microsecond", `[0-9]{1,6}`},
}

// parseTime is datetime.strptime with directives for numbers.
func parseTime(f *Frame, c *Call) Value {
	text, ok1 := c.Value(0, "", nil).(Str)
	format, ok2 := c.Value(1, "", nil).(Str)
	if !ok1 || !ok2 {
		return nil
	}
	var pattern strings.Builder
	fields := map[string]bool{}
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			if format[i] == ' ' {
				pattern.WriteString(`\s+`)
			} else {
				pattern.WriteString(regexp.QuoteMeta(string(format[i : i+1])))
			}
			continue
		}
		i++
		part, ok := strptimeParts[format[i]]
		if !ok || fields[part[0]] {
			return nil
		}
		fields[part[0]] = true
		fmt.Fprintf(&pattern, "(?P<%s>%s)", part[0], part[1])
	}
	form, err := regexp.Compile("^" + pattern.String() + "$")
	if err != nil {
		return nil
	}
	found := form.FindStringSubmatch(string(text))
	if found == nil {
		return nil
	}
	var keywords []Named
	for i, name := range form.SubexpNames() {
		if name == "" {
			continue
		}
		digits := strings.TrimSpace(found[i])
		if name == "microsecond" {
			digits = (digits + "000000")[:6]
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return nil
		}
		keywords = append(keywords, Named{Name: name, Value: NewInt(n)})
	}
	m := Moment{Kind: datetimeClass, Wall: time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)}
	if m, ok := m.with(nil, keywords, false); ok {
		return m.value(f)
	}
	return nil
}
