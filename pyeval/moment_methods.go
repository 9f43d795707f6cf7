package pyeval

import (
	"math/big"
	"slices"
	"time"
)

func init() {
	for _, kind := range []string{datetimeClass, dateClass, timeClass} {
		behaviour := Behaviour{Class: true, Member: momentMember}
		if kind == datetimeClass {
			behaviour.Bases = []string{dateClass}
		}
		pythonNatives[kind] = behaviour
		pythonNatives[kind+".fromisoformat"] = Behaviour{Call: func(f *Frame, c *Call) Value {
			if text, ok := c.Value(0, "date_string", c.Value(0, "time_string", nil)).(Str); ok {
				if m, ok := parseISO(kind, string(text), f.Program().finder.Version()); ok {
					return m.value(f)
				}
			}
			return nil
		}}
	}
	pythonNatives["datetime.timedelta"] = Behaviour{Class: true, Member: deltaMember}
	for name, call := range map[string]func(*Frame, *Call) Value{
		"datetime.combine": combine, "datetime.strptime": parseTime, "datetime.fromtimestamp": fromTimestamp,
		"datetime.fromordinal": fromOrdinal(datetimeClass), "date.fromordinal": fromOrdinal(dateClass),
	} {
		pythonNatives["datetime."+name] = Behaviour{Call: call}
	}
	day := func(kind string, year, month, day int64, rest ...Value) Value {
		return &Instance{Class: &Native{Name: kind}, Args: append([]Value{NewInt(year), NewInt(month), NewInt(day)}, rest...)}
	}
	last := []Value{NewInt(23), NewInt(59), NewInt(59), NewInt(999_999)}
	constants["datetime.datetime.min"] = day(datetimeClass, 1, 1, 1)
	constants["datetime.datetime.max"] = day(datetimeClass, 9999, 12, 31, last...)
	constants["datetime.date.min"] = day(dateClass, 1, 1, 1)
	constants["datetime.date.max"] = day(dateClass, 9999, 12, 31)
	constants["datetime.time.min"] = &Instance{Class: &Native{Name: timeClass}}
	constants["datetime.time.max"] = &Instance{Class: &Native{Name: timeClass}, Args: last}
}

// momentMember is an attribute of a datetime, date or time.
func momentMember(_ *Frame, self *Instance, name string) Value {
	m, ok := MomentOf(self)
	if !ok {
		return nil
	}
	part, known := momentParts[name]
	if known && slices.Contains(fieldsOf(m.Kind), name) {
		return NewInt(int64(part(m.Wall)))
	}
	if name == "tzinfo" && m.Kind != dateClass {
		if m.Zone == nil {
			return None{}
		}
		return m.Zone
	}
	if _, ok := momentMethods["moment."+name]; ok {
		return &boundMethod{"moment." + name, self}
	}
	return nil
}

var momentParts = map[string]func(time.Time) int{
	"year": time.Time.Year, "month": func(t time.Time) int { return int(t.Month()) }, "day": time.Time.Day,
	"hour": time.Time.Hour, "minute": time.Time.Minute, "second": time.Time.Second,
	"microsecond": func(t time.Time) int { return t.Nanosecond() / 1000 },
}

