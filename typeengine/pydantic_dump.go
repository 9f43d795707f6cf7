package typeengine

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// dump is a value as pydantic writes it to JSON. byAlias: fields of models are
// written by their alias, as in the defaults of a schema.
func (c *conversion) dump(v pyeval.Value, byAlias bool) (any, error) {
	if c.depth++; c.depth > maxDepth {
		return nil, unknown("the value is nested too deeply")
	}
	defer func() { c.depth-- }()
	v = c.resolve(v)
	if reason, ok := c.uncertain(v); ok {
		return nil, &UnknownError{Reason: reason}
	}
	if scalar, ok, err := packScalar(v); ok {
		return scalar, err
	}
	switch v := v.(type) {
	case pyeval.Bytes:
		return string(v), nil
	case *pyeval.EnumMember:
		return c.dump(v.Value, byAlias)
	case *pyeval.List:
		if !v.Open {
			return c.dumpAll(v.Elems, byAlias)
		}
	case *pyeval.Tuple:
		return c.dumpAll(v.Elems, byAlias)
	case *pyeval.Set:
		if !v.Open && len(v.Elems) <= 1 {
			return c.dumpAll(v.Elems, byAlias)
		}
	case *pyeval.Dict:
		if v.Open {
			break
		}
		out := &ordered{}
		for _, item := range v.Items {
			key, err := c.dump(item.Key, byAlias)
			if err != nil {
				return nil, err
			}
			name, err := keyText(key)
			if err != nil {
				return nil, err
			}
			value, err := c.dump(item.Value, byAlias)
			if err != nil {
				return nil, err
			}
			out.add(name, value)
		}
		return out, nil
	case *pyeval.Instance:
		return c.dumpInstance(v, byAlias)
	}
	return nil, unknown("how pydantic writes %s isn't known", describe(v))
}

