package pyeval

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// qualname is the qualified name of what is defined in the frame.
func (f *Frame) qualname(name string) string {
	for s := f.scope; s != nil; s = s.Parent {
		switch s.kind {
		case classScope:
			return s.qualname + "." + name
		case functionScope:
			return s.function.Qualname + ".<locals>." + name
		}
	}
	return name
}

// classDef defines a class.
func (f *Frame) classDef(s *ast.ClassDef) {
	if s.Name == nil || s.Name.ID == "" {
		return
	}
	decorators := make([]Value, len(s.Decorators))
	for i, decorator := range s.Decorators {
		decorators[i] = f.Eval(decorator)
	}
	scope, params := f.typeParams(s.TypeParams)
	at := *f
	at.scope = scope
	class := &Class{
		Name: s.Name.ID, Qualname: f.qualname(s.Name.ID), Module: f.module, Def: s,
		Decorators: decorators, TypeParams: params, owned: f.own(),
	}
	bases, open := at.elements(s.Bases)
	if open {
		bases = append(bases, &Unknown{Reason: "the bases of " + class.Name + " aren't known"})
	}
	class.Bases = bases
	for i := range s.Keywords {
		if keyword := &s.Keywords[i]; keyword.Arg != "" {
			if class.Keywords == nil {
				class.Keywords = map[string]Value{}
			}
			class.Keywords[keyword.Arg] = at.Eval(keyword.Value)
		}
	}
	class.Scope = &Scope{Module: f.module, Parent: scope, kind: classScope, by: f.ev, qualname: class.Qualname}
	class.linearize()
	body := &Frame{Context: f.Context, ev: f.ev, module: f.module, scope: class.Scope, function: f.function, startMark: f.mark()}
	body.block(s.Body)
	class.Scope.class = class
	class.fields(f)
	if class.enum {
		f.enumMembers(class)
	}
	f.initSubclass(class)
	var value Value = class
	for i := len(decorators) - 1; i >= 0; i-- {
		value = f.CallValue(decorators[i], &Call{Func: decorators[i], Args: []Named{{Value: value}}, Decorator: s.Decorators[i]})
	}
	f.Bind(s.Name.ID, value, s.Name.Range.Span())
}

// initSubclass calls the __init_subclass__ of the class's bases.
func (f *Frame) initSubclass(class *Class) {
	hook, ok := f.inMROAfter(class, class, "__init_subclass__")
	if !ok {
		return
	}
	fn, ok := hook.(*Function)
	if !ok {
		return
	}
	call := &Call{Func: fn}
	for name, value := range class.Keywords {
		if name != "metaclass" {
			call.Keywords = append(call.Keywords, Named{Name: name, Value: value})
		}
	}
	f.CallFunction(f.bindTo(fn, class), call)
}

// fields takes the annotated names over from the body: their defaults are what
// the names stand for at its end.
func (c *Class) fields(f *Frame) {
	c.Annotations = c.Scope.annotations
	for i := range c.Annotations {
		c.Annotations[i].Default = nil
		if binding, ok := c.Scope.Get(c.Annotations[i].Name); ok {
			c.Annotations[i].Default = f.Resolve(binding.Value)
		}
	}
}

// MRO is the class and its bases in the order in which attributes are looked
// up, as Python's C3 gives it. What isn't known among the bases is there too.
func (c *Class) MRO() []Value { return c.mro }

// linearize computes the MRO and what hangs on it.
func (c *Class) linearize() {
	var sequences [][]Value
	for _, base := range c.Bases {
		if alias, ok := base.(*Alias); ok {
			base = alias.Origin
		}
		if class, ok := base.(*Class); ok {
			sequences = append(sequences, slices.Clone(class.mro))
			c.enum = c.enum || class.enum
		} else {
			sequences = append(sequences, []Value{base})
			if native, ok := base.(*Native); ok {
				c.enum = c.enum || enumBases[native.Name]
			}
		}
	}
	heads := make([]Value, 0, len(sequences))
	for _, sequence := range sequences {
		heads = append(heads, sequence[0])
	}
	sequences = append(sequences, heads)
	c.mro = []Value{c}
	for {
		sequences = slices.DeleteFunc(sequences, func(s []Value) bool { return len(s) == 0 })
		if len(sequences) == 0 {
			return
		}
		next := sequences[0][0]
		for _, sequence := range sequences {
			if head := sequence[0]; !slices.ContainsFunc(sequences, func(s []Value) bool { return hasSame(s[1:], head) }) {
				next = head
				break
			}
		}
		c.mro = append(c.mro, next)
		for i, sequence := range sequences {
			sequences[i] = slices.DeleteFunc(sequence, func(v Value) bool { return Same(v, next) })
		}
	}
}

func hasSame(values []Value, value Value) bool {
	return slices.ContainsFunc(values, func(v Value) bool { return Same(v, value) })
}

// DerivesFrom tells whether the class is a native one's, by its canonical name,
// or derives from it; known is false if one of its bases isn't known and may.
func (f *Frame) DerivesFrom(class Value, native string) (derives, known bool) {
	switch c := class.(type) {
	case *Class:
		known = true
		for _, base := range c.mro[1:] {
			if _, ok := base.(*Class); ok {
				continue
			}
			d, k := f.DerivesFrom(base, native)
			if d {
				return true, true
			}
			known = known && k
		}
		return false, known
	case *Native:
		if c.Name == native {
			return true, true
		}
		if c.Missing != "" {
			return false, false
		}
		behaviour, ok := f.behaviour(c)
		if !ok {
			return false, plainBases[c.Name] || exceptions[c.Name] != ""
		}
		for _, base := range behaviour.Bases {
			if d, _ := f.DerivesFrom(&Native{Name: base}, native); d {
				return true, true
			}
		}
		return false, true
	case *Alias:
		return f.DerivesFrom(c.Origin, native)
	case *NamedTuple:
		return native == "builtins.tuple", true
	}
	return false, false
}

