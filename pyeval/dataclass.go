package pyeval

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Field is a field of a dataclass.
type Field struct {
	Annotation
	// Class is the class that declares the field.
	Class *Class
	// Options is the call of dataclasses.field, nil if there is none. Default
	// is then its default.
	Options *Instance
	// Factory is its default_factory, nil if there is none.
	Factory Value
	// Init: it is a parameter of __init__; KeywordOnly: by keyword only.
	Init, KeywordOnly bool
	// InitVar: it is a parameter of __init__ only.
	InitVar bool
}

// dataclassDecorators make a class a dataclass.
var dataclassDecorators = map[string]bool{"dataclasses.dataclass": true, "pydantic.dataclasses.dataclass": true}

// DataclassDecorator is the decorator that makes a class itself a dataclass:
// the Native, or an Instance of it that has its arguments; nil if there is
// none.
func (f *Frame) DataclassDecorator(class *Class) Value {
	for _, decorator := range class.Decorators {
		switch d := decorator.(type) {
		case *Native:
			if dataclassDecorators[d.Name] {
				return d
			}
		case *Instance:
			if n, ok := d.Class.(*Native); ok && dataclassDecorators[n.Name] {
				return d
			}
		}
	}
	return nil
}

// IsDataclass tells whether the class itself is decorated to be a dataclass.
func (f *Frame) IsDataclass(class *Class) bool { return f.DataclassDecorator(class) != nil }

// makeDataclass makes a class a dataclass. One that it decorates is known to be
// one by its decorators.
func (f *Frame) makeDataclass(class *Class, options *Instance, c *Call) Value {
	if c.Decorator != nil && f.IsDataclass(class) {
		return class
	}
	if may, certain := f.mine(&class.owned, class); !may || !certain {
		return nil
	}
	class.Decorators = append(slices.Clone(class.Decorators), options)
	return class
}

// Fields are the fields of a dataclass in order, with those of its bases, as
// dataclasses.fields gives them, and those that only __init__ takes.
func (f *Frame) Fields(class *Class) []Field {
	// A base brings all fields that it has, those of its own bases too.
	all := map[*Class][]Field{}
	for _, of := range slices.Backward(class.mro) {
		base, ok := of.(*Class)
		if !ok {
			continue
		}
		var fields []Field
		for _, above := range slices.Backward(base.mro[1:]) {
			if above, ok := above.(*Class); ok {
				for _, field := range all[above] {
					fields = setField(fields, field)
				}
			}
		}
		if base == class || f.IsDataclass(base) {
			fields = f.addFields(fields, base)
		}
		all[base] = fields
	}
	return all[class]
}

// addFields adds the fields that a class declares itself.
func (f *Frame) addFields(fields []Field, class *Class) []Field {
	keywordOnly := false
	if options, ok := f.DataclassDecorator(class).(*Instance); ok {
		keywordOnly = options.keyword("kw_only") == Value(Bool(true))
	}
	for _, annotation := range class.Annotations {
		switch annotationName(annotation.Expr) {
		case "ClassVar":
			continue
		case "KW_ONLY":
			keywordOnly = true
			continue
		}
		field := f.field(class, annotation)
		field.KeywordOnly = field.KeywordOnly || keywordOnly
		fields = setField(fields, field)
	}
	return fields
}

// InheritedDefault is the default that a field has without one of its own:
// what its name stands for in the bases of its class, nil if for nothing
// (dataclasses.py, _get_field: getattr(cls, name)).
func (f *Frame) InheritedDefault(class *Class, name string) Value {
	for _, of := range class.mro[1:] {
		base, ok := of.(*Class)
		if !ok {
			continue
		}
		binding, ok := base.Scope.Get(name)
		if !ok {
			continue
		}
		value := f.Resolve(binding.Value)
		options, isField := value.(*Instance)
		if isField && isNative(options.Class, "dataclasses.field") && f.IsDataclass(base) {
			if value = options.keyword("default"); value == nil {
				continue // it was taken out of the class
			}
		}
		if options, ok := f.DataclassDecorator(base).(*Instance); ok && options.keyword("slots") == Value(Bool(true)) {
			return nil
		}
		return value
	}
	return nil
}

// setField adds a field, in place of the one of that name.
func setField(fields []Field, field Field) []Field {
	for i := range fields {
		if fields[i].Name == field.Name {
			fields[i] = field
			return fields
		}
	}
	return append(fields, field)
}

func (f *Frame) field(class *Class, annotation Annotation) Field {
	field := Field{Annotation: annotation, Class: class, Init: true, InitVar: annotationName(annotation.Expr) == "InitVar"}
	if field.Default == nil {
		field.Default = f.InheritedDefault(class, annotation.Name)
	}
	options, ok := annotation.Default.(*Instance)
	if !ok || !isNative(options.Class, "dataclasses.field") {
		return field
	}
	field.Options = options
	field.Default = options.keyword("default")
	field.Factory = options.keyword("default_factory")
	field.Init = options.keyword("init") != Value(Bool(false))
	field.KeywordOnly = options.keyword("kw_only") == Value(Bool(true))
	return field
}

