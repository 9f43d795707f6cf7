package typeengine

import (
	"errors"
	"slices"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Literal is the Literal that TypeEngine.to_literal makes of a value for an
// input of a Python type, with errors as LiteralType has them. The message may
// share parts with types: callers must not change it.
func (e *Engine) Literal(f *pyeval.Frame, t, value pyeval.Value) (*core.Literal, error) {
	c := &conversion{Engine: e, frame: f}
	return c.literal(t, value)
}

// literal is TypeEngine.to_literal.
func (c *conversion) literal(t, v pyeval.Value) (*core.Literal, error) {
	if c.depth++; c.depth > maxDepth {
		return nil, unknown("the value is nested too deeply")
	}
	defer func() { c.depth-- }()
	t, v = c.resolve(t), c.resolve(v)
	if reason, ok := c.uncertain(v); ok {
		return nil, &UnknownError{Reason: reason}
	}
	if reason, ok := c.opaque(v); ok {
		return nil, &UnknownError{Reason: reason}
	}
	if _, ok := v.(*pyeval.Tuple); ok {
		return nil, rejectedAs("constant-type", "Tuples are not a supported type for individual values in Flyte - got a tuple - %s.", c.shown(v))
	}
	tr, err := c.transformer(t)
	if err != nil {
		return nil, err
	}
	if _, none := v.(pyeval.None); none && tr != unionTransformer && tr != noneTransformer && nativeName(t) != "typing.Any" {
		return nil, rejectedAs("constant-type", "Python value cannot be None, expected %s", c.reprOr(t))
	}
	if tr.literal == nil {
		return nil, unknown("a value of %s is kept in a file, whose address isn't known before it runs", c.reprOr(t))
	}
	literal, err := tr.literal(c, t, v)
	if err != nil {
		return nil, err
	}
	return literal, c.setHash(literal, t, v)
}

// setHash puts the hash that a HashMethod makes of a value into its literal
// (TypeEngine.calculate_hash).
func (c *conversion) setHash(literal *core.Literal, t, v pyeval.Value) error {
	alias, ok := annotated(t)
	if !ok {
		return nil
	}
	for _, arg := range alias.Args[1:] {
		method, ok := c.resolve(arg).(*pyeval.Instance)
		if !ok || !c.isInstanceOf(method, "flytekit.core.hash.HashMethod") {
			continue
		}
		function := c.resolve(argument(method, 0, "function", pyeval.None{}))
		if c.frame != nil {
			hash := c.resolve(c.frame.CallValue(function, &pyeval.Call{Func: function, Args: []pyeval.Named{{Value: v}}}))
			if text, ok := hash.(pyeval.Str); ok {
				literal.Hash = string(text)
				return nil
			}
		}
		return unknown("the hash of the value is only known when its HashMethod runs")
	}
	return nil
}

// shown is Python's text of a value for a message.
func (c *conversion) shown(v pyeval.Value) string {
	switch v := c.resolve(v).(type) {
	case pyeval.Str:
		return string(v)
	case *pyeval.EnumMember:
		return v.Class.Name + "." + v.Name
	case *pyeval.Instance:
		if text, err := c.iso(v); err == nil {
			return strings.Replace(text, "T", " ", 1)
		}
	}
	if text, ok := c.valueText(v); ok {
		return text
	}
	return describe(v)
}

// mismatch is what a SimpleTransformer says of a value that isn't exactly of
// its class.
func (c *conversion) mismatch(class string, t, v pyeval.Value) error {
	expected := "<class '" + class + "'>"
	if own, ok := c.resolve(t).(*pyeval.Class); ok {
		expected = c.reprOr(own)
	}
	return rejectedAs("constant-type", "Expected value of type %s but got '%s' of type %s", expected, c.shown(v), c.typeOf(v))
}

func scalarLiteral(s *core.Scalar) *core.Literal {
	return &core.Literal{Value: &core.Literal_Scalar{Scalar: s}}
}

func primitive(p *core.Primitive) *core.Literal {
	return scalarLiteral(&core.Scalar{Value: &core.Scalar_Primitive{Primitive: p}})
}

func binary(packed any) (*core.Literal, error) {
	value, err := encode(packed)
	if err != nil {
		return nil, err
	}
	return scalarLiteral(&core.Scalar{Value: &core.Scalar_Binary{Binary: &core.Binary{Value: value, Tag: "msgpack"}}}), nil
}

func noneLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	if _, ok := v.(pyeval.None); !ok {
		return nil, c.mismatch("NoneType", t, v)
	}
	return scalarLiteral(&core.Scalar{Value: &core.Scalar_NoneType{NoneType: &core.Void{}}}), nil
}

func intLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	i, ok := v.(pyeval.Int)
	if !ok {
		return nil, c.mismatch("int", t, v)
	}
	if !i.IsInt64() {
		return nil, rejectedAs("constant-int64", "Value out of range: %s", i.String())
	}
	return primitive(&core.Primitive{Value: &core.Primitive_Integer{Integer: i.Int64()}}), nil
}

func floatLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	f, ok := v.(pyeval.Float)
	if !ok {
		return nil, c.mismatch("float", t, v)
	}
	return primitive(&core.Primitive{Value: &core.Primitive_FloatValue{FloatValue: float64(f)}}), nil
}

func strLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	s, ok := v.(pyeval.Str)
	if !ok {
		return nil, c.mismatch("str", t, v)
	}
	return text(string(s)), nil
}

func text(s string) *core.Literal {
	return primitive(&core.Primitive{Value: &core.Primitive_StringValue{StringValue: s}})
}

func boolLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	b, ok := v.(pyeval.Bool)
	if !ok {
		return nil, c.mismatch("bool", t, v)
	}
	return primitive(&core.Primitive{Value: &core.Primitive_Boolean{Boolean: bool(b)}}), nil
}

// listLiteral is ListTransformer.async_to_literal.
func listLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	list, ok := v.(*pyeval.List)
	if !ok {
		return nil, rejectedAs("constant-list", "Expected a list")
	}
	if list.Open {
		return nil, unknown("not all items of the list are known")
	}
	item, err := c.listItem(t)
	if err != nil {
		return nil, err
	}
	out := &core.LiteralCollection{}
	for _, elem := range list.Elems {
		literal, err := c.literal(item, elem)
		if err != nil {
			return nil, err
		}
		out.Literals = append(out.Literals, literal)
	}
	return &core.Literal{Value: &core.Literal_Collection{Collection: out}}, nil
}

// dictLiteral is DictTransformer.async_to_literal.
func dictLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	dict, ok := v.(*pyeval.Dict)
	if !ok {
		return nil, rejectedAs("constant-dict", "Expected a dict")
	}
	if dict.Open {
		return nil, unknown("not all entries of the dict are known")
	}
	expected, err := c.literalType(t)
	if err != nil {
		return nil, err
	}
	if expected.GetMapValueType() == nil {
		packed, err := c.pack(dict, t, nil, asMsgpack)
		if err != nil {
			return nil, err
		}
		return binary(packed)
	}
	args, err := c.dictArgs(t)
	if err != nil {
		return nil, err
	}
	out := &core.LiteralMap{Literals: map[string]*core.Literal{}}
	for _, item := range dict.Items {
		key, ok := c.resolve(item.Key).(pyeval.Str)
		if reason, uncertain := c.uncertain(item.Key); uncertain {
			return nil, unknown("a key of the dict isn't known: %s", reason)
		}
		if !ok {
			return nil, rejectedAs("constant-dict", "Flyte MapType expects all keys to be strings")
		}
		if out.Literals[string(key)], err = c.literal(args[1], item.Value); err != nil {
			return nil, err
		}
	}
	return &core.Literal{Value: &core.Literal_Map{Map: out}}, nil
}

// unionLiteral is UnionTransformer.async_to_literal: the variant that takes the
// value, if it is the only one.
func unionLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	type match struct {
		of      pyeval.Value
		tr      *transformer
		literal *core.Literal
		err     error
	}
	var matches []match
	_, isNone := v.(pyeval.None)
	for _, arg := range c.unionArgs(t) {
		tr, err := c.transformer(arg)
		if err != nil {
			return nil, err
		}
		var literal *core.Literal
		switch {
		case tr == pickleTransformer && isNone:
			continue
		case isNone && tr != noneTransformer && tr.name != "Sklearn Estimator":
			continue
		case tr.literal == nil:
			if err = c.surelyNo(tr, v); err == nil {
				continue
			}
		default:
			literal, err = tr.literal(c, arg, v)
		}
		var rejection *RejectedError
		if errors.As(err, &rejection) {
			continue
		}
		matches = append(matches, match{arg, tr, literal, err})
	}
	if len(matches) == 0 {
		if c.mayPass(v, c.unionArgs(t)) {
			return nil, rejectedAs("constant-union", "Cannot convert from %s to %s", c.shown(v), c.reprOr(t))
		}
		return nil, rejectedAs("constant-union", "Value %s is not of type %s", c.shown(v), c.reprOr(t))
	}
	if _, isStr := v.(pyeval.Str); isStr && len(matches) > 1 {
		for _, m := range matches {
			if nativeName(c.resolve(m.of)) == "builtins.str" {
				matches = []match{m}
				break
			}
		}
	}
	if certain := slices.IndexFunc(matches, func(m match) bool { return m.err == nil }); certain >= 0 {
		for i, m := range matches {
			if i != certain && (m.err == nil || errors.Is(m.err, errShape)) {
				return nil, rejectedAs("constant-union", "Ambiguous choice of variant for union type.")
			}
		}
	}
	for _, m := range matches {
		if sure := m.tr == pickleTransformer || m.tr.name == "Sklearn Estimator"; m.err != nil && (!sure || len(matches) == 1) {
			return nil, m.err
		}
	}
	if len(matches) > 1 {
		return nil, rejectedAs("constant-union", "Ambiguous choice of variant for union type.")
	}
	m := matches[0]
	of, err := m.tr.literalType(c, m.of)
	if err != nil {
		return nil, err
	}
	return scalarLiteral(&core.Scalar{Value: &core.Scalar_Union{Union: &core.Union{
		Value: m.literal, Type: withTag(of, m.tr.name),
	}}}), nil
}

