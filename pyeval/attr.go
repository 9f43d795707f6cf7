package pyeval

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Attr is value.name.
func (f *Frame) Attr(value Value, name string) Value { return f.attrAt(value, name, nil) }

func (f *Frame) attrAt(value Value, name string, at ast.Expr) Value {
	found := f.attr(value, name, at)
	if found != nil {
		return found
	}
	if !certain(value) {
		return f.unknownFrom(value, value.Describe()+"."+name, at)
	}
	return f.fail("AttributeError", value.Describe()+" has no attribute "+name, at)
}

// attr is value.name; nil if there is no such attribute.
func (f *Frame) attr(value Value, name string, at ast.Expr) Value {
	switch v := value.(type) {
	case *Unknown:
		return f.unknownFrom(v, "", at)
	case *Uncertain:
		return f.each(v, func(v Value) Value { return f.attrAt(v, name, at) })
	case *Native:
		return f.nativeAttr(v, name)
	case *ModuleRef:
		return f.moduleRefAttr(v, name)
	case Attributer:
		if found := v.Attr(f, name); found != nil {
			return found
		}
		return f.unknownFrom(value, "the attribute "+name+" of "+value.Describe(), at)
	case *Instance:
		return f.instanceAttr(v, name, at)
	case *Class:
		return f.ClassAttr(v, name)
	case *Function:
		return f.functionAttr(v, name)
	case *EnumMember:
		return f.memberAttr(v, name, at)
	case *Partial:
		switch name {
		case "func":
			return v.Func
		case "args":
			return &Tuple{Elems: v.Args}
		case "keywords":
			dict := &Dict{owned: f.own()}
			for _, keyword := range v.Keywords {
				dict.Items = append(dict.Items, Item{Str(keyword.Name), keyword.Value})
			}
			return dict
		}
		return nil
	case *Alias:
		switch name {
		case "__origin__":
			return v.Origin
		case "__args__":
			return &Tuple{Elems: v.Args}
		}
		return f.attr(v.Origin, name, at)
	case *NewType:
		switch name {
		case "__supertype__":
			return v.Of
		case "__name__":
			return Str(v.Name)
		}
	case *TypeVar:
		if name == "__name__" {
			return Str(v.Name)
		}
	case *NamedTuple:
		return f.namedTupleAttr(v, name)
	case *super:
		return v.attr(f, name)
	case *boundMethod:
		return nil
	}
	if method := builtinMethod(value, name); method != nil {
		return method
	}
	if name == "__class__" {
		return f.TypeOf(value)
	}
	switch value.(type) {
	case *Union, *TypeAliasValue, *NewType, *TypeVar, Float, Int, *Set, *generator, *slice:
		return f.unknownFrom(value, "the attribute "+name+" of "+value.Describe(), at)
	}
	return nil
}

// nativeName is the object of a public name.
func (f *Frame) nativeName(name string) Value {
	if canonical, ok := strings.CutPrefix(name, "typing_extensions."); ok {
		name = "typing." + canonical
	}
	if other, ok := pythonNames[name]; ok {
		name = other
	} else if canonical := f.Program().options.Canonical; canonical != nil {
		name = canonical(name)
	}
	if behaviour, ok := f.Program().natives[name]; ok && behaviour.Value != nil {
		return behaviour.Value
	}
	if constant := f.nativeConstant(name); constant != nil {
		return constant
	}
	return &Native{Name: name}
}

// behaviour is what a native does.
func (f *Frame) behaviour(n *Native) (Behaviour, bool) {
	if behaviour, ok := f.Program().natives[n.Name]; ok {
		return behaviour, true
	}
	behaviour, ok := pythonNatives[n.Name]
	return behaviour, ok
}

func (f *Frame) nativeAttr(n *Native, name string) Value {
	if n.Missing != "" {
		return &Native{Name: n.Name + "." + name, Missing: n.Missing}
	}
	if behaviour, ok := f.behaviour(n); ok && behaviour.Attr != nil {
		if value := behaviour.Attr(f, name); value != nil {
			return value
		}
	}
	switch name {
	case "__name__", "__qualname__":
		return Str(n.Name[strings.LastIndexByte(n.Name, '.')+1:])
	case "__module__":
		return Str(n.Name[:max(strings.LastIndexByte(n.Name, '.'), 0)])
	}
	return f.nativeName(n.Name + "." + name)
}