func (c *conversion) dumpAll(elems []pyeval.Value, byAlias bool) (any, error) {
	items := make([]any, len(elems))
	for i, elem := range elems {
		var err error
		if items[i], err = c.dump(elem, byAlias); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func (c *conversion) dumpInstance(v *pyeval.Instance, byAlias bool) (any, error) {
	switch class := c.resolve(v.Class).(type) {
	case *pyeval.Class:
		if derives, _ := c.derives(class, "pydantic.BaseModel", "pydantic.main.BaseModel"); derives {
			return c.dumpModel(v, byAlias)
		}
		if c.isDataclass(class) {
			return c.dumpDataclass(v, class, byAlias)
		}
	case *pyeval.Native:
		switch class.Name {
		case "datetime.datetime", "datetime.date", "datetime.time":
			text, err := c.iso(v)
			if moment, ok := strings.CutSuffix(text, "+00:00"); ok {
				text = moment + "Z"
			}
			return text, err
		case "datetime.timedelta":
			microseconds, err := c.microseconds(v)
			return isoDuration(microseconds), err
		case flyteFile, flyteDirectory:
			uri, err := c.remoteURI(v)
			out := &ordered{keys: []any{"path"}, values: []any{uri}}
			if byAlias && class.Name == flyteFile {
				out.add("metadata", nil) // all its fields, in a schema
			}
			return out, err
		}
		if isPath(class.Name) {
			return c.pack(v, &pyeval.Native{Name: "os.PathLike"}, nil, asJSON)
		}
	}
	return nil, unknown("how pydantic writes %s isn't known", describe(v))
}

// dumpModel is model_dump of an object of a model. What it was given is taken
// as it is only where pydantic wouldn't change it.
func (c *conversion) dumpModel(v *pyeval.Instance, byAlias bool) (any, error) {
	class, ok := c.resolve(v.Class).(*pyeval.Class)
	if !ok || v.Open || len(v.Args) > 0 {
		return nil, unknown("what %s holds isn't known", describe(v))
	}
	if err := c.checkModel(class); err != nil {
		return nil, err
	}
	if c.hasHooks(class) {
		return nil, unknown("a validator or serializer of %s may change what it holds", class.Name)
	}
	config, err := c.modelConfig(class)
	if err != nil {
		return nil, err
	}
	fields, err := c.modelFields(class)
	if err != nil {
		return nil, err
	}
	b := &modelBuilder{conversion: c, config: config}
	out := &ordered{}
	for _, f := range fields {
		value, err := b.value(v, f)
		if err != nil {
			return nil, err
		}
		if !byAlias {
			value = c.floats(value, f.of)
		}
		if excluded := f.setting(c, "exclude"); excluded == pyeval.Value(pyeval.Bool(true)) {
			continue
		}
		written, err := c.dump(value, byAlias)
		if err != nil {
			return nil, err
		}
		name := f.name
		if byAlias || config.on["serialize_by_alias"] {
			if name, err = b.writtenName(f); err != nil {
				return nil, err
			}
		}
		out.add(name, written)
	}
	if config.extra != "allow" {
		return out, nil
	}
	for _, keyword := range v.Keywords {
		if taken, err := b.takes(fields, keyword.Name); taken || err != nil {
			if err != nil {
				return nil, err
			}
			continue
		}
		written, err := c.dump(keyword.Value, byAlias)
		if err != nil {
			return nil, err
		}
		out.add(keyword.Name, written)
	}
	return out, nil
}

// value is what an object of a model holds in a field.
func (b *modelBuilder) value(v *pyeval.Instance, f *modelField) (pyeval.Value, error) {
	name, err := b.fieldName(f)
	if err != nil {
		return nil, err
	}
	value := v.Attrs[f.name]
	if value == nil {
		value = argument(v, -1, name, nil)
	}
	if value == nil && b.config.byName() {
		value = argument(v, -1, f.name, nil)
	}
	fallback := value == nil
	if fallback {
		if value, err = b.fallback(f); err != nil {
			return nil, err
		}
	}
	value = b.resolve(value)
	if fallback && !b.config.on["validate_default"] && b.isFalse(f.setting(b.conversion, "validate_default")) {
		return value, nil
	}
	if _, ok := value.(pyeval.Str); ok && b.changesText(f) || !b.unchanged(value, f.of) {
		return nil, unknown("what pydantic makes of %s for %s.%s isn't known", describe(value), f.class.Name, f.name)
	}
	return value, nil
}

// fallback is the default of a field.
func (b *modelBuilder) fallback(f *modelField) (pyeval.Value, error) {
	if f.fallback != nil {
		return f.fallback, nil
	}
	switch nativeName(f.factory) {
	case "builtins.list":
		return &pyeval.List{}, nil
	case "builtins.dict":
		return &pyeval.Dict{}, nil
	}
	if f.factory == nil || b.frame == nil {
		return nil, unknown("what %s.%s holds isn't known", f.class.Name, f.name)
	}
	return b.frame.CallValue(f.factory, &pyeval.Call{Func: f.factory}), nil
}

// changesText tells whether a field's texts are stripped or put into one case.
func (b *modelBuilder) changesText(f *modelField) bool {
	for _, name := range textForms {
		if b.config.on["str_"+name] || !b.isFalse(f.setting(b.conversion, name)) {
			return true
		}
	}
	return false
}

// isFalse tells whether a setting is off.
func (b *modelBuilder) isFalse(setting pyeval.Value) bool {
	switch setting.(type) {
	case nil, pyeval.None:
		return true
	}
	return setting == pyeval.Value(pyeval.Bool(false))
}

// takes tells whether one of the fields is given by the name.
func (b *modelBuilder) takes(fields []*modelField, name string) (bool, error) {
	for _, f := range fields {
		alias, err := b.fieldName(f)
		if err != nil {
			return false, err
		}
		if alias == name || f.name == name && b.config.byName() {
			return true, nil
		}
	}
	return false, nil
}

// floats is a value with floats where pydantic writes ints as floats: where the
// type of the field says so. It takes unions as they come: an int that fits one
// of several types stays one.
func (c *conversion) floats(v, t pyeval.Value) pyeval.Value {
	v, t = c.resolve(v), c.underlying(t)
	if union, ok := t.(*pyeval.Union); ok {
		var others []pyeval.Value
		for _, arg := range union.Args {
			if _, none := c.resolve(arg).(pyeval.None); !none {
				others = append(others, arg)
			}
		}
		if len(others) == 1 {
			return c.floats(v, others[0])
		}
		return v
	}
	alias, _ := t.(*pyeval.Alias)
	switch v := v.(type) {
	case pyeval.Int:
		if c.special(t) == "builtins.float" {
			float, _ := new(big.Float).SetInt(v.Int).Float64()
			return pyeval.Float(float)
		}
	case *pyeval.List:
		if alias != nil && len(alias.Args) == 1 {
			return &pyeval.List{Elems: c.allFloats(v.Elems, alias.Args), Open: v.Open}
		}
	case *pyeval.Tuple:
		if alias != nil {
			return &pyeval.Tuple{Elems: c.allFloats(v.Elems, alias.Args)}
		}
	case *pyeval.Dict:
		if alias == nil || len(alias.Args) != 2 {
			return v
		}
		dict := &pyeval.Dict{Open: v.Open}
		for _, item := range v.Items {
			dict.Items = append(dict.Items, pyeval.Item{Key: item.Key, Value: c.floats(item.Value, alias.Args[1])})
		}
		return dict
	}
	return v
}

// allFloats is floats of elements whose types are given one by one, or by the
// last for all that follow.
func (c *conversion) allFloats(elems, types []pyeval.Value) []pyeval.Value {
	if len(types) == 2 && types[1] == pyeval.Value(pyeval.Ellipsis{}) {
		types = types[:1]
	}
	out := slices.Clone(elems)
	for i := range out {
		if len(types) > 0 {
			out[i] = c.floats(out[i], types[min(i, len(types)-1)])
		}
	}
	return out
}

// dumpDataclass writes an object of a plain dataclass in a model.
func (c *conversion) dumpDataclass(v *pyeval.Instance, class *pyeval.Class, byAlias bool) (any, error) {
	fields, err := c.fields(class)
	if err != nil {
		return nil, err
	}
	out := &ordered{}
	for _, f := range fields {
		if f.pseudo || !f.init {
			return nil, unknown("how pydantic writes %s isn't known", describe(v))
		}
		value, err := c.fieldValue(v, class, fields, f)
		if err != nil {
			return nil, err
		}
		written, err := c.dump(value, byAlias)
		if err != nil {
			return nil, err
		}
		out.add(f.name, written)
	}
	return out, nil
}

// hasHooks tells whether a model has methods that change what it holds or
// writes.
func (c *conversion) hasHooks(class *pyeval.Class) bool {
	for _, base := range c.linear(class, nil) {
		base, ok := base.(*pyeval.Class)
		if !ok || base.Def == nil {
			continue
		}
		for _, stmt := range base.Def.Body {
			if hasDecorator(stmt, "field_validator", "model_validator", "validator", "root_validator", "field_serializer", "model_serializer", "computed_field") {
				return true
			}
		}
		if _, ok := base.Scope.Get("__init__"); ok {
			return true
		}
		if _, ok := base.Scope.Get("model_post_init"); ok {
			return true
		}
	}
	return false
}

// unchanged tells whether pydantic takes a value for a field as it is.
func (c *conversion) unchanged(v, t pyeval.Value) bool {
	if alias, ok := annotated(c.resolve(t)); ok && slices.ContainsFunc(alias.Args[1:], c.changes) {
		return false
	}
	t = c.underlying(t)
	if union, ok := t.(*pyeval.Union); ok {
		return slices.ContainsFunc(union.Args, func(arg pyeval.Value) bool { return c.unchanged(v, arg) })
	}
	name := c.special(t)
	switch v := v.(type) {
	case pyeval.None:
		_, ok := t.(pyeval.None)
		return ok || name == "typing.Any"
	case pyeval.Bool:
		return name == "builtins.bool"
	case pyeval.Int:
		return name == "builtins.int"
	case pyeval.Float:
		return name == "builtins.float"
	case pyeval.Str:
		return name == "builtins.str"
	case *pyeval.List:
		alias, ok := t.(*pyeval.Alias)
		if !ok || name != "builtins.list" {
			return false
		}
		return !slices.ContainsFunc(v.Elems, func(elem pyeval.Value) bool { return !c.unchanged(c.resolve(elem), alias.Args[0]) })
	case *pyeval.Dict:
		alias, ok := t.(*pyeval.Alias)
		if !ok || name != "builtins.dict" || len(alias.Args) != 2 {
			return false
		}
		return !slices.ContainsFunc(v.Items, func(item pyeval.Item) bool {
			return !c.unchanged(c.resolve(item.Key), alias.Args[0]) || !c.unchanged(c.resolve(item.Value), alias.Args[1])
		})
	}
	return c.fits(v, t)
}

// changes tells whether an argument of Annotated may have pydantic change a
// value: a validator, or a Field that puts texts into one form.
func (c *conversion) changes(arg pyeval.Value) bool {
	name, call := c.callee(arg)
	if name != "pydantic.Field" && name != "pydantic.fields.Field" {
		return strings.HasPrefix(name, "pydantic")
	}
	return call == nil || call.Open || slices.ContainsFunc(call.Keywords, func(keyword pyeval.Named) bool {
		return slices.Contains(textForms, keyword.Name)
	})
}

// textForms are the settings of texts that pydantic changes.
var textForms = []string{"strip_whitespace", "to_lower", "to_upper"}

// hasDecorator tells whether a statement is a method with one of the decorators.
func hasDecorator(stmt ast.Stmt, names ...string) bool {
	def, ok := stmt.(*ast.FunctionDef)
	if !ok {
		return false
	}
	return slices.ContainsFunc(def.Decorators, func(decorator ast.Expr) bool {
		if call, ok := decorator.(*ast.Call); ok {
			decorator = call.Func
		}
		switch decorator := decorator.(type) {
		case *ast.Name:
			return slices.Contains(names, decorator.ID)
		case *ast.Attribute:
			return slices.Contains(names, decorator.Attr)
		}
		return false
	})
}

// isoDuration is a length of time as pydantic writes it: PT1M30S.
func isoDuration(microseconds int64) string {
	var out strings.Builder
	if microseconds < 0 {
		out.WriteByte('-')
		microseconds = -microseconds
	}
	out.WriteByte('P')
	days, rest := microseconds/86_400_000_000, microseconds%86_400_000_000
	if days > 0 {
		fmt.Fprintf(&out, "%dD", days)
	}
	if rest == 0 && days > 0 {
		return out.String()
	}
	out.WriteByte('T')
	hours, rest := rest/3_600_000_000, rest%3_600_000_000
	minutes, rest := rest/60_000_000, rest%60_000_000
	seconds, micro := rest/1_000_000, rest%1_000_000
	if hours > 0 {
		fmt.Fprintf(&out, "%dH", hours)
	}
	if minutes > 0 {
		fmt.Fprintf(&out, "%dM", minutes)
	}
	if micro > 0 {
		text := strings.TrimRight(fmt.Sprintf("%d.%06d", seconds, micro), "0")
		out.WriteString(text + "S")
	} else if seconds > 0 || hours == 0 && minutes == 0 {
		fmt.Fprintf(&out, "%dS", seconds)
	}
	return out.String()
}