// mayPass tells whether one of the variants doesn't look at the type of a value
// before it is converted.
func (c *conversion) mayPass(v pyeval.Value, args []pyeval.Value) bool {
	if _, isBool := v.(pyeval.Bool); isBool {
		return true
	}
	for _, arg := range args {
		switch tr, _ := c.transformer(arg); tr {
		case pickleTransformer, datasetTransformer, pydanticTransformer:
			return true
		}
	}
	return false
}

// refuseNumbers are the transformers that don't take numbers, of those that
// keep values in files.
var refuseNumbers = []string{
	"TextIO", "BinaryIO", "FlyteError", "PIL.Image", "PyTorch Tensor", "PyTorch Module", "PyTorch Checkpoint",
	"FlyteSchema Transformer", "Protobuf-Transformer", "Typed Iterator", "JSON Iterator",
}

// surelyNo is nil if a transformer that keeps values in files is sure not to
// take a value.
func (c *conversion) surelyNo(tr *transformer, v pyeval.Value) error {
	if slices.Contains(refuseNumbers, tr.name) {
		switch v.(type) {
		case pyeval.Bool, pyeval.Int, pyeval.Float:
			return nil
		}
	}
	return unknown("a value of %s is kept in a file, whose address isn't known before it runs", tr.name)
}

// literalLiteral is LiteralTypeTransformer.to_literal: it doesn't ask whether
// the value is one of those listed.
func literalLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	base, values, err := c.literalBase(t)
	if err != nil {
		return nil, err
	}
	switch base {
	case typeStr:
		return strLiteral(c, t, v)
	case typeInt:
		return intLiteral(c, t, v)
	case typeBool:
		return boolLiteral(c, t, v)
	case typeFloat:
		return floatLiteral(c, t, v)
	}
	return nil, rejected("Unsupported type: %s", c.typeOf(values[0]))
}

// enumLiteral is EnumTransformer.to_literal: it takes a member, and a string
// that is the value of one.
func enumLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	members, err := c.enumMembers(c.resolve(t))
	if err != nil {
		return nil, err
	}
	given := v
	if member, ok := v.(*pyeval.EnumMember); ok {
		given = c.resolve(member.Value)
	}
	for _, member := range members {
		value, ok := c.resolve(member.Value).(pyeval.Str)
		if !ok {
			return nil, rejected("Only EnumTypes with value of string are supported")
		}
		if given == pyeval.Value(value) {
			return text(string(value)), nil
		}
	}
	return nil, rejectedAs("constant-enum", "Value %s is not in Enum %s", c.shown(v), c.reprOr(t))
}

// dataclassLiteral is DataclassTransformer.to_literal.
func dataclassLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	class, ok := c.underlying(t).(*pyeval.Class)
	if !ok {
		return nil, unknown("the fields of %s aren't known", describe(t))
	}
	instance, ok := v.(*pyeval.Instance)
	if !ok {
		if _, ok := v.(*pyeval.Dict); ok {
			return nil, unknown("whether the dict is taken for %s isn't known", class.Name)
		}
		return nil, rejectedAs("constant-dataclass", "must be called with a dataclass type or instance")
	}
	if !c.fits(instance, class) {
		return nil, c.otherDataclass(instance, class)
	}
	derives, known := c.derives(class, "mashumaro.mixins.json.DataClassJSONMixin")
	if !known {
		return nil, unknown("a base class of %s isn't known", class.Name)
	}
	format := asMsgpack
	if derives {
		format = asJSON
	}
	packed, err := c.packDataclass(instance, class, nil, format)
	if err != nil {
		return nil, err
	}
	if format == asJSON {
		if packed, err = textKeys(packed); err != nil {
			return nil, err
		}
	}
	return binary(packed)
}