// instanceAttr is an attribute of an object.
func (f *Frame) instanceAttr(i *Instance, name string, at ast.Expr) Value {
	if !f.intact(i) {
		return &Unknown{Reason: "the attribute " + name + " was changed after its module was imported", Expr: at}
	}
	class, ofSource := i.Class.(*Class)
	if !ofSource {
		if value, ok := i.Attrs[name]; ok {
			return value
		}
		if name == "__class__" {
			return i.Class
		}
		if value := f.member(i, name); value != nil {
			return value
		}
		return f.unknownFrom(i, "the attribute "+name+" of "+i.Describe(), at)
	}
	found, ok := f.inMRO(class, name)
	if fn, is := found.(*Function); ok && is && fn.Binds == "property" {
		return f.CallFunction(f.bindTo(fn, i), &Call{Func: fn})
	}
	if value, ok := i.Attrs[name]; ok {
		return value
	}
	if ok {
		if native := f.setsAnnotated(class, i, name); native != nil {
			if value := f.memberOf(native, i, name); value != nil {
				return f.ownCopy(i, name, value)
			}
			return f.unknownFrom(i, "the attribute "+name+" of "+i.Describe(), at)
		}
		if native, is := found.(*nativeMember); is {
			if value := f.memberOf(native.class, i, name); value != nil {
				return value
			}
			return f.unknownFrom(i, "the attribute "+name+" of "+i.Describe(), at)
		}
		return f.bound(found, i, class)
	}
	if name == "__class__" {
		return class
	}
	if name == "__dict__" {
		dict := &Dict{owned: f.own(), Open: true}
		return dict
	}
	if getter, ok := f.inMRO(class, "__getattr__"); ok {
		if _, native := getter.(*nativeMember); !native {
			method := f.bound(getter, i, class)
			return f.CallValue(method, &Call{Func: method, Args: []Named{{Value: Str(name)}}})
		}
	}
	if i.Open {
		return f.unknownFrom(i, "the attribute "+name+" of "+i.Describe(), at)
	}
	return nil
}

// ownCopy is the copy that an object holds of a container which it was given or
// which its class has for a default.
func (f *Frame) ownCopy(i *Instance, name string, value Value) Value {
	switch value.(type) {
	case *List, *Dict, *Set:
	default:
		return value
	}
	value = f.copied(value, true)
	if i.by == f.ev {
		if i.Attrs == nil {
			i.Attrs = map[string]Value{}
		}
		i.Attrs[name] = value
	}
	return value
}

// setsAnnotated is the native class whose __init__ sets an object's attribute
// because its class annotates it; nil if there is none.
func (f *Frame) setsAnnotated(class *Class, i *Instance, name string) *Native {
	annotated := false
	for _, base := range class.mro {
		switch base := base.(type) {
		case *Class:
			for _, annotation := range base.Annotations {
				annotated = annotated || annotation.Name == name && annotationName(annotation.Expr) != "ClassVar"
			}
		case *Native:
			if behaviour, known := f.behaviour(base); annotated && (behaviour.Annotated || !known && i.Open) {
				return base
			}
		}
	}
	return nil
}

// member is an attribute of an object of a native class.
func (f *Frame) member(i *Instance, name string) Value {
	if native, ok := i.Class.(*Native); ok {
		return f.memberOf(native, i, name)
	}
	return nil
}

func (f *Frame) memberOf(native *Native, i *Instance, name string) Value {
	if behaviour, ok := f.behaviour(native); ok {
		if behaviour.Member != nil {
			if value := behaviour.Member(f, i, name); value != nil {
				return value
			}
		}
		for _, base := range behaviour.Bases {
			if value := f.memberOf(&Native{Name: base}, i, name); value != nil {
				return value
			}
		}
	}
	return nil
}

// nativeMember says that a native class stands in the way of a lookup: it may
// have the attribute.
type nativeMember struct {
	class *Native
	name  string
}

func (m *nativeMember) Describe() string { return m.class.Name + "." + m.name }

