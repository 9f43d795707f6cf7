package typeengine

import (
	"errors"
	"iter"
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// dataclassType is DataclassTransformer.get_literal_type.
func dataclassType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	t = c.resolve(t)
	if alias, ok := annotated(t); ok {
		for _, arg := range alias.Args[1:] {
			if _, ok := c.flyteAnnotation(arg); ok {
				return nil, rejectedType("type-annotation-conflict", t, "Flytekit does not currently have support for FlyteAnnotations applied to Dataclass.Type %s cannot be parsed.", c.reprOr(t))
			}
		}
		t = c.resolve(alias.Args[0])
	}
	class, ok := t.(*pyeval.Class)
	if !ok {
		return nil, unknown("the fields of %s aren't known", describe(t))
	}
	outer, err := c.dataclassOuter(class)
	if err != nil {
		return nil, err
	}
	fields, err := c.hinted(class)
	if err != nil {
		return nil, err
	}
	return c.withFields(class, outer, func(yield func(string, pyeval.Value) bool) {
		for _, f := range fields {
			if !f.foreign && !yield(f.name, c.stripped(f.of)) {
				return
			}
		}
	})
}

// withFields is the type of a dataclass or a model with the types of its
// fields, for which both transformers go the same way.
func (c *conversion) withFields(class *pyeval.Class, outer *core.LiteralType, fields iter.Seq2[string, pyeval.Value]) (*core.LiteralType, error) {
	leave, err := c.enter(class)
	if err != nil {
		return nil, err
	}
	defer leave()
	held := 0
	for _, t := range fields {
		held += c.mentions(t, class, 0)
	}
	if held > 1 {
		return nil, rejectedType(endless, class, "%s holds itself in %d places, which keeps flytekit busy for ever", class.Name, held)
	}
	structure := &core.TypeStructure{DataclassType: map[string]*core.LiteralType{}}
	for name, t := range fields {
		of, err := c.literalType(t)
		if err != nil {
			if isUnknown(err) {
				return nil, unknown("the type of %s.%s isn't known: %v", class.Name, name, err)
			}
			if isEndless(err) {
				return nil, err
			}
			continue // flytekit leaves the field out
		}
		structure.DataclassType[name] = of
	}
	return &core.LiteralType{Type: outer.Type, Metadata: outer.Metadata, Annotation: outer.Annotation, Structure: structure}, nil
}

func isUnknown(err error) bool {
	var u *UnknownError
	return errors.As(err, &u)
}

// endless is the code of a class that holds itself.
const endless = "type-recursive"

func isEndless(err error) bool {
	var rejection *RejectedError
	return errors.As(err, &rejection) && rejection.Code == endless
}

// mentions counts how often flytekit comes to a class on its way through a type:
// through unions, lists and dicts. From two on, each level of the way to the end
// of Python's stack doubles what there is to do.
func (c *conversion) mentions(t pyeval.Value, class *pyeval.Class, depth int) int {
	if depth > maxDepth {
		return 0
	}
	var inside []pyeval.Value
	switch t := c.resolve(t).(type) {
	case *pyeval.Class:
		if sameDefinition(t, class) {
			return 1
		}
	case *pyeval.Union:
		inside = t.Args
	case *pyeval.Alias:
		if alias, ok := annotated(t); ok {
			return c.mentions(alias.Args[0], class, depth+1)
		}
		switch nativeName(t.Origin) {
		case "builtins.list", "builtins.dict":
			inside = t.Args
		}
	}
	count := 0
	for _, one := range inside {
		count += c.mentions(one, class, depth+1)
	}
	return count
}

// enter says that a class is being looked into. A class that holds itself has
// no end in flytekit either: it goes on until Python's stack is full, and what
// it has by then is too deep to be serialized.
func (c *conversion) enter(class *pyeval.Class) (leave func(), err error) {
	if slices.ContainsFunc(c.building, func(other *pyeval.Class) bool { return sameDefinition(other, class) }) {
		c.met = true
		return nil, rejectedType(endless, class, "%s holds itself", class.Name)
	}
	was := c.building
	c.building = append(slices.Clone(was), class)
	return func() { c.building = was }, nil
}

// outer is the type of a dataclass or model without the types of its fields.
func (c *conversion) outer(class *pyeval.Class, tr *transformer) (*core.LiteralType, error) {
	if tr == pydanticTransformer {
		return c.modelOuter(class)
	}
	return c.dataclassOuter(class)
}

// dataclassOuter is the type of a dataclass without the types of its fields.
func (c *conversion) dataclassOuter(class *pyeval.Class) (*core.LiteralType, error) {
	outer := &core.LiteralType{Type: typeStruct.Type, Annotation: cacheKeyMetadata}
	schema, err := c.dataclassSchema(class)
	switch {
	case errors.Is(err, errNoSchema):
		derives, known := c.derives(class, "dataclasses_json.api.DataClassJsonMixin", "dataclasses_json.DataClassJsonMixin")
		if derives || !known || c.isDataclassJSON(class) {
			return nil, unknown("the JSON schema that marshmallow makes of %s isn't known", class.Name)
		}
	case err != nil:
		return nil, err
	default:
		outer.Metadata = structOf(schema)
	}
	return outer, nil
}

// isDataclassJSON tells whether a class or a base is decorated with
// @dataclass_json, which makes it a DataClassJsonMixin.
func (c *conversion) isDataclassJSON(class *pyeval.Class) bool {
	for _, base := range c.linear(class, nil) {
		base, ok := base.(*pyeval.Class)
		if !ok {
			continue
		}
		for _, decorator := range base.Decorators {
			switch name, _ := c.callee(decorator); name {
			case "dataclasses_json.api.dataclass_json", "dataclasses_json.dataclass_json":
				return true
			}
		}
	}
	return false
}
