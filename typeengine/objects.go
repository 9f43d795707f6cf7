package typeengine

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// resolve is the object that a value stands for.
func (c *conversion) resolve(v pyeval.Value) pyeval.Value {
	if v == nil {
		return pyeval.None{}
	}
	if c.frame != nil {
		v = c.frame.Resolve(v)
	}
	if native, ok := v.(*pyeval.Native); ok {
		if plain, ok := recordTypes[native.Name]; ok && !c.importsTensorflow() && !c.installed("tensorflow", false) {
			return plain
		}
	}
	return v
}

// importsTensorflow tells whether the file itself does: an interpreter without
// it is none that runs the file.
func (c *conversion) importsTensorflow() bool {
	if c.frame == nil {
		return false
	}
	for binding := range c.frame.Module().Scope.All() {
		var name string
		switch v := c.frame.Resolve(binding.Value).(type) {
		case *pyeval.ModuleRef:
			name = v.Name
		case *pyeval.Native:
			name = v.Name
		}
		if library, _, _ := strings.Cut(name, "."); library == "tensorflow" {
			return true
		}
	}
	return false
}

// recordTypes are the types of flytekit that have a transformer of tensorflow's
// own once tensorflow is imported, and are types with a format without.
var recordTypes = map[string]pyeval.Value{
	"flytekit.types.file.TFRecordFile":            formatted(flyteFile, "tfrecord"),
	"flytekit.types.directory.TFRecordsDirectory": formatted(flyteDirectory, "tfrecords_dir"),
}

func formatted(class, format string) pyeval.Value {
	return &pyeval.Alias{Origin: &pyeval.Native{Name: class}, Args: []pyeval.Value{pyeval.Str(format)}}
}

func describe(v pyeval.Value) string {
	if v == nil {
		return "nothing"
	}
	return v.Describe()
}

// uncertain says why a value isn't known, false if it is.
func (c *conversion) uncertain(v pyeval.Value) (string, bool) {
	switch v := c.resolve(v).(type) {
	case *pyeval.Unknown:
		return v.Reason, true
	case *pyeval.Uncertain:
		return "it is one of several", true
	case *pyeval.ForwardRef:
		return "the quoted type " + v.Text + " isn't looked up", true
	}
	return "", false
}

// opaque tells whether a value is an object of a library that isn't read, a
// constant as a rule, and why nothing more is known of it.
func (c *conversion) opaque(v pyeval.Value) (string, bool) {
	native, ok := v.(*pyeval.Native)
	if !ok {
		return "", false
	}
	if native.Missing != "" {
		return native.Missing, true
	}
	if _, class, err := c.ownName(native); err == nil && class {
		return "", false
	}
	return "the value of " + native.Name + " is only known when it runs", true
}

// typeOf is what str() says of a value's class.
func (c *conversion) typeOf(v pyeval.Value) string {
	switch v := c.resolve(v).(type) {
	case pyeval.None:
		return "<class 'NoneType'>"
	case pyeval.Bool:
		return "<class 'bool'>"
	case pyeval.Int:
		return "<class 'int'>"
	case pyeval.Float:
		return "<class 'float'>"
	case pyeval.Str:
		return "<class 'str'>"
	case pyeval.Bytes:
		return "<class 'bytes'>"
	case *pyeval.List:
		return "<class 'list'>"
	case *pyeval.Tuple:
		return "<class 'tuple'>"
	case *pyeval.Dict:
		return "<class 'dict'>"
	case *pyeval.Set:
		if v.Frozen {
			return "<class 'frozenset'>"
		}
		return "<class 'set'>"
	case *pyeval.EnumMember:
		return c.reprOr(v.Class)
	case *pyeval.Instance:
		return c.reprOr(v.Class)
	default:
		return describe(v)
	}
}

// enumMembers are the members of an enum class in order, without aliases.
func (c *conversion) enumMembers(t pyeval.Value) ([]*pyeval.EnumMember, error) {
	class, ok := t.(*pyeval.Class)
	if !ok {
		if slices.Contains(nativeClasses()[nativeName(t)].bases, "builtins.int") {
			return nil, rejectedType("type-enum-not-string", t, "Only EnumTypes with value of string are supported")
		}
		return nil, unknown("the members of %s aren't known", describe(t))
	}
	var members []*pyeval.EnumMember
	for binding := range class.Scope.All() {
		value := c.resolve(binding.Value)
		if reason, ok := c.uncertain(value); ok {
			return nil, unknown("%s.%s isn't known: %s", class.Name, binding.Name, reason)
		}
		member, ok := value.(*pyeval.EnumMember)
		if !ok || member.Name != binding.Name {
			continue // a method, or another name of a member
		}
		if binding.Maybe {
			return nil, unknown("whether %s has the member %s isn't known", class.Name, binding.Name)
		}
		members = append(members, member)
	}
	return members, nil
}

// attribute is an attribute of a class, looked up through its bases; nil if it
// has none that source tells.
func (c *conversion) attribute(class *pyeval.Class, name string) pyeval.Value {
	for _, base := range c.linear(class, nil) {
		base, ok := base.(*pyeval.Class)
		if !ok || base.Scope == nil {
			continue
		}
		if binding, ok := base.Scope.Get(name); ok {
			return c.resolve(binding.Value)
		}
	}
	return nil
}

// callee is the name of what a value calls, or of the native that it is: the
// name of `dataclass` and of `dataclass(frozen=True)`.
func (c *conversion) callee(v pyeval.Value) (string, *pyeval.Instance) {
	switch v := c.resolve(v).(type) {
	case *pyeval.Native:
		return v.Name, nil
	case *pyeval.Instance:
		if class, ok := c.resolve(v.Class).(*pyeval.Class); ok {
			return classPath(class), v
		}
		return nativeName(c.resolve(v.Class)), v
	case *pyeval.Partial:
		keywords := &pyeval.Instance{Class: v.Func, Args: v.Args, Keywords: v.Keywords}
		return nativeName(c.resolve(v.Func)), keywords
	}
	return "", nil
}

var dataclassDecorators = []string{"dataclasses.dataclass", "pydantic.dataclasses.dataclass"}

// dataclassDecorator is the call of the decorator that makes a class a
// dataclass; nil if it is bare.
func (c *conversion) dataclassDecorator(class *pyeval.Class) (call *pyeval.Instance, ok bool) {
	for _, decorator := range class.Decorators {
		name, call := c.callee(decorator)
		if slices.Contains(dataclassDecorators, name) {
			return call, true
		}
	}
	return nil, false
}

// isDataclass tells whether a class, or one that it derives from, is a
// dataclass (dataclasses.is_dataclass).
func (c *conversion) isDataclass(class *pyeval.Class) bool {
	for _, base := range c.linear(class, nil) {
		if base, ok := base.(*pyeval.Class); ok {
			if _, ok := c.dataclassDecorator(base); ok {
				return true
			}
		}
	}
	return false
}

// annotation is the type that an annotated name of a class has.
func (c *conversion) annotation(a pyeval.Annotation) pyeval.Value {
	if c.frame == nil {
		return &pyeval.Unknown{Reason: "the type of " + a.Name + " isn't known"}
	}
	return c.resolve(c.frame.FieldType(a))
}