// inMRO finds an attribute in the class and its bases; a *nativeMember where a
// native class may have it, an Unknown where a base isn't known.
func (f *Frame) inMRO(class *Class, name string) (Value, bool) {
	return f.inMROAfter(class, nil, name)
}

func (f *Frame) inMROAfter(class *Class, after Value, name string) (Value, bool) {
	skip := after != nil
	for _, base := range class.MRO() {
		if skip {
			skip = !Same(base, after)
			continue
		}
		switch base := base.(type) {
		case *Class:
			if value, ok := f.find(base.Scope, name); ok {
				return value, true
			}
		case *Native:
			if base.Missing != "" {
				return &Unknown{Reason: base.Missing}, true
			}
			if f.mayHave(base, name) {
				return &nativeMember{base, name}, true
			}
		case *Alias, *NamedTuple:
		default:
			return f.unknownFrom(base, "what a base of "+class.Name+" has", nil), true
		}
	}
	return nil, false
}

// plainBases are native classes that have no attributes that matter here.
var plainBases = map[string]bool{
	"builtins.object": true, "typing.Generic": true, "typing.Protocol": true, "abc.ABC": true, "typing.NamedTuple": true,
	"typing.TypedDict": true, "enum.Enum": true, "enum.IntEnum": true, "enum.StrEnum": true, "enum.Flag": true, "enum.IntFlag": true,
}

// mayHave tells whether a native class may have an attribute.
func (f *Frame) mayHave(n *Native, name string) bool {
	if plainBases[n.Name] {
		return false
	}
	switch name {
	case "__init__":
		behaviour, ok := f.behaviour(n)
		return !ok || behaviour.Init != nil || len(behaviour.Bases) == 0 ||
			slices.ContainsFunc(behaviour.Bases, func(base string) bool {
				_, known := f.behaviour(&Native{Name: base})
				return known && f.mayHave(&Native{Name: base}, name)
			})
	case "__new__", "__bool__", "__len__", "__getattr__", "__class_getitem__", "__enter__", "__exit__", "__call__", "__eq__", "__contains__", "__getitem__", "__iter__":
		return false
	}
	return !strings.HasPrefix(name, "__")
}

// bound is an attribute of a class as its object has it.
func (f *Frame) bound(value Value, self Value, class *Class) Value {
	fn, ok := value.(*Function)
	if !ok || fn.Bound != nil {
		if p, ok := value.(*cachedProperty); ok {
			method := f.bindTo(p.fn, self)
			return f.CallFunction(method, &Call{Func: method})
		}
		return value
	}
	switch fn.Binds {
	case "staticmethod":
		return fn
	case "classmethod":
		return f.bindTo(fn, class)
	}
	return f.bindTo(fn, self)
}

// bindTo is a method bound to an object.
func (f *Frame) bindTo(fn *Function, self Value) *Function {
	method := *fn
	method.Bound, method.owned = self, f.own()
	return &method
}

// ClassAttr is an attribute of a class itself; nil if it has none of that name.
func (f *Frame) ClassAttr(class *Class, name string) Value {
	if value, ok := f.find(class.Scope, name); ok {
		if fn, ok := value.(*Function); ok && fn.Binds == "classmethod" && fn.Bound == nil {
			return f.bindTo(fn, class)
		}
		return value
	}
	switch name {
	case "__name__":
		return Str(class.Name)
	case "__qualname__":
		return Str(class.Qualname)
	case "__module__":
		return Str(class.Module.Name)
	case "__mro__":
		return &Tuple{Elems: class.MRO()}
	case "__bases__":
		return &Tuple{Elems: class.Bases}
	case "__members__":
		if class.enum {
			dict := &Dict{owned: f.own()}
			for _, member := range class.Members() {
				dict.Items = append(dict.Items, Item{Str(member.Name), member})
			}
			return dict
		}
	case "__doc__":
		if class.Def == nil || class.Def.Doc == "" {
			return None{}
		}
		return Str(class.Def.Doc)
	}
	value, ok := f.inMRO(class, name)
	if !ok {
		return nil
	}
	if native, ok := value.(*nativeMember); ok {
		return f.nativeAttr(native.class, name)
	}
	if fn, ok := value.(*Function); ok && fn.Binds == "classmethod" && fn.Bound == nil {
		return f.bindTo(fn, class)
	}
	return value
}

