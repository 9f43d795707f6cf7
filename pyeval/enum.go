package pyeval

import (
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"math/big"
	"strings"
)

// enumBases make the classes that derive from them enums.
var enumBases = map[string]bool{
	"enum.Enum": true, "enum.IntEnum": true, "enum.StrEnum": true, "enum.Flag": true, "enum.IntFlag": true, "enum.ReprEnum": true,
}

// IsEnum tells whether the class derives from enum.Enum.
func (c *Class) IsEnum() bool { return c.enum }

// Members are the members of an enum class in order, without aliases.
func (c *Class) Members() []*EnumMember {
	if !c.enum {
		return nil
	}
	var members []*EnumMember
	for binding := range c.Scope.All() {
		if member, ok := binding.Value.(*EnumMember); ok && member.Name == binding.Name && member.Class == c {
			members = append(members, member)
		}
	}
	return members
}

// Member is the member of a name or an alias; nil if there is none.
func (c *Class) Member(name string) *EnumMember {
	binding, _ := c.Scope.Get(name)
	member, _ := binding.Value.(*EnumMember)
	return member
}

// mixin is the native type of which an enum's members are values, too:
// "builtins.str", "builtins.int"; "" if there is none.
func (m *EnumMember) mixin() string {
	for _, base := range m.Class.mro {
		native, ok := base.(*Native)
		if !ok {
			continue
		}
		switch native.Name {
		case "enum.StrEnum":
			return "builtins.str"
		case "enum.IntEnum", "enum.IntFlag":
			return "builtins.int"
		}
		if strings.HasPrefix(native.Name, "builtins.") && native.Name != "builtins.object" {
			return native.Name
		}
	}
	return ""
}

func (c *Class) derivesFromNative(names ...string) bool {
	for _, base := range c.mro {
		for _, name := range names {
			if isNative(base, name) {
				return true
			}
		}
	}
	return false
}

// enumMembers makes members of what an enum's body binds.
func (f *Frame) enumMembers(class *Class) {
	ignored := map[string]bool{"_ignore_": true}
	if binding, ok := class.Scope.Get("_ignore_"); ok {
		switch names := binding.Value.(type) {
		case Str:
			for name := range strings.FieldsSeq(strings.ReplaceAll(string(names), ",", " ")) {
				ignored[name] = true
			}
		default:
			values, _ := f.Iterate(names)
			for _, name := range values {
				if name, ok := name.(Str); ok {
					ignored[string(name)] = true
				}
			}
		}
	}
	var values []Value
	for i := range class.Scope.list {
		binding := &class.Scope.list[i]
		if binding.Value == nil || ignored[binding.Name] || !memberName(binding.Name) {
			continue
		}
		value := f.Resolve(binding.Value)
		switch v := value.(type) {
		case *Function, *cachedProperty, *Class:
			continue
		case *Instance:
			switch {
			case isNative(v.Class, "enum.auto"):
				value = f.autoValue(class, binding.Name, values)
			case isNative(v.Class, "enum.nonmember"):
				if len(v.Args) == 1 {
					binding.Value = v.Args[0]
				}
				continue
			case isNative(v.Class, "enum.member"):
				if len(v.Args) == 1 {
					value = v.Args[0]
				}
			}
		}
		value = f.memberValue(class, value)
		values = append(values, value)
		binding.Value = f.newMember(class, binding.Name, value)
	}
}

// newMember is the member of a name: of two with equal values, the first.
func (f *Frame) newMember(class *Class, name string, value Value) Value {
	for _, member := range class.Members() {
		if same, known := f.Equal(member.Value, value); same && known {
			return member
		}
	}
	return &EnumMember{Class: class, Name: name, Value: value}
}

// memberName tells whether a name may be a member's: it is neither _sunder_ nor
// __dunder__ nor private.
func memberName(name string) bool {
	return !strings.HasPrefix(name, "__") && !(strings.HasPrefix(name, "_") && strings.HasSuffix(name, "_") && len(name) > 2)
}

// memberValue is a member's value as its mixed-in type makes it of the value
// that is written.
func (f *Frame) memberValue(class *Class, value Value) Value {
	if _, own := class.Scope.Get("__new__"); own {
		return &Unknown{Reason: class.Name + ".__new__ makes the members' values"}
	}
	mixin := (&EnumMember{Class: class}).mixin()
	switch mixin {
	case "builtins.str":
		if _, ok := value.(Str); !ok {
			if text, ok := f.str(value); ok {
				return Str(text)
			}
		}
	case "builtins.int":
		if text, ok := value.(Str); ok {
			if n, ok := parseInt(strings.TrimSpace(string(text))); ok {
				return n
			}
		}
		if b, ok := value.(Bool); ok {
			n, _ := integer(b)
			return Int{n}
		}
	case "builtins.float":
		if x, ok := number(value); ok {
			return Float(x)
		}
	}
	return value
}

