package pyeval

import (
	"fmt"
	"math/big"
	"slices"
	"time"
)

// The classes of moments.
const (
	datetimeClass = "datetime.datetime"
	dateClass     = "datetime.date"
	timeClass     = "datetime.time"
)

// Moment is what an object of datetime's classes datetime, date or time says.
type Moment struct {
	// Kind is the class: "datetime.datetime", "datetime.date" or
	// "datetime.time".
	Kind string
	// Wall is what calendar and clock show, as if they were UTC's. A time is one
	// of 1900-01-01.
	Wall time.Time
	// Zone is its tzinfo, nil of a naive one.
	Zone Value
}

// momentFields are the parameters of the classes' constructors.
var momentFields = []string{"year", "month", "day", "hour", "minute", "second", "microsecond"}

// fieldsOf are the parameters that the class of a kind takes, before tzinfo.
func fieldsOf(kind string) []string {
	switch kind {
	case datetimeClass:
		return momentFields
	case dateClass:
		return momentFields[:3]
	case timeClass:
		return momentFields[3:]
	}
	return nil
}

// MomentOf is the moment that a value is; false if it is none, or none that is
// known.
func MomentOf(value Value) (Moment, bool) {
	i, ok := value.(*Instance)
	if !ok || i.Open {
		return Moment{}, false
	}
	class, ok := i.Class.(*Native)
	if !ok || fieldsOf(class.Name) == nil {
		return Moment{}, false
	}
	m := Moment{Kind: class.Name, Wall: time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)}
	return m.with(i.Args, i.Keywords, m.Kind != timeClass)
}

// with is the moment with other fields, given as its class takes them. all: the
// date has to be among them.
func (m Moment) with(args []Value, keywords []Named, all bool) (Moment, bool) {
	w := m.Wall
	values := []int{w.Year(), int(w.Month()), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond() / 1000}
	names := fieldsOf(m.Kind)
	given := 0
	set := func(name string, value Value) bool {
		if name == "tzinfo" && m.Kind != dateClass {
			if m.Zone = value; value == Value(None{}) {
				m.Zone = nil
			}
			return true
		}
		n, ok := integer(value)
		if !ok || !n.IsInt64() || !slices.Contains(names, name) {
			return false
		}
		at := slices.Index(momentFields, name)
		if at < 3 {
			given++
		}
		values[at] = int(min(max(n.Int64(), -1), 1_000_000))
		return true
	}
	for n, arg := range args {
		name := "tzinfo"
		if n < len(names) {
			name = names[n]
		}
		if n > len(names) || !set(name, arg) {
			return m, false
		}
	}
	for _, keyword := range keywords {
		if !set(keyword.Name, keyword.Value) {
			return m, false
		}
	}
	m.Wall = time.Date(values[0], time.Month(values[1]), values[2], values[3], values[4], values[5], values[6]*1000, time.UTC)
	w = m.Wall
	same := slices.Equal(values, []int{w.Year(), int(w.Month()), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond() / 1000})
	return m, same && values[0] >= 1 && values[0] <= 9999 && (!all || given == 3)
}

// value is the object that is the moment.
func (m Moment) value(f *Frame) Value {
	w := m.Wall
	all := []int{w.Year(), int(w.Month()), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond() / 1000}
	i := &Instance{Class: &Native{Name: m.Kind}, owned: f.own()}
	for n, name := range momentFields {
		if slices.Contains(fieldsOf(m.Kind), name) {
			i.Args = append(i.Args, NewInt(int64(all[n])))
		}
	}
	if m.Zone != nil {
		i.Args = append(i.Args, m.Zone)
	}
	return i
}

// Offset is how far from UTC the moment's zone is then; false if that isn't
// known.
func (m Moment) Offset() (time.Duration, bool) {
	if isNative(m.Zone, "datetime.timezone.utc") || isNative(m.Zone, "pytz.utc") || isNative(m.Zone, "pytz.UTC") {
		return 0, true
	}
	zone, ok := m.Zone.(*Instance)
	if !ok || zone.Open {
		return 0, false
	}
	call := &Call{Keywords: zone.Keywords}
	for _, arg := range zone.Args {
		call.Args = append(call.Args, Named{Value: arg})
	}
	switch {
	case isNative(zone.Class, "datetime.timezone"):
		if delta, ok := Timedelta(call.Value(0, "offset", nil)); ok && delta.IsInt64() {
			offset := time.Duration(delta.Int64()) * time.Microsecond
			return offset, offset > -24*time.Hour && offset < 24*time.Hour
		}
	case isNative(zone.Class, "zoneinfo.ZoneInfo"):
		if key, ok := call.Value(0, "key", nil).(Str); ok {
			if location, err := time.LoadLocation(string(key)); err == nil {
				return m.offsetIn(location), true
			}
		}
	}
	return 0, false
}