// momentMethods are the methods of datetimes, dates and times that are known.
var momentMethods = map[string]func(*Frame, Value, *Call) Value{
	"moment.replace": onMoment(func(f *Frame, m Moment, c *Call) Value {
		var args []Value
		for _, arg := range c.Args {
			args = append(args, arg.Value)
		}
		if replaced, ok := m.with(args, c.Keywords, false); ok {
			return replaced.value(f)
		}
		return nil
	}),
	"moment.isoformat": onMoment(func(_ *Frame, m Moment, c *Call) Value {
		between, ok := c.Value(0, "sep", Str("T")).(Str)
		if !ok || len(c.Keywords) > 0 && c.Keywords[0].Name != "sep" || len(c.Args) > 1 || len(c.Args) > 0 && m.Kind == timeClass {
			return nil
		}
		return known(m.ISO(string(between)))
	}),
	"moment.strftime": onMoment(func(_ *Frame, m Moment, c *Call) Value {
		if format, ok := c.Value(0, "format", nil).(Str); ok {
			return known(m.format(string(format)))
		}
		return nil
	}),
	"moment.date": onDatetime(func(f *Frame, m Moment) Value {
		return Moment{dateClass, m.Wall.Truncate(24 * time.Hour), nil}.value(f)
	}),
	"moment.time": onDatetime(func(f *Frame, m Moment) Value {
		return Moment{timeClass, m.Wall, nil}.value(f)
	}),
	"moment.weekday":    onDay(func(day time.Time) int64 { return int64(day.Weekday()+6) % 7 }),
	"moment.isoweekday": onDay(func(day time.Time) int64 { return int64(day.Weekday()+6)%7 + 1 }),
	"moment.toordinal":  onDay(ordinal),
	"moment.timestamp": onDatetime(func(_ *Frame, m Moment) Value {
		instant, known := m.instant()
		if m.Zone == nil || !known {
			return nil
		}
		seconds, _ := new(big.Rat).SetFrac64(instant.UnixMicro(), 1_000_000).Float64()
		return Float(seconds)
	}),
	"moment.astimezone": onMoment(func(f *Frame, m Moment, c *Call) Value {
		instant, known := m.instant()
		to := Moment{m.Kind, instant, c.Value(0, "tz", nil)}
		if m.Zone == nil || !known || to.Zone == nil || !fixed(to.Zone) || m.Kind != datetimeClass {
			return nil
		}
		offset, known := to.Offset()
		if to.Wall = to.Wall.Add(offset); !known || to.Wall.Year() < 1 || to.Wall.Year() > 9999 {
			return nil
		}
		return to.value(f)
	}),
}

func known(text string, ok bool) Value {
	if !ok {
		return nil
	}
	return Str(text)
}

func onMoment(method func(*Frame, Moment, *Call) Value) func(*Frame, Value, *Call) Value {
	return func(f *Frame, self Value, c *Call) Value {
		m, ok := MomentOf(self)
		if !ok {
			return nil
		}
		return method(f, m, c)
	}
}

func onDay(number func(day time.Time) int64) func(*Frame, Value, *Call) Value {
	return onMoment(func(_ *Frame, m Moment, _ *Call) Value {
		if m.Kind == timeClass {
			return nil
		}
		return NewInt(number(m.Wall))
	})
}

func onDatetime(method func(*Frame, Moment) Value) func(*Frame, Value, *Call) Value {
	return onMoment(func(f *Frame, m Moment, _ *Call) Value {
		if m.Kind != datetimeClass {
			return nil
		}
		return method(f, m)
	})
}

// ordinal is the number of a day, 0001-01-01 being 1.
func ordinal(t time.Time) int64 { return t.Unix()/86_400 - firstDay + 1 }

var firstDay = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix() / 86_400

func fromOrdinal(kind string) func(*Frame, *Call) Value {
	return func(f *Frame, c *Call) Value {
		n, ok := integer(c.Value(0, "", nil))
		if !ok || !n.IsInt64() || n.Int64() < 1 || n.Int64() > 3_652_059 {
			return nil
		}
		return Moment{kind, time.Unix((n.Int64()+firstDay-1)*86_400, 0).UTC(), nil}.value(f)
	}
}

// combine is datetime.combine.
func combine(f *Frame, c *Call) Value {
	date, ok1 := MomentOf(c.Value(0, "date", nil))
	clock, ok2 := MomentOf(c.Value(1, "time", nil))
	if !ok1 || !ok2 || date.Kind == timeClass || clock.Kind != timeClass {
		return nil
	}
	d, t := date.Wall, clock.Wall
	m := Moment{datetimeClass, time.Date(d.Year(), d.Month(), d.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC), clock.Zone}
	if zone, given := c.Arg(2, "tzinfo"); given {
		if m.Zone = zone.Value; m.Zone == Value(None{}) {
			m.Zone = nil
		}
	}
	return m.value(f)
}

// fromTimestamp is datetime.fromtimestamp of whole seconds in a zone that is
// always as far from UTC: without one, it is the machine's.
func fromTimestamp(f *Frame, c *Call) Value {
	seconds, ok := integer(c.Value(0, "", nil))
	m := Moment{Kind: datetimeClass, Zone: c.Value(1, "tz", None{})}
	if !ok || !seconds.IsInt64() || !fixed(m.Zone) {
		return nil
	}
	offset, known := m.Offset()
	m.Wall = time.Unix(seconds.Int64(), 0).UTC().Add(offset)
	if !known || m.Wall.Year() < 1 || m.Wall.Year() > 9999 {
		return nil
	}
	return m.value(f)
}
