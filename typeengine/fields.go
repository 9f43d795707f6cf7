package typeengine

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// field is a field of a dataclass, or one of the pseudo-fields that
// dataclasses keeps beside them (ClassVar, InitVar).
type field struct {
	name string
	// of is its type as typing.get_type_hints tells it, Annotated included.
	of pyeval.Value
	// class is the dataclass that defines it.
	class  *pyeval.Class
	pseudo bool
	// foreign: it is none, but the annotation of a base that is no dataclass.
	foreign bool
	init    bool
	// fallback is the default, nil if there is none; factory makes one.
	fallback, factory pyeval.Value
	metadata          *pyeval.Dict
}

func (f *field) required() bool { return f.fallback == nil && f.factory == nil }

// harmless are bases without fields of their own.
var harmless = []string{
	"typing.Generic", "typing.Protocol", "abc.ABC", "builtins.object",
	"dataclasses_json.api.DataClassJsonMixin", "dataclasses_json.DataClassJsonMixin",
	"mashumaro.mixins.json.DataClassJSONMixin", "mashumaro.mixins.dict.DataClassDictMixin",
	"mashumaro.mixins.yaml.DataClassYAMLMixin", "mashumaro.mixins.msgpack.DataClassMessagePackMixin",
	"mashumaro.mixins.orjson.DataClassORJSONMixin",
	"mashumaro.DataClassDictMixin",
}

// fields are the fields of a dataclass in the order of its
// __dataclass_fields__, with their types.
func (c *conversion) fields(class *pyeval.Class) ([]*field, error) {
	// A base brings all fields that it has, those of its own bases too.
	all := map[*pyeval.Class][]*field{}
	for _, base := range slices.Backward(c.linear(class, nil)) {
		switch base := base.(type) {
		case *pyeval.Unknown:
			return nil, unknown("a base class of %s isn't known: %s", class.Name, base.Reason)
		case *pyeval.Native:
			if _, ok := nativeClasses()[base.Name]; !ok && !slices.Contains(harmless, base.Name) {
				return nil, unknown("the fields of %s, from which %s derives, aren't known", base.Name, class.Name)
			}
		case *pyeval.Class:
			own, isDataclass, err := c.ownFields(base)
			if err != nil {
				return nil, err
			}
			var fields []*field
			above := c.linear(base, nil)[1:]
			if isDataclass {
				for _, of := range slices.Backward(above) {
					if of, ok := of.(*pyeval.Class); ok {
						fields = overridden(fields, all[of])
					}
				}
				fields = overridden(fields, own)
			} else {
				for _, of := range above {
					if of, ok := of.(*pyeval.Class); ok && len(all[of]) > 0 {
						fields = all[of]
						break
					}
				}
			}
			all[base] = fields
		}
	}
	return all[class], nil
}

// overridden are the fields with others in place of those of their names, or
// behind them.
func overridden(fields, others []*field) []*field {
	for _, f := range others {
		if i := slices.IndexFunc(fields, func(g *field) bool { return g.name == f.name }); i >= 0 {
			fields[i] = f
		} else {
			fields = append(fields, f)
		}
	}
	return fields
}

// hinted are the annotated names of a dataclass and of all its bases, as
// typing.get_type_hints gives them: what mashumaro and flytekit go through when
// they write an object. Those that are no fields, of a base that is no
// dataclass, have neither default nor metadata.
func (c *conversion) hinted(class *pyeval.Class) ([]*field, error) {
	fields, err := c.fields(class)
	if err != nil {
		return nil, err
	}
	var hinted []*field
	for _, base := range slices.Backward(c.linear(class, nil)) {
		base, ok := base.(*pyeval.Class)
		if !ok {
			continue
		}
		var own []*field
		for _, annotation := range base.Annotations {
			f := &field{name: annotation.Name, foreign: true}
			if i := slices.IndexFunc(fields, func(g *field) bool { return g.name == annotation.Name }); i >= 0 {
				*f = *fields[i]
			}
			f.class, f.of = base, c.annotation(annotation)
			if reason, ok := c.uncertain(f.of); ok {
				return nil, unknown("the type of %s.%s isn't known: %s", class.Name, f.name, reason)
			}
			switch c.special(f.of) {
			case "typing.ClassVar", "dataclasses.InitVar", "dataclasses.KW_ONLY":
				f.pseudo = true
			}
			own = append(own, f)
		}
		hinted = overridden(hinted, own)
	}
	return hinted, nil
}