func (f *Frame) functionAttr(fn *Function, name string) Value {
	if !f.intact(fn) {
		return &Unknown{Reason: "the attribute " + name + " was changed after its module was imported"}
	}
	if value, ok := fn.Attrs[name]; ok {
		return value
	}
	switch name {
	case "__name__":
		return Str(fn.Name)
	case "__qualname__":
		return Str(fn.Qualname)
	case "__module__":
		return Str(fn.Module.Name)
	case "__wrapped__":
		return fn.Wraps
	case "__self__":
		return fn.Bound
	case "__func__":
		if fn.Bound != nil {
			plain := *fn
			plain.Bound = nil
			return &plain
		}
		return nil
	case "__doc__":
		if fn.Wraps != nil {
			return f.Attr(fn.Wraps, name)
		}
		if fn.Def == nil || fn.Def.Doc == "" {
			return None{}
		}
		return Str(fn.Def.Doc)
	case "setter", "getter", "deleter":
		if fn.Binds == "property" {
			return &boundMethod{name: "property." + name, self: fn}
		}
	case "__annotations__", "__defaults__", "__kwdefaults__", "__code__", "__globals__", "__dict__", "__call__", "__get__", "__closure__", "__signature__", "cache_clear", "cache_info":
		return &Unknown{Reason: "the attribute " + name + " of a function isn't looked into"}
	}
	return nil
}

// SetAttr is `value.name = to`.
func (f *Frame) SetAttr(value Value, name string, to Value) {
	switch v := value.(type) {
	case *Uncertain:
		f.eitherPart(len(v.Values), func(i int) { f.SetAttr(v.Values[i], name, to) })
	case AttrSetter:
		v.SetAttr(f, name, to)
	case *Instance:
		if class, ok := v.Class.(*Class); ok {
			if found, ok := f.inMRO(class, name); ok {
				if fn, ok := found.(*Function); ok && fn.Binds == "property" {
					if setter := fn.Attrs["fset"]; setter != nil {
						f.CallValue(setter, &Call{Func: setter, Args: []Named{{Value: v}, {Value: to}}})
					}
					return
				}
			}
		}
		f.setIn(&v.Attrs, &v.owned, v, name, to)
	case *Function:
		f.setFunctionAttr(v, name, to)
	case *Class:
		if may, _ := f.mine(&v.owned, v); may {
			v.Scope.bind(f, Binding{Name: name, Value: to})
		} else if f.ev.globals == nil {
			f.ev.globals = map[scopeName]Value{{v.Scope, name}: to}
		} else {
			f.ev.globals[scopeName{v.Scope, name}] = to
		}
	case *ModuleRef:
		if v.Source == nil {
			return
		}
		if module, _ := f.load(v.Source); module != nil {
			module.Scope.bind(f, Binding{Name: name, Value: to})
		}
	}
}

func (f *Frame) setFunctionAttr(fn *Function, name string, to Value) {
	if text, ok := to.(Str); ok {
		if may, certain := f.mine(&fn.owned, fn); may && certain {
			switch name {
			case "__name__":
				fn.Name = string(text)
				return
			case "__qualname__":
				fn.Qualname = string(text)
				return
			}
		}
	}
	if name == "__wrapped__" {
		if may, certain := f.mine(&fn.owned, fn); may && certain {
			fn.Wraps = to
			return
		}
	}
	f.setIn(&fn.Attrs, &fn.owned, fn, name, to)
}

// setIn sets an attribute of an object that keeps them in a map.
func (f *Frame) setIn(attrs *map[string]Value, o *owned, object any, name string, to Value) {
	may, certain := f.mine(o, object)
	if !may {
		return
	}
	if *attrs == nil {
		*attrs = map[string]Value{}
	}
	if !certain {
		to = f.perhaps((*attrs)[name], to, name)
	}
	(*attrs)[name] = to
}

// perhaps is what a part of an object is after a change that may not be made,
// or be made more than once.
func (f *Frame) perhaps(was, to Value, name string) Value {
	switch {
	case f.ev.repeated:
		return &Unknown{Reason: "a loop changes " + name}
	case was == nil:
		return to
	}
	return Join(was, to)
}