// autoValue is what auto() gives a member.
func (f *Frame) autoValue(class *Class, name string, before []Value) Value {
	if maker, ok := f.inMRO(class, "_generate_next_value_"); ok {
		if fn, ok := maker.(*Function); ok {
			return f.CallFunction(fn, &Call{Func: fn, Args: []Named{
				{Value: Str(name)}, {Value: NewInt(1)}, {Value: NewInt(int64(len(before)))}, {Value: f.NewList(before)},
			}})
		}
	}
	if class.derivesFromNative("enum.StrEnum") {
		return Str(strings.ToLower(name))
	}
	highest, ints := new(big.Int), 0
	for _, value := range before {
		n, ok := integer(value)
		if _, isText := value.(Str); !ok && !isText {
			return &Unknown{Reason: "what auto() gives after this member isn't known"}
		}
		if ok {
			if ints++; ints == 1 || n.Cmp(highest) > 0 {
				highest = n
			}
		}
	}
	if ints > 1 && ints < len(before) {
		return &Unknown{Reason: "what auto() gives after members of several types isn't known"}
	}
	if class.derivesFromNative("enum.Flag", "enum.IntFlag") {
		return Int{new(big.Int).Lsh(smallInts[1].Int, uint(highest.BitLen()))}
	}
	return Int{new(big.Int).Add(highest, smallInts[1].Int)}
}

// callEnum is EnumClass(value), or the functional API of an enum without
// members.
func (f *Frame) callEnum(class *Class, c *Call) Value {
	members := class.Members()
	if len(members) == 0 && len(c.Args) > 1 {
		return f.functionalEnum(class, c)
	}
	value := c.Value(0, "value", nil)
	if value == nil {
		return nil
	}
	if member, ok := value.(*EnumMember); ok && Same(member.Class, class) {
		return member
	}
	known := true
	for _, member := range members {
		same, k := f.Equal(member.Value, value)
		if same && k {
			return member
		}
		known = known && k
	}
	if _, ok := class.Scope.Get("_missing_"); ok || !known || class.derivesFromNative("enum.Flag", "enum.IntFlag") {
		return nil
	}
	return f.fail("ValueError", class.Name+" has no member of that value", c.at())
}

// functionalEnum is Enum("Name", names): a base called with a name.
func (f *Frame) functionalEnum(base Value, c *Call) Value {
	name, ok := c.Value(0, "value", nil).(Str)
	if !ok || c.Open {
		return nil
	}
	class := &Class{Name: string(name), Qualname: string(name), Module: f.module, Bases: []Value{base}, owned: f.own()}
	if mixin := c.Value(-1, "type", nil); mixin != nil {
		class.Bases = []Value{mixin, base}
	}
	if qualname, ok := c.Value(-1, "qualname", nil).(Str); ok {
		class.Qualname = string(qualname)
	}
	class.Scope = &Scope{Module: f.module, Parent: f.scope, kind: classScope, by: f.ev, qualname: class.Qualname, class: class}
	class.linearize()
	names := c.Value(1, "names", nil)
	if dict, ok := names.(*Dict); ok {
		items := make([]Value, len(dict.Items))
		for i, item := range dict.Items {
			items[i] = &Tuple{Elems: []Value{item.Key, item.Value}}
		}
		names = &List{Elems: items, Open: dict.Open, owned: f.own()}
	}
	if text, ok := names.(Str); ok {
		var fields []Value
		for field := range strings.FieldsSeq(strings.ReplaceAll(string(text), ",", " ")) {
			fields = append(fields, Str(field))
		}
		names = &Tuple{Elems: fields}
	}
	if names == nil {
		return nil
	}
	values, known := f.Iterate(names)
	if !known {
		return nil
	}
	at := *f
	at.scope = class.Scope
	var before []Value
	for _, value := range values {
		if name, ok := value.(Str); ok {
			number := f.autoValue(class, string(name), before)
			before = append(before, number)
			at.Bind(string(name), number, c.span())
			continue
		}
		pair, ok := f.Iterate(value)
		if !ok || len(pair) != 2 {
			return nil
		}
		name, ok := pair[0].(Str)
		if !ok {
			return nil
		}
		before = append(before, pair[1])
		at.Bind(string(name), pair[1], c.span())
	}
	f.enumMembers(class)
	return class
}

func (f *Frame) memberAttr(m *EnumMember, name string, at ast.Expr) Value {
	switch name {
	case "name", "_name_":
		return Str(m.Name)
	case "value", "_value_":
		return m.Value
	case "__class__":
		return m.Class
	}
	if value, ok := f.inMRO(m.Class, name); ok {
		if _, native := value.(*nativeMember); native {
			if method := builtinMethod(m.Value, name); method != nil {
				return method
			}
			return f.unknownFrom(m, "the attribute "+name+" of "+m.Describe(), at)
		}
		if fn, ok := value.(*Function); ok && fn.Binds == "property" {
			return f.CallFunction(f.bindTo(fn, m), &Call{})
		}
		return f.bound(value, m, m.Class)
	}
	if method, ok := f.inMRO(m.Class, "__init__"); ok {
		fn, ok := method.(*Function)
		if !ok {
			return nil
		}
		// The object that __init__ gives its attributes is the member.
		self := &Instance{Class: m.Class, owned: f.own()}
		call := &Call{Args: []Named{{Value: m.Value}}}
		if tuple, ok := m.Value.(*Tuple); ok {
			call.Args = nil
			for _, value := range tuple.Elems {
				call.Args = append(call.Args, Named{Value: value})
			}
		}
		f.CallFunction(f.bindTo(fn, self), call)
		return self.Attrs[name]
	}
	return nil
}