// offsetIn is how far a place is from UTC when its clocks show the moment: of
// one that they show twice, or never, before they are changed (PEP 495).
func (m Moment) offsetIn(place *time.Location) time.Duration {
	at := func(instant time.Time) time.Duration {
		_, seconds := instant.In(place).Zone()
		return time.Duration(seconds) * time.Second
	}
	before, after := at(m.Wall.Add(-24*time.Hour)), at(m.Wall.Add(24*time.Hour))
	if at(m.Wall.Add(-before)) != before && at(m.Wall.Add(-after)) == after {
		return after
	}
	return before
}

// instant is the moment on a line on which moments of its kind are ordered;
// false if that isn't known.
func (m Moment) instant() (time.Time, bool) {
	if m.Zone == nil {
		return m.Wall, true
	}
	offset, known := m.Offset()
	return m.Wall.Add(-offset), known
}

// ISO is isoformat(), with what stands between date and time; false if it isn't
// known.
func (m Moment) ISO(between string) (string, bool) {
	date := m.Wall.Format("2006-01-02")
	if m.Kind == dateClass {
		return date, true
	}
	clock := m.Wall.Format("15:04:05")
	if m.Wall.Nanosecond() != 0 {
		clock = m.Wall.Format("15:04:05.000000")
	}
	if m.Zone != nil {
		offset, known := m.Offset()
		if !known || m.Kind == timeClass && !fixed(m.Zone) {
			return "", false
		}
		clock += offsetText(offset, ":")
	}
	if m.Kind == timeClass {
		return clock, true
	}
	return date + between + clock, true
}

// fixed tells whether a zone has the same offset at all times.
func fixed(zone Value) bool {
	i, object := zone.(*Instance)
	return !object || isNative(i.Class, "datetime.timezone")
}

func offsetText(offset time.Duration, colon string) string {
	sign := "+"
	if offset < 0 {
		sign, offset = "-", -offset
	}
	text := fmt.Sprintf("%s%02d%s%02d", sign, int(offset.Hours()), colon, int(offset.Minutes())%60)
	if seconds := offset % time.Minute; seconds != 0 {
		text += fmt.Sprintf("%s%02d", colon, int(seconds.Seconds()))
		if micro := seconds % time.Second; micro != 0 {
			text += fmt.Sprintf(".%06d", micro.Microseconds())
		}
	}
	return text
}

// shifted is the moment some microseconds later; false beyond the years that
// Python knows.
func (m Moment) shifted(by *big.Int) (Moment, bool) {
	if m.Kind == dateClass {
		by = wholeDays(by)
	}
	sum := new(big.Int).Add(big.NewInt(m.Wall.UnixMicro()), by)
	if !sum.IsInt64() {
		return m, false
	}
	m.Wall = time.UnixMicro(sum.Int64()).UTC()
	return m, m.Wall.Year() >= 1 && m.Wall.Year() <= 9999
}

// wholeDays is what a date takes of a timedelta: its days.
func wholeDays(microseconds *big.Int) *big.Int {
	day := big.NewInt(deltaUnits[0].microseconds)
	return new(big.Int).Mul(day, floorDiv(microseconds, day))
}

// since is m - other in microseconds; false where it isn't known or Python
// raises a TypeError.
func (m Moment) since(other Moment) (*big.Int, bool) {
	if m.Kind != other.Kind || m.Kind == timeClass || (m.Zone == nil) != (other.Zone == nil) {
		return nil, false
	}
	a, b := m.Wall, other.Wall
	if m.Zone != nil && !sameObject(m.Zone, other.Zone) {
		var known1, known2 bool
		a, known1 = m.instant()
		b, known2 = other.instant()
		// Of one zone the clocks' difference counts, whoever made the zone.
		if !known1 || !known2 || !fixed(m.Zone) && !fixed(other.Zone) {
			return nil, false
		}
	}
	return new(big.Int).Sub(big.NewInt(a.UnixMicro()), big.NewInt(b.UnixMicro())), true
}

// compareDates orders timedeltas and moments; false where they have no order
// that is known.
func compareDates(a, b Value) (order int, known bool) {
	if x, ok := Timedelta(a); ok {
		y, ok := Timedelta(b)
		if !ok {
			return 0, false
		}
		return x.Cmp(y), true
	}
	x, ok1 := MomentOf(a)
	y, ok2 := MomentOf(b)
	if !ok1 || !ok2 || x.Kind != y.Kind || (x.Zone == nil) != (y.Zone == nil) {
		return 0, false
	}
	if x.Zone != nil {
		difference, known := x.since(y)
		if !known {
			return 0, false
		}
		return difference.Sign(), true
	}
	return x.Wall.Compare(y.Wall), true
}
