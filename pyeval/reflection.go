package pyeval

import "strings"

func callGetattr(f *Frame, c *Call) Value {
	if len(c.Args) < 2 {
		return nil
	}
	name, ok := c.Args[1].Value.(Str)
	if !ok {
		return nil
	}
	if len(c.Args) == 2 {
		return f.Attr(c.Args[0].Value, string(name))
	}
	value, has, known := f.hasAttr(c.Args[0].Value, string(name))
	switch {
	case has:
		return value
	case known:
		return c.Args[2].Value
	}
	return nil
}

func callHasattr(f *Frame, c *Call) Value {
	if len(c.Args) != 2 {
		return nil
	}
	name, ok := c.Args[1].Value.(Str)
	if !ok {
		return nil
	}
	_, has, known := f.hasAttr(c.Args[0].Value, string(name))
	if !known {
		return nil
	}
	return Bool(has)
}

// hasAttr is an attribute, if the value has it.
func (f *Frame) hasAttr(value Value, name string) (attr Value, has, known bool) {
	switch v := value.(type) {
	case *Native:
		if behaviour, ok := f.behaviour(v); ok && behaviour.Attr != nil {
			if attr := behaviour.Attr(f, name); attr != nil {
				return attr, true, true
			}
		}
		return nil, false, false
	case *ModuleRef:
		if v.Source == nil {
			return nil, false, false
		}
		module, done := f.load(v.Source)
		if module == nil || !done || module.UnknownNames() != "" {
			return nil, false, false
		}
		binding, ok := module.Scope.Get(name)
		if !ok {
			return nil, false, true
		}
		return f.Resolve(binding.Value), !binding.Maybe, !binding.Maybe
	}
	tries, raised, mayRaise := f.ev.tries, f.ev.raised, f.ev.mayRaise
	f.ev.tries, f.ev.raised = 0, nil
	attr = f.attr(value, name, nil)
	f.ev.tries, f.ev.raised, f.ev.mayRaise = tries, raised, mayRaise
	if attr == nil {
		return nil, false, certain(value)
	}
	_, isUnknown := attr.(*Unknown)
	return attr, !isUnknown, !isUnknown
}

func (f *Frame) isInstance(value, of Value) Value {
	if u, ok := value.(*Uncertain); ok {
		return f.each(u, func(v Value) Value {
			if is := f.isInstance(v, of); is != nil {
				return is
			}
			return &Unknown{Reason: "whether it is an instance isn't known"}
		})
	}
	if i, ok := value.(Instancer); ok {
		return instanceOf(i, of)
	}
	class := f.TypeOf(value)
	if class == nil {
		return nil
	}
	if is, known := f.subclass(class, of); known {
		return Bool(is)
	}
	// A builtin type is no subclass of another, and of no class of source.
	builtin, ok := class.(*Native)
	if !ok || !strings.HasPrefix(builtin.Name, "builtins.") && builtin.Name != "types.NoneType" {
		return nil
	}
	types := []Value{of}
	if tuple, ok := of.(*Tuple); ok {
		types = tuple.Elems
	}
	for _, t := range types {
		native, ok := t.(*Native)
		if !ok || !strings.HasPrefix(native.Name, "builtins.") {
			return nil
		}
		if native.Name == builtin.Name || native.Name == "builtins.int" && builtin.Name == "builtins.bool" {
			return Bool(true)
		}
	}
	return Bool(false)
}

// instanceOf tells whether a value is an object of a class, or of one of several.
func instanceOf(i Instancer, of Value) Value {
	classes := []Value{of}
	if tuple, ok := of.(*Tuple); ok {
		classes = tuple.Elems
	}
	all := true
	for _, class := range classes {
		is, known := i.IsInstance(class)
		if known && is {
			return Bool(true)
		}
		all = all && known
	}
	if !all {
		return nil
	}
	return Bool(false)
}

// callSuper is super() in a method, or super(Class, self).
func callSuper(f *Frame, c *Call) Value {
	if len(c.Args) == 2 {
		if class, ok := c.Args[0].Value.(*Class); ok {
			return superOf(class, c.Args[1].Value)
		}
		return nil
	}
	for fn := f.function; fn != nil; fn = fn.In.enclosingFunction() {
		if fn.In.kind != classScope || fn.In.class == nil || fn.Def == nil || len(fn.Def.Params.List) == 0 {
			continue
		}
		self := f.lookup(f.scope, fn.Def.Params.List[0].Name.ID, nil)
		return superOf(fn.In.class, self)
	}
	return nil
}

// enclosingFunction is the function in whose call the scope lies.
func (s *Scope) enclosingFunction() *Function {
	for ; s != nil; s = s.Parent {
		if s.kind == functionScope {
			return s.function
		}
	}
	return nil
}

func superOf(class *Class, self Value) Value {
	switch self := self.(type) {
	case *Instance:
		if of, ok := self.Class.(*Class); ok {
			return &super{class, of, self}
		}
	case *Class:
		return &super{class, self, self}
	case *EnumMember:
		return &super{class, self.Class, self}
	}
	return nil
}

func callType(f *Frame, c *Call) Value {
	if len(c.Args) != 1 {
		return nil
	}
	return f.TypeOf(c.Args[0].Value)
}