// plain tells whether all bases of a class are known, and have nothing to do
// with its truth or equality.
func (f *Frame) plain(class Value) bool {
	c, ok := class.(*Class)
	if !ok {
		return false
	}
	for _, base := range c.mro {
		switch base := base.(type) {
		case *Class:
		case *Native:
			if !plainBases[base.Name] {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// special is a method of an object's class by its name with underscores,
// bound to it.
func (f *Frame) special(i *Instance, name string) (Value, bool) {
	class, ok := i.Class.(*Class)
	if !ok || name == "" {
		return nil, false
	}
	method, ok := f.inMRO(class, name)
	if !ok {
		return nil, false
	}
	if _, native := method.(*nativeMember); native {
		return nil, false
	}
	return f.bound(method, i, class), true
}

// subclass is issubclass(class, of), where of may be a tuple.
func (f *Frame) subclass(class, of Value) (is, known bool) {
	switch t := of.(type) {
	case *Tuple:
		return f.anySubclass(class, t.Elems)
	case *Union:
		return f.anySubclass(class, t.Args)
	case *Class:
		c, ok := class.(*Class)
		if !ok {
			_, native := class.(*Native)
			return false, native
		}
		known = true
		for _, base := range c.mro {
			if Same(base, t) {
				return true, true
			}
			switch base.(type) {
			case *Class, *Native, *Alias:
			default:
				known = false
			}
		}
		return false, known
	case *Native:
		if t.Name == "builtins.object" {
			return true, true
		}
		if n, ok := class.(*Native); ok && n.Missing == "" {
			if exceptionIs(n.Name, t.Name) {
				return true, true
			}
			if exceptions[n.Name] != "" && exceptions[t.Name] != "" {
				return false, true
			}
		}
		if c, ok := class.(*Class); ok {
			known = true
			for _, base := range c.mro[1:] {
				if _, ok := base.(*Class); ok {
					continue
				}
				is, k := f.subclass(base, of)
				if is && k {
					return true, true
				}
				known = known && k
			}
			return false, known
		}
		return f.DerivesFrom(class, t.Name)
	}
	return false, false
}

func (f *Frame) anySubclass(class Value, types []Value) (is, known bool) {
	known = true
	for _, t := range types {
		i, k := f.subclass(class, t)
		if i && k {
			return true, true
		}
		known = known && k
	}
	return false, known
}

// TypeOf is type(value), nil if it isn't known.
func (f *Frame) TypeOf(value Value) Value {
	name := ""
	switch v := value.(type) {
	case None:
		return &Native{Name: "types.NoneType"}
	case Bool:
		name = "bool"
	case Int:
		name = "int"
	case Float:
		name = "float"
	case Str:
		name = "str"
	case Bytes:
		name = "bytes"
	case *List:
		name = "list"
	case *Tuple:
		name = "tuple"
	case *Set:
		if name = "set"; v.Frozen {
			name = "frozenset"
		}
	case *Dict:
		if v.Factory != nil {
			return &Native{Name: "collections.defaultdict"}
		}
		name = "dict"
	case *Class, *NamedTuple:
		name = "type"
	case *Instance:
		return v.Class
	case *EnumMember:
		return v.Class
	case *Function:
		return &Native{Name: "types.FunctionType"}
	case *ModuleRef:
		return &Native{Name: "types.ModuleType"}
	default:
		return nil
	}
	return &Native{Name: "builtins." + name}
}

// super is super() in a method: attributes are looked up behind a class.
type super struct {
	class *Class // the class in which the method stands
	of    *Class // the object's class
	self  Value
}

func (s *super) Describe() string { return "super of " + s.class.Name }

func (s *super) attr(f *Frame, name string) Value {
	value, ok := f.inMROAfter(s.of, s.class, name)
	if !ok {
		switch name {
		case "__init__", "__init_subclass__", "__setattr__", "__post_init__", "__new__":
			return &boundMethod{name: "object." + name, self: s.self}
		}
		return nil
	}
	if native, ok := value.(*nativeMember); ok {
		if name == "__init__" {
			return &initMethod{native.class, s.self}
		}
		if self, ok := s.self.(*Instance); ok {
			return f.memberOf(native.class, self, name)
		}
		return nil
	}
	return f.bound(value, s.self, s.of)
}

// initMethod is a native class's __init__, bound to an object.
type initMethod struct {
	class *Native
	self  Value
}

func (m *initMethod) Describe() string { return m.class.Name + ".__init__" }

// Call runs it.
func (m *initMethod) Call(f *Frame, c *Call) Value {
	if self, ok := m.self.(*Instance); ok {
		f.initNative(m.class, self, c)
	}
	return None{}
}

// initNative runs a native class's __init__, its base's if it has none.
func (f *Frame) initNative(class *Native, self *Instance, c *Call) {
	behaviour, ok := f.behaviour(class)
	if !ok {
		return
	}
	if behaviour.Init != nil {
		call := *c
		call.Func = class
		behaviour.Init(f, self, &call)
		return
	}
	for _, base := range behaviour.Bases {
		f.initNative(&Native{Name: base}, self, c)
	}
}