// keyword is a keyword argument that the object was made with, nil if it
// wasn't given.
func (i *Instance) keyword(name string) Value {
	for _, keyword := range i.Keywords {
		if keyword.Name == name {
			return keyword.Value
		}
	}
	return nil
}

// annotationName is the last name of an annotation, without its arguments,
// which is how dataclasses knows ClassVar and InitVar.
func annotationName(expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.Name:
		return e.ID
	case *ast.Attribute:
		return e.Attr
	case *ast.Subscript:
		return annotationName(e.Value)
	case *ast.Constant:
		if e.Kind == ast.StringConst {
			name, _, _ := strings.Cut(e.Text, "[")
			return strings.TrimSpace(name[strings.LastIndexByte(name, '.')+1:])
		}
	}
	return ""
}

// initDataclass is the __init__ that a dataclass is given.
func (f *Frame) initDataclass(dataclass, class *Class, self *Instance, c *Call) {
	if options, ok := f.DataclassDecorator(dataclass).(*Instance); ok && options.keyword("init") == Value(Bool(false)) {
		return
	}
	fields := f.Fields(dataclass)
	if self.Attrs == nil {
		self.Attrs = make(map[string]Value, len(fields))
	}
	next := 0
	var initVars []Named
	for i := range fields {
		field := &fields[i]
		position := -1
		if field.Init && !field.KeywordOnly {
			position = next
			next++
		}
		var value Value
		if arg, ok := c.Arg(position, field.Name); ok && field.Init {
			value = arg.Value
		} else {
			value = f.fieldDefault(field, self, c)
		}
		if field.InitVar {
			initVars = append(initVars, Named{Value: value})
		} else if value != nil {
			self.Attrs[field.Name] = value
		}
	}
	if next < len(c.Args) {
		f.fail("TypeError", class.Name+" is given too many arguments", c.at())
		self.Open = true
	}
	if method, ok := f.special(self, "__post_init__"); ok {
		f.CallValue(method, &Call{Func: method, Args: initVars})
	}
}

// fieldDefault is what a field is set to that isn't given; nil if nothing.
func (f *Frame) fieldDefault(field *Field, self *Instance, c *Call) Value {
	switch {
	case c.Open && field.Init:
		return &Unknown{Reason: "the arguments of the call aren't all known", Expr: c.at()}
	case field.Factory != nil:
		return f.CallValue(field.Factory, &Call{Func: field.Factory})
	case field.Default != nil:
		return field.Default
	case field.Init:
		self.Open = true
		return f.fail("TypeError", field.Class.Name+" isn't given "+field.Name, c.at())
	}
	return nil
}

// initNamedTuple sets the fields of a class that derives from NamedTuple.
func (f *Frame) initNamedTuple(class *Class, self *Instance, c *Call) {
	f.initFields(f.NamedTupleFields(class), self, c)
}

// NamedTupleFields are the fields of a class that derives from NamedTuple; nil
// if it doesn't.
func (f *Frame) NamedTupleFields(class *Class) []Annotation {
	for _, base := range class.mro {
		switch base := base.(type) {
		case *NamedTuple:
			return base.Fields
		case *Class:
			for _, of := range base.Bases {
				if isNative(of, "typing.NamedTuple") {
					return base.Annotations
				}
			}
		}
	}
	return nil
}

// initFields sets the fields of a named tuple.
func (f *Frame) initFields(fields []Annotation, self *Instance, c *Call) {
	if self.Attrs == nil {
		self.Attrs = make(map[string]Value, len(fields))
	}
	for i, field := range fields {
		value := c.Value(i, field.Name, field.Default)
		if c.Open && i >= len(c.Args) {
			value = &Unknown{Reason: "the arguments of the call aren't all known", Expr: c.at()}
		}
		if value == nil {
			value = f.fail("TypeError", "the tuple isn't given "+field.Name, c.at())
		}
		self.Attrs[field.Name] = value
	}
}

func (f *Frame) newNamedTuple(class *NamedTuple, c *Call) Value {
	instance := f.newInstance(class, c)
	f.initFields(class.Fields, instance, c)
	return instance
}

func (f *Frame) namedTupleAttr(class *NamedTuple, name string) Value {
	switch name {
	case "__name__", "__qualname__":
		return Str(class.Name)
	case "_fields":
		tuple := &Tuple{}
		for _, field := range class.Fields {
			tuple.Elems = append(tuple.Elems, Str(field.Name))
		}
		return tuple
	case "_make":
		return &boundMethod{name: "namedtuple._make", self: class}
	}
	return nil
}

// tupleFields are the values of a named tuple's object; false if it is none.
func (f *Frame) tupleFields(i *Instance) ([]Value, bool) {
	var fields []Annotation
	switch class := i.Class.(type) {
	case *NamedTuple:
		fields = class.Fields
	case *Class:
		fields = f.NamedTupleFields(class)
	}
	if fields == nil || !f.intact(i) {
		return nil, false
	}
	values := make([]Value, len(fields))
	for n, field := range fields {
		value, ok := i.Attrs[field.Name]
		if !ok {
			return nil, false
		}
		values[n] = value
	}
	return values, true
}
