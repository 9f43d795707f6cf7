package typeengine

import (
	"errors"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// typeJSONLines is what JSONIteratorTransformer gives (types/iterator/json_iterator.py).
var typeJSONLines = &core.LiteralType{
	Type:     file("jsonl").Type,
	Metadata: structOf(map[string]any{"format": "json iterator"}),
}

// listItem is the type of a list's items (ListTransformer.get_sub_type).
func (c *conversion) listItem(t pyeval.Value) (pyeval.Value, error) {
	alias, ok := c.underlying(t).(*pyeval.Alias)
	if ok && nativeName(c.resolve(alias.Origin)) == "builtins.list" && len(alias.Args) > 0 {
		return alias.Args[0], nil
	}
	return nil, rejectedType("type-list-untyped", t, "Only generic univariate typing.List[T] type is supported.")
}

func listType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	item, err := c.listItem(t)
	if err != nil {
		return nil, within("Type of Generic List type is not supported, ", err)
	}
	of, err := c.literalType(item)
	if err != nil {
		return nil, within("Type of Generic List type is not supported, ", err)
	}
	return collection(of), nil
}

// within puts words before what flytekit says.
func within(words string, err error) error {
	var rejection *RejectedError
	if errors.As(err, &rejection) {
		return &RejectedError{Message: words + rejection.Message, Code: rejection.Code, Of: rejection.Of}
	}
	return err
}

// iteratorType is IteratorTransformer.get_literal_type (types/iterator/iterator.py).
// An annotated iterator is taken for an iterator of iterators.
func iteratorType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	alias, ok := c.resolve(t).(*pyeval.Alias)
	if !ok || len(alias.Args) == 0 {
		return nil, rejected("Type of Generic List type is not supported, tuple index out of range")
	}
	of, err := c.literalType(alias.Args[0])
	if err != nil {
		return nil, within("Type of Generic List type is not supported, ", err)
	}
	return collection(of), nil
}

// dictType is DictTransformer.get_literal_type.
func dictType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	args, err := c.dictArgs(t)
	if err != nil {
		return nil, err
	}
	if len(args) < 2 {
		return typeStruct, nil
	}
	switch key := c.resolve(args[0]).(type) {
	case *pyeval.Unknown, *pyeval.Uncertain, *pyeval.ForwardRef:
		return nil, unknown("the type of the dict's keys isn't known")
	case *pyeval.Native:
		if key.Name != "builtins.str" && key.Name != "typing.Text" {
			return typeStruct, nil
		}
	default:
		return typeStruct, nil
	}
	of, err := c.literalType(args[1])
	if err != nil {
		return nil, within("Type of Generic List type is not supported, ", err)
	}
	return &core.LiteralType{Type: &core.LiteralType_MapValueType{MapValueType: of}}, nil
}

// dictArgs are the types of a dict's keys and values, none of a dict without
// (DictTransformer.extract_types).
func (c *conversion) dictArgs(t pyeval.Value) ([]pyeval.Value, error) {
	t = c.resolve(t)
	if alias, ok := annotated(t); ok {
		for _, arg := range alias.Args[1:] {
			if _, ok := c.flyteAnnotation(arg); ok {
				return nil, rejectedType("type-annotation-conflict", t, "Flytekit does not currently have support for FlyteAnnotations applied to dicts. %s cannot be parsed.", c.reprOr(t))
			}
		}
		t = c.resolve(alias.Args[0])
	}
	alias, ok := t.(*pyeval.Alias)
	if !ok {
		return nil, nil
	}
	if nativeName(c.resolve(alias.Origin)) != "builtins.dict" {
		return nil, rejected("Trying to extract dictionary type information from a non-dict type %s", c.reprOr(t))
	}
	return alias.Args, nil
}

// unionArgs are the variants of a union, annotated or not.
func (c *conversion) unionArgs(t pyeval.Value) []pyeval.Value {
	t = c.underlying(t)
	switch t := t.(type) {
	case *pyeval.Union:
		return t.Args
	case *pyeval.Native:
		if t.Name == "flytekit.types.iterator.json_iterator.JSON" {
			return jsonVariants
		}
	}
	return nil
}

// unionType is UnionTransformer.get_literal_type.
func unionType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	union := &core.UnionType{}
	for _, arg := range c.unionArgs(t) {
		variant, err := c.variant(arg)
		if err != nil {
			return nil, within("Type of Generic Union type is not supported, ", err)
		}
		union.Variants = append(union.Variants, variant)
	}
	return &core.LiteralType{Type: &core.LiteralType_UnionType{UnionType: union}}, nil
}

func (c *conversion) variant(t pyeval.Value) (*core.LiteralType, error) {
	tr, err := c.transformer(t)
	if err != nil {
		return nil, err
	}
	if class, ok := c.resolve(t).(*pyeval.Class); ok && (tr == dataclassTransformer || tr == pydanticTransformer) {
		// The tag takes the structure's place, so that a class may hold itself
		// in an Optional.
		outer, err := c.outer(class, tr)
		if err != nil {
			return nil, err
		}
		return withTag(outer, tr.name), nil
	}
	of, err := c.literalType(t)
	if err != nil {
		return nil, err
	}
	return withTag(of, tr.name), nil
}

