package typeengine

import (
	"math"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// packFormat is what values are packed for. They differ in bytes alone: JSON
// has none (MessagePackDialect in mashumaro/mixins/msgpack.py).
type packFormat int

const (
	asJSON packFormat = iota
	asMsgpack
)

// ordered is a packed dict.
type ordered struct {
	keys, values []any
}

func (o *ordered) add(key, value any) {
	for i, k := range o.keys {
		if k == key {
			o.values[i] = value
			return
		}
	}
	o.keys = append(o.keys, key)
	o.values = append(o.values, value)
}

// pack turns a value of a type into nil, bool, int64, uint64, float64, string,
// []byte, []any and *ordered, as mashumaro does before it writes JSON or
// msgpack (mashumaro/core/meta/types/pack.py). A nil type stands for Any. What
// mashumaro would fail at, or may do in another way, is unknown.
func (c *conversion) pack(v, t pyeval.Value, types map[string]pyeval.Value, format packFormat) (any, error) {
	if c.depth++; c.depth > maxDepth {
		return nil, unknown("the value is nested too deeply")
	}
	defer func() { c.depth-- }()
	v = c.resolve(v)
	if reason, ok := c.uncertain(v); ok {
		return nil, &UnknownError{Reason: reason}
	}
	if t == nil {
		return c.packAny(v, format)
	}
	t = c.underlying(t)
	if scalar, ok, err := packScalar(v); ok {
		if err == nil && !c.passes(v, t, types) {
			return nil, unknown("what is made of %s for the type %s isn't known", c.shown(v), c.reprOr(t))
		}
		return scalar, err
	}
	switch of := t.(type) {
	case *pyeval.TypeVar:
		if t, ok := types[of.Name]; ok {
			return c.pack(v, t, types, format)
		}
		return c.packAny(v, format)
	case *pyeval.NewType:
		return c.pack(v, of.Of, types, format)
	case *pyeval.TypeAliasValue:
		return c.pack(v, of.Of, types, format)
	case *pyeval.Union:
		for _, arg := range of.Args {
			if c.fits(v, arg) {
				return c.pack(v, arg, types, format)
			}
		}
		return nil, unknown("which type of the union %s has isn't known", describe(v))
	case *pyeval.Native:
		if of.Name == "typing.Any" {
			return c.packAny(v, format)
		}
	case *pyeval.Alias:
		if member, ok := v.(*pyeval.EnumMember); ok && nativeName(c.resolve(of.Origin)) == "typing.Literal" {
			return c.packAny(member.Value, format)
		}
	}
	if !c.fits(v, t) {
		return nil, unknown("%s is no value of the type %s", describe(v), c.reprOr(t))
	}
	return c.packFitting(v, t, types, format)
}

// packScalar packs what every type lets pass; false if the value is no such.
func packScalar(v pyeval.Value) (any, bool, error) {
	switch v := v.(type) {
	case pyeval.None:
		return nil, true, nil
	case pyeval.Bool:
		return bool(v), true, nil
	case pyeval.Int:
		switch {
		case v.IsInt64():
			return v.Int64(), true, nil
		case v.IsUint64():
			return v.Uint64(), true, nil
		}
		return nil, true, unknown("%s is too large for msgpack", v.String())
	case pyeval.Float:
		return float64(v), true, nil
	case pyeval.Str:
		return string(v), true, nil
	}
	return nil, false, nil
}

// passes tells whether a number, a string or None of a type is written as it is.
func (c *conversion) passes(v, t pyeval.Value, types map[string]pyeval.Value) bool {
	if _, none := v.(pyeval.None); none {
		return true
	}
	switch t := c.underlying(t).(type) {
	case *pyeval.NewType:
		return c.passes(v, t.Of, types)
	case *pyeval.TypeAliasValue:
		return c.passes(v, t.Of, types)
	case *pyeval.TypeVar:
		if of, ok := types[t.Name]; ok {
			return c.passes(v, of, types)
		}
		return true
	case *pyeval.Union:
		// Those that stand before are tried first, and may take it too.
		return slices.ContainsFunc(t.Args, func(arg pyeval.Value) bool { return c.typeOf(v) == c.reprOr(c.underlying(arg)) }) ||
			slices.ContainsFunc(t.Args, func(arg pyeval.Value) bool {
				_, literal := c.underlying(arg).(*pyeval.Alias)
				return literal && c.passes(v, arg, types)
			})
	case *pyeval.Class:
		derives, _ := c.derives(t, "builtins.str")
		return derives && !c.isEnum(t)
	case *pyeval.Native:
		switch t.Name {
		case "builtins.int", "builtins.float", "builtins.bool", "builtins.str", "typing.Any":
			return true
		}
	case *pyeval.Alias:
		if nativeName(c.resolve(t.Origin)) == "typing.Literal" {
			return slices.ContainsFunc(c.literalValues(t), func(value pyeval.Value) bool { return pyeval.Same(value, v) })
		}
	}
	return false
}

// packAny packs a value of which the type says nothing: it is passed to the
// writer as it is, which takes containers of scalars.
func (c *conversion) packAny(v pyeval.Value, format packFormat) (any, error) {
	switch v := c.resolve(v).(type) {
	case pyeval.Bytes:
		if format == asMsgpack {
			return []byte(v), nil
		}
	case *pyeval.List:
		if !v.Open {
			return c.packAll(v.Elems, func(int) pyeval.Value { return nil }, nil, format)
		}
	case *pyeval.Tuple:
		return c.packAll(v.Elems, func(int) pyeval.Value { return nil }, nil, format)
	case *pyeval.Dict:
		return c.packDict(v, nil, nil, nil, format)
	default:
		if scalar, ok, err := packScalar(v); ok {
			return scalar, err
		}
	}
	return nil, unknown("how %s is serialized isn't known", describe(v))
}

func (c *conversion) packAll(elems []pyeval.Value, of func(int) pyeval.Value, types map[string]pyeval.Value, format packFormat) (any, error) {
	items := make([]any, len(elems))
	for i, elem := range elems {
		var err error
		if items[i], err = c.pack(elem, of(i), types, format); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func (c *conversion) packDict(d *pyeval.Dict, key, value pyeval.Value, types map[string]pyeval.Value, format packFormat) (any, error) {
	if d.Open {
		return nil, unknown("not all entries of the dict are known")
	}
	out := &ordered{}
	for _, item := range d.Items {
		k, err := c.pack(item.Key, key, types, format)
		if err != nil {
			return nil, err
		}
		switch k.(type) {
		case []any, *ordered:
			return nil, unknown("a key of the dict is no simple value")
		}
		v, err := c.pack(item.Value, value, types, format)
		if err != nil {
			return nil, err
		}
		if bytes, ok := k.([]byte); ok {
			k = string(bytes)
			return nil, unknown("a key of the dict is bytes: %s", k)
		}
		out.add(k, v)
	}
	return out, nil
}

// fits tells whether a value is certain to be an instance of a type.
func (c *conversion) fits(v, t pyeval.Value) bool {
	t = c.underlying(t)
	switch of := t.(type) {
	case pyeval.None:
		_, ok := v.(pyeval.None)
		return ok
	case *pyeval.NewType:
		return c.fits(v, of.Of)
	case *pyeval.TypeAliasValue:
		return c.fits(v, of.Of)
	case *pyeval.Union:
		return slices.ContainsFunc(of.Args, func(arg pyeval.Value) bool { return c.fits(v, arg) })
	}
	name := c.special(t)
	switch v := v.(type) {
	case pyeval.Bytes:
		return name == "builtins.bytes"
	case *pyeval.List:
		return slices.Contains([]string{"builtins.list", "typing.List", "collections.abc.Sequence", "collections.abc.MutableSequence"}, name)
	case *pyeval.Tuple:
		return slices.Contains([]string{"builtins.tuple", "typing.Tuple", "collections.abc.Sequence"}, name)
	case *pyeval.Set:
		if v.Frozen {
			return slices.Contains([]string{"builtins.frozenset", "typing.FrozenSet", "collections.abc.Set"}, name)
		}
		return slices.Contains([]string{"builtins.set", "typing.Set", "collections.abc.Set", "collections.abc.MutableSet"}, name)
	case *pyeval.Dict:
		if class, ok := t.(*pyeval.Class); ok {
			return c.isTypedDict(class)
		}
		return slices.Contains([]string{"builtins.dict", "typing.Dict", "collections.abc.Mapping", "collections.abc.MutableMapping"}, name)
	case *pyeval.EnumMember:
		class, ok := t.(*pyeval.Class)
		return ok && sameDefinition(v.Class, class)
	case *pyeval.Instance:
		switch class := c.resolve(v.Class).(type) {
		case *pyeval.Native:
			return class.Name == name || slices.Contains(nativeClasses()[class.Name].bases, name) || name == "os.PathLike" && isPath(class.Name)
		case *pyeval.Class:
			origin := t
			if alias, ok := t.(*pyeval.Alias); ok {
				origin = c.resolve(alias.Origin)
			}
			return slices.ContainsFunc(c.linear(class, nil), func(base pyeval.Value) bool { return sameClass(base, origin) })
		}
	}
	return false
}

func isPath(name string) bool {
	_, ok := nativeSchemas[name]
	return ok && len(name) > 8 && name[:8] == "pathlib."
}

// packFitting packs a value that is of a type.
func (c *conversion) packFitting(v, t pyeval.Value, types map[string]pyeval.Value, format packFormat) (any, error) {
	var args []pyeval.Value
	if alias, ok := t.(*pyeval.Alias); ok {
		args = alias.Args
	}
	arg := func(i int) pyeval.Value {
		if i < len(args) {
			return args[i]
		}
		return nil
	}
	switch v := v.(type) {
	case pyeval.Bytes:
		if format == asMsgpack {
			return []byte(v), nil
		}
		return encodebytes(string(v)), nil
	case *pyeval.List:
		if v.Open {
			return nil, unknown("not all items of the list are known")
		}
		return c.packAll(v.Elems, func(int) pyeval.Value { return arg(0) }, types, format)
	case *pyeval.Set:
		if len(v.Elems) > 1 || v.Open {
			return nil, unknown("the order of a set's items isn't known")
		}
		return c.packAll(v.Elems, func(int) pyeval.Value { return arg(0) }, types, format)
	case *pyeval.Tuple:
		if len(args) == 2 {
			if _, ok := c.resolve(args[1]).(pyeval.Ellipsis); ok {
				return c.packAll(v.Elems, func(int) pyeval.Value { return args[0] }, types, format)
			}
		}
		if len(args) > 0 && len(args) != len(v.Elems) {
			return nil, unknown("the tuple has %d items and its type %d", len(v.Elems), len(args))
		}
		return c.packAll(v.Elems, arg, types, format)
	case *pyeval.Dict:
		if class, ok := t.(*pyeval.Class); ok {
			return nil, unknown("how a value of %s is serialized isn't known", class.Name)
		}
		return c.packDict(v, arg(0), arg(1), types, format)
	case *pyeval.EnumMember:
		return c.packAny(v.Value, format)
	case *pyeval.Instance:
		return c.packInstance(v, args, types, format)
	}
	return nil, unknown("how %s is serialized isn't known", describe(v))
}

// plain is a packed value as decoded JSON.
func plain(packed any) (any, error) {
	switch packed := packed.(type) {
	case int64:
		return float64(packed), nil
	case uint64:
		return float64(packed), nil
	case float64:
		if math.IsNaN(packed) || math.IsInf(packed, 0) {
			return nil, unknown("JSON has no %v", packed)
		}
		return packed, nil
	case []any:
		items := make([]any, len(packed))
		for i, item := range packed {
			var err error
			if items[i], err = plain(item); err != nil {
				return nil, err
			}
		}
		return items, nil
	case *ordered:
		fields := make(map[string]any, len(packed.keys))
		for i, key := range packed.keys {
			value, err := plain(packed.values[i])
			if err != nil {
				return nil, err
			}
			name, err := keyText(key)
			if err != nil {
				return nil, err
			}
			fields[name] = value
		}
		return fields, nil
	case []byte:
		return nil, unknown("JSON has no bytes")
	default:
		return packed, nil
	}
}

// json is a value as decoded JSON, as Python's json.dumps would write it.
func (c *conversion) json(v pyeval.Value) (any, error) {
	packed, err := c.packAny(v, asJSON)
	if err != nil {
		return nil, err
	}
	return plain(packed)
}
