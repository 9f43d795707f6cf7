package typeengine

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// errShape says that an object of another dataclass has the fields of the one
// that is wanted, so that flytekit takes it.
var errShape = &UnknownError{Reason: "how an object of another class with equal fields is written isn't known"}

// otherDataclass says why an object of another class isn't taken for a
// dataclass (DataclassTransformer.assert_type), or that it may be.
func (c *conversion) otherDataclass(v *pyeval.Instance, class *pyeval.Class) error {
	own, ok := c.resolve(v.Class).(*pyeval.Class)
	if !ok || !c.isDataclass(own) {
		return rejectedAs("constant-dataclass", "must be called with a dataclass type or instance")
	}
	has, err := c.fields(own)
	if err != nil {
		return err
	}
	expected, err := c.fields(class)
	if err != nil {
		return err
	}
	equal := len(has) == len(expected)
	for _, f := range expected {
		i := slices.IndexFunc(has, func(g *field) bool { return g.name == f.name })
		if i >= 0 {
			equal = equal && c.reprOr(has[i].of) == c.reprOr(f.of)
			continue
		}
		for _, g := range has {
			if !slices.ContainsFunc(expected, func(f *field) bool { return f.name == g.name }) {
				return rejectedAs("constant-dataclass", "Field '%s' is not present in the expected dataclass fields %s", g.name, class.Name)
			}
		}
		return rejectedAs("constant-dataclass", "'%s' object has no attribute '%s'", own.Name, f.name)
	}
	if equal {
		return errShape
	}
	return unknown("whether %s is taken for %s isn't known", describe(v), class.Name)
}

// DictFor says why flytekit doesn't take a dict for a dataclass or a pydantic
// model when it runs a workflow locally: a *RejectedError, nil if it may take it
// (DataclassTransformer.assert_type). When a workflow is compiled it takes any
// dict.
func (e *Engine) DictFor(f *pyeval.Frame, t pyeval.Value, dict *pyeval.Dict) error {
	c := &conversion{Engine: e, frame: f}
	tr, err := c.transformer(t)
	if err != nil {
		return nil
	}
	class, ok := c.underlying(t).(*pyeval.Class)
	switch {
	case !ok:
		return nil
	case tr == pydanticTransformer:
		return rejectedAs("constant-dataclass", "'dict' object has no attribute 'model_dump_json'")
	case tr != dataclassTransformer || dict.Open:
		return nil
	}
	return c.dictFor(class, dict)
}

func (c *conversion) dictFor(class *pyeval.Class, dict *pyeval.Dict) error {
	fields, err := c.fields(class)
	if err != nil {
		return nil
	}
	postponed := class.Module != nil && class.Module.FutureAnnotations
	given := map[string]pyeval.Value{}
	for _, item := range dict.Items {
		key, ok := c.resolve(item.Key).(pyeval.Str)
		if !ok {
			return nil
		}
		given[string(key)] = c.resolve(item.Value)
	}
	for _, f := range fields {
		if f.pseudo {
			delete(given, f.name)
			continue
		}
		value, ok := given[f.name]
		delete(given, f.name)
		switch of, optional := c.withoutNone(f.of); {
		case !ok && optional && !postponed:
		case !ok:
			return rejectedAs("constant-dataclass", "The original fields are missing the following keys from the dataclass fields: ['%s']", f.name)
		case postponed:
			return rejectedAs("constant-dataclass", "Type of Val '%s' is not an instance of %s: the module postpones annotations", c.typeOf(value), c.reprOr(f.of))
		default:
			if err := c.entryFor(of, value); err != nil {
				return err
			}
		}
	}
	for name := range given {
		return rejectedAs("constant-dataclass", "The original fields have the following extra keys that are not in dataclass fields: ['%s']", name)
	}
	return nil
}

// entryFor says why a value in a dict isn't taken for a field: only values
// whose class is the field's type are.
func (c *conversion) entryFor(of, value pyeval.Value) error {
	switch v := value.(type) {
	case pyeval.None, pyeval.Bool, pyeval.Int, pyeval.Float, pyeval.Str:
		if native := nativeName(of); native == "" || c.typeOf(value) == c.reprOr(of) {
			return nil
		}
	case *pyeval.List:
		if alias, ok := of.(*pyeval.Alias); !ok || nativeName(c.resolve(alias.Origin)) != "builtins.list" {
			return nil
		}
	case *pyeval.Dict:
		switch of := of.(type) {
		case *pyeval.Class:
			if c.isDataclass(of) && !v.Open {
				return c.dictFor(of, v)
			}
			return nil
		case *pyeval.Alias:
			if nativeName(c.resolve(of.Origin)) != "builtins.dict" {
				return nil
			}
		default:
			return nil
		}
	default:
		return nil
	}
	return rejectedAs("constant-dataclass", "Type of Val '%s' is not an instance of %s", c.typeOf(value), c.reprOr(of))
}

// withoutNone is a type without the None that it may be.
func (c *conversion) withoutNone(t pyeval.Value) (of pyeval.Value, optional bool) {
	union, ok := c.resolve(t).(*pyeval.Union)
	if !ok {
		return c.resolve(t), false
	}
	for _, arg := range union.Args {
		if _, none := arg.(pyeval.None); none {
			optional = true
		} else if of == nil {
			of = c.resolve(arg)
		}
	}
	if len(union.Args) > 2 || !optional {
		of = union
	}
	return of, optional
}