// literalType is LiteralTypeTransformer.get_literal_type.
func literalType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	base, values, err := c.literalBase(t)
	if err != nil {
		return nil, err
	}
	if base == nil {
		return nil, rejectedType("type-literal-mixed", t, "Unsupported type: %s", c.typeOf(values[0]))
	}
	listed := make([]any, len(values))
	for i, value := range values {
		if listed[i], err = c.json(value); err != nil {
			return nil, err
		}
	}
	return &core.LiteralType{
		Type:       base.Type,
		Annotation: &core.TypeAnnotation{Annotations: structOf(map[string]any{"literal_values": listed})},
	}, nil
}

// literalBase is the type of a Literal's values, nil if flytekit doesn't take
// it, and the values (LiteralTypeTransformer.get_base_type).
func (c *conversion) literalBase(t pyeval.Value) (*core.LiteralType, []pyeval.Value, error) {
	t = c.resolve(t)
	if _, ok := annotated(t); ok {
		return nil, nil, rejectedType("type-literal-mixed", t, "All values must be of the same type")
	}
	alias, ok := t.(*pyeval.Alias)
	if !ok || len(alias.Args) == 0 {
		return nil, nil, rejected("Literal must have at least one value")
	}
	values := c.literalValues(alias)
	for _, value := range values {
		if reason, ok := c.uncertain(value); ok {
			return nil, nil, unknown("a value of the Literal isn't known: %s", reason)
		}
		if c.typeOf(value) != c.typeOf(values[0]) {
			return nil, nil, rejectedType("type-literal-mixed", t, "All values must be of the same type")
		}
	}
	switch values[0].(type) {
	case pyeval.Str:
		return typeStr, values, nil
	case pyeval.Int:
		return typeInt, values, nil
	case pyeval.Bool:
		return typeBool, values, nil
	case pyeval.Float:
		return typeFloat, values, nil
	}
	return nil, values, nil
}

// literalValues are the values of a Literal, with those of Literals in it.
func (c *conversion) literalValues(alias *pyeval.Alias) []pyeval.Value {
	var values []pyeval.Value
	for _, arg := range alias.Args {
		arg = c.resolve(arg)
		if inner, ok := arg.(*pyeval.Alias); ok && nativeName(c.resolve(inner.Origin)) == "typing.Literal" {
			values = append(values, c.literalValues(inner)...)
			continue
		}
		values = append(values, arg)
	}
	return values
}

// enumType is EnumTransformer.get_literal_type.
func enumType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	t = c.resolve(t)
	if _, ok := annotated(t); ok {
		return nil, rejectedType("type-enum-annotated", t, "Flytekit does not currently have support for FlyteAnnotations applied to enums. %s cannot be parsed.", c.reprOr(t))
	}
	members, err := c.enumMembers(t)
	if err != nil {
		return nil, err
	}
	if len(members) == 0 {
		return nil, rejected("list index out of range")
	}
	enum := &core.EnumType{}
	for i, member := range members {
		text, ok := c.resolve(member.Value).(pyeval.Str)
		if reason, uncertain := c.uncertain(member.Value); uncertain {
			return nil, unknown("the value of %s.%s isn't known: %s", member.Class.Name, member.Name, reason)
		}
		if !ok && i == 0 {
			return nil, rejectedType("type-enum-not-string", t, "Only EnumTypes with value of string are supported")
		}
		if !ok {
			return nil, rejectedType("type-enum-mixed", t, "bad argument type for built-in operation")
		}
		enum.Values = append(enum.Values, string(text))
	}
	return &core.LiteralType{Type: &core.LiteralType_EnumType{EnumType: enum}}, nil
}

var (
	strNative  = &pyeval.Native{Name: "builtins.str"}
	anyNative  = &pyeval.Native{Name: "typing.Any"}
	dictNative = &pyeval.Native{Name: "builtins.dict"}
	listNative = &pyeval.Native{Name: "builtins.list"}
	typingDict = &pyeval.Native{Name: "typing.Dict"}
	typingList = &pyeval.Native{Name: "typing.List"}
)

// jsonVariants are the variants of flytekit.types.iterator.JSON.
var jsonVariants = []pyeval.Value{
	&pyeval.Alias{Origin: dictNative, Args: []pyeval.Value{strNative, anyNative}, Spelled: typingDict},
	&pyeval.Alias{Origin: listNative, Args: []pyeval.Value{anyNative}, Spelled: typingList},
	&pyeval.Native{Name: "builtins.bool"},
	&pyeval.Native{Name: "builtins.float"},
	&pyeval.Native{Name: "builtins.int"},
	strNative,
}

// isJSON tells whether a type is flytekit.types.iterator.JSON.
func (c *conversion) isJSON(t pyeval.Value) bool {
	switch t := c.resolve(t).(type) {
	case *pyeval.Native:
		return t.Name == "flytekit.types.iterator.json_iterator.JSON"
	case *pyeval.Union:
		if len(t.Args) != len(jsonVariants) {
			return false
		}
		have := map[string]bool{}
		for _, arg := range t.Args {
			have[c.reprOr(arg)] = true
		}
		for _, variant := range jsonVariants {
			if !have[c.reprOr(variant)] {
				return false
			}
		}
		return true
	}
	return false
}
