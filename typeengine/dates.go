package typeengine

import (
	"fmt"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// moment is a date, a time of day or both.
type moment struct {
	kind                                          string // "datetime.datetime", "datetime.date" or "datetime.time"
	year, month, day, hour, minute, second, micro int
	// offset is the distance from UTC, nil of a naive one.
	offset *time.Duration
}

// moment reads the object that a call of datetime.datetime, .date or .time made.
func (c *conversion) moment(v *pyeval.Instance) (moment, error) {
	m := moment{kind: nativeName(c.resolve(v.Class))}
	names := []string{"year", "month", "day", "hour", "minute", "second", "microsecond"}
	parts := []*int{&m.year, &m.month, &m.day, &m.hour, &m.minute, &m.second, &m.micro}
	switch m.kind {
	case "datetime.date":
		names, parts = names[:3], parts[:3]
	case "datetime.time":
		names, parts = names[3:], parts[3:]
		m.year, m.month, m.day = 1900, 1, 1
	}
	cannot := unknown("the moment that %s is isn't known", describe(v))
	switch m.kind {
	case "datetime.datetime", "datetime.date", "datetime.time":
	default:
		return m, cannot
	}
	if v.Open {
		return m, cannot
	}
	known := 0
	for i, name := range names {
		given := argument(v, i, name, nil)
		if given == nil {
			continue
		}
		known++
		n, ok := c.resolve(given).(pyeval.Int)
		if !ok || !n.IsInt64() {
			return m, cannot
		}
		*parts[i] = int(n.Int64())
	}
	if m.kind != "datetime.time" && (known < 3 || m.year < 1 || m.year > 9999) {
		return m, cannot
	}
	zone := argument(v, len(names), "tzinfo", pyeval.None{})
	if m.kind == "datetime.date" {
		return m, nil
	}
	if _, none := c.resolve(zone).(pyeval.None); none {
		return m, nil
	}
	offset, err := c.offset(c.resolve(zone), m)
	m.offset = &offset
	return m, err
}

// offset is how far from UTC a zone is at a moment.
func (c *conversion) offset(zone pyeval.Value, m moment) (time.Duration, error) {
	name, call := c.callee(zone)
	switch {
	case name == "datetime.timezone.utc" || name == "datetime.UTC" || name == "pytz.utc" || name == "pytz.UTC":
		return 0, nil
	case name == "datetime.timezone" && call != nil:
		if delta, ok := c.resolve(argument(call, 0, "offset", pyeval.None{})).(*pyeval.Instance); ok {
			microseconds, err := c.microseconds(delta)
			return time.Duration(microseconds) * time.Microsecond, err
		}
	case name == "zoneinfo.ZoneInfo" && call != nil:
		if key, ok := c.resolve(argument(call, 0, "key", pyeval.None{})).(pyeval.Str); ok {
			if location, err := time.LoadLocation(string(key)); err == nil {
				_, seconds := m.in(location).Zone()
				return time.Duration(seconds) * time.Second, nil
			}
		}
	}
	return 0, unknown("how far from UTC %s is isn't known", describe(zone))
}

func (m moment) in(location *time.Location) time.Time {
	return time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.second, m.micro*1000, location)
}

// iso is Python's isoformat().
func (m moment) iso() string {
	date := fmt.Sprintf("%04d-%02d-%02d", m.year, m.month, m.day)
	if m.kind == "datetime.date" {
		return date
	}
	clock := fmt.Sprintf("%02d:%02d:%02d", m.hour, m.minute, m.second)
	if m.micro != 0 {
		clock += fmt.Sprintf(".%06d", m.micro)
	}
	if m.offset != nil {
		sign, offset := "+", *m.offset
		if offset < 0 {
			sign, offset = "-", -offset
		}
		clock += fmt.Sprintf("%s%02d:%02d", sign, int(offset.Hours()), int(offset.Minutes())%60)
		if seconds := int(offset.Seconds()) % 60; seconds != 0 {
			clock += fmt.Sprintf(":%02d", seconds)
		}
	}
	if m.kind == "datetime.time" {
		return clock
	}
	return date + "T" + clock
}

// utc is the moment as flytekit sends it. A naive one is one of the machine's
// zone (models/literals.py, Primitive.to_flyte_idl).
func (m moment) utc() *timestamppb.Timestamp {
	if m.offset != nil {
		return timestamppb.New(m.in(time.UTC).Add(-*m.offset))
	}
	return timestamppb.New(m.in(time.Local))
}

func datetimeLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	return c.momentLiteral(t, v, "datetime.datetime")
}

func dateLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	return c.momentLiteral(t, v, "datetime.date")
}

func (c *conversion) momentLiteral(t, v pyeval.Value, class string) (*core.Literal, error) {
	instance, ok := v.(*pyeval.Instance)
	if !ok || nativeName(c.resolve(instance.Class)) != class {
		return nil, c.mismatch(class, t, v)
	}
	m, err := c.moment(instance)
	if err != nil {
		return nil, err
	}
	return primitive(&core.Primitive{Value: &core.Primitive_Datetime{Datetime: m.utc()}}), nil
}

func timedeltaLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	instance, ok := v.(*pyeval.Instance)
	if !ok || nativeName(c.resolve(instance.Class)) != "datetime.timedelta" {
		return nil, c.mismatch("datetime.timedelta", t, v)
	}
	microseconds, err := c.microseconds(instance)
	if err != nil {
		return nil, err
	}
	duration := &durationpb.Duration{
		Seconds: microseconds / 1e6,
		Nanos:   int32(microseconds%1e6) * 1000,
	}
	return primitive(&core.Primitive{Value: &core.Primitive_Duration{Duration: duration}}), nil
}

// microseconds is the length of the timedelta that a call made.
func (c *conversion) microseconds(v *pyeval.Instance) (int64, error) {
	length, ok := pyeval.Timedelta(v)
	if !ok || !length.IsInt64() {
		return 0, unknown("how long %s is isn't known", describe(v))
	}
	return length.Int64(), nil
}