// ownFields are the fields that a class itself adds; none if it is no
// dataclass.
func (c *conversion) ownFields(class *pyeval.Class) (own []*field, isDataclass bool, err error) {
	call, ok := c.dataclassDecorator(class)
	if !ok {
		return nil, false, nil
	}
	if call != nil && call.Open {
		return nil, true, unknown("how %s is made a dataclass isn't known", class.Name)
	}
	for _, annotation := range class.Annotations {
		f := &field{name: annotation.Name, class: class, init: true, of: c.annotation(annotation)}
		if reason, ok := c.uncertain(f.of); ok {
			return nil, true, unknown("the type of %s.%s isn't known: %s", class.Name, f.name, reason)
		}
		switch special := c.special(f.of); special {
		case "dataclasses.KW_ONLY":
			continue
		case "typing.ClassVar", "dataclasses.InitVar":
			f.pseudo = true
		}
		if err := c.setDefault(f, c.defaultOf(class, annotation)); err != nil {
			return nil, true, err
		}
		own = append(own, f)
	}
	return own, true, nil
}

// defaultOf is what stands for the default of a field in its class, nil if
// nothing does.
func (c *conversion) defaultOf(class *pyeval.Class, annotation pyeval.Annotation) pyeval.Value {
	if annotation.Default == nil && c.frame != nil {
		return c.frame.InheritedDefault(class, annotation.Name)
	}
	return annotation.Default
}

// special is the name of a type or of the origin of `origin[args]`.
func (c *conversion) special(t pyeval.Value) string {
	switch t := t.(type) {
	case *pyeval.Native:
		return t.Name
	case *pyeval.Alias:
		return nativeName(c.resolve(t.Origin))
	}
	return ""
}

// setDefault reads a field's default, which may be a call of field().
func (c *conversion) setDefault(f *field, given pyeval.Value) error {
	if given == nil {
		return nil
	}
	given = c.resolve(given)
	name, call := c.callee(given)
	if call == nil || name != "dataclasses.field" && name != "dataclasses.Field" {
		if strings.HasPrefix(name, "pydantic.") && strings.HasSuffix(name, ".Field") {
			return unknown("what pydantic makes of %s.%s isn't known", f.class.Name, f.name)
		}
		f.fallback = given
		return nil
	}
	if call.Open {
		return unknown("the arguments of field() for %s.%s aren't known", f.class.Name, f.name)
	}
	for _, keyword := range call.Keywords {
		value := c.resolve(keyword.Value)
		if nativeName(value) == "dataclasses.MISSING" {
			continue
		}
		switch keyword.Name {
		case "default":
			f.fallback = value
		case "default_factory":
			f.factory = value
		case "init":
			init, ok := value.(pyeval.Bool)
			if !ok {
				return unknown("whether %s.%s is an argument isn't known", f.class.Name, f.name)
			}
			f.init = bool(init)
		case "metadata":
			switch value := value.(type) {
			case pyeval.None:
			case *pyeval.Dict:
				if !value.Open {
					f.metadata = value
					continue
				}
				return unknown("the metadata of %s.%s isn't known", f.class.Name, f.name)
			default:
				return unknown("the metadata of %s.%s isn't known", f.class.Name, f.name)
			}
		}
	}
	return nil
}

// meta is an entry of a field's metadata, nil if it has none.
func (c *conversion) meta(f *field, key string) pyeval.Value {
	if f == nil || f.metadata == nil {
		return nil
	}
	for _, item := range f.metadata.Items {
		if name, ok := c.resolve(item.Key).(pyeval.Str); ok && string(name) == key {
			return c.resolve(item.Value)
		}
	}
	return nil
}

// stripped is a type without its annotations, as typing.get_type_hints leaves
// it (typing._strip_annotations).
func (c *conversion) stripped(t pyeval.Value) pyeval.Value {
	t = c.resolve(t)
	switch t := t.(type) {
	case *pyeval.Union:
		if args, changed := c.strippedAll(t.Args); changed {
			return &pyeval.Union{Args: args, Pipe: t.Pipe}
		}
	case *pyeval.Alias:
		switch nativeName(c.resolve(t.Origin)) {
		case "typing.Annotated":
			if len(t.Args) > 0 {
				return c.stripped(t.Args[0])
			}
		case "typing.Literal":
		case "typing.Required", "typing.NotRequired":
			if len(t.Args) > 0 {
				return c.stripped(t.Args[0])
			}
		default:
			if isFlyteClass(c.resolve(t.Origin)) {
				return t
			}
			if args, changed := c.strippedAll(t.Args); changed {
				return &pyeval.Alias{Origin: t.Origin, Args: args, Spelled: t.Spelled}
			}
		}
	}
	return t
}

func (c *conversion) strippedAll(args []pyeval.Value) (out []pyeval.Value, changed bool) {
	out = make([]pyeval.Value, len(args))
	for i, arg := range args {
		arg = c.resolve(arg)
		out[i] = c.stripped(arg)
		changed = changed || out[i] != arg
	}
	return out, changed
}
