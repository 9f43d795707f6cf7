package typeengine

import (
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// moment is the moment that an object of datetime's classes is.
func (c *conversion) moment(v *pyeval.Instance) (pyeval.Moment, error) {
	if m, ok := pyeval.MomentOf(v); ok {
		return m, nil
	}
	return pyeval.Moment{}, unknown("the moment that %s is isn't known", describe(v))
}

// iso is the moment's isoformat().
func (c *conversion) iso(v *pyeval.Instance) (string, error) {
	m, err := c.moment(v)
	if err != nil {
		return "", err
	}
	text, ok := m.ISO("T")
	if !ok {
		return "", farFrom(m)
	}
	return text, nil
}

func farFrom(m pyeval.Moment) error {
	return unknown("how far from UTC %s is isn't known", describe(m.Zone))
}

// utc is the moment as flytekit sends it. A naive one is one of the machine's
// zone (models/literals.py, Primitive.to_flyte_idl).
func utc(m pyeval.Moment) (*timestamppb.Timestamp, error) {
	if m.Zone == nil {
		w := m.Wall
		return timestamppb.New(time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), time.Local)), nil
	}
	offset, ok := m.Offset()
	if !ok {
		return nil, farFrom(m)
	}
	return timestamppb.New(m.Wall.Add(-offset)), nil
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
	stamp, err := utc(m)
	if err != nil {
		return nil, err
	}
	return primitive(&core.Primitive{Value: &core.Primitive_Datetime{Datetime: stamp}}), nil
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
