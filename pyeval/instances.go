package pyeval

// newNative makes an object of a native class.
func (f *Frame) newNative(n *Native, c *Call) *Instance {
	instance := f.newInstance(n, c)
	f.initNative(n, instance, c)
	return instance
}

// newInstance is an object with the arguments of a call.
func (f *Frame) newInstance(class Value, c *Call) *Instance {
	instance := &Instance{Class: class, Keywords: c.Keywords, Open: c.Open, Call: c.Expr, owned: f.own()}
	if len(c.Args) > 0 {
		instance.Args = make([]Value, len(c.Args))
		for i, arg := range c.Args {
			instance.Args[i] = arg.Value
		}
	}
	return instance
}

func (f *Frame) callInstance(i *Instance, c *Call) Value {
	switch class := i.Class.(type) {
	case *Class:
		if method, ok := f.special(i, "__call__"); ok {
			return f.CallValue(method, c)
		}
		for _, base := range class.mro {
			if native, ok := base.(*Native); ok {
				if value := f.applyNative(native, i, c); value != nil {
					return value
				}
			}
		}
	case *Native:
		if value := f.applyNative(class, i, c); value != nil {
			return value
		}
	}
	f.escape(c)
	return f.unknownFrom(i, "the result of calling "+i.Describe(), c.at())
}

func (f *Frame) applyNative(n *Native, i *Instance, c *Call) Value {
	behaviour, ok := f.behaviour(n)
	if !ok {
		return nil
	}
	if behaviour.Apply != nil {
		return behaviour.Apply(f, i, c)
	}
	for _, base := range behaviour.Bases {
		if value := f.applyNative(&Native{Name: base}, i, c); value != nil {
			return value
		}
	}
	return nil
}

// instantiate makes an object of a class that source defines.
func (f *Frame) instantiate(class *Class, c *Call) Value {
	if class.enum {
		return f.callEnum(class, c)
	}
	if class.derivesFromNative("typing.TypedDict") {
		return callDict(f, c)
	}
	if maker, ok := f.inMRO(class, "__new__"); ok {
		fn, ok := maker.(*Function)
		if !ok {
			return f.unknownFrom(maker, "what "+class.Name+" makes", c.at())
		}
		call := *c
		call.Args = append([]Named{{Value: class}}, c.Args...)
		made := f.CallFunction(fn, &call)
		instance, ok := made.(*Instance)
		if !ok || !Same(instance.Class, class) {
			return made
		}
		instance.Args, instance.Keywords, instance.Open, instance.Call = nil, c.Keywords, c.Open, c.Expr
		f.initialise(class, instance, c)
		return instance
	}
	instance := f.newInstance(class, c)
	f.initialise(class, instance, c)
	return instance
}

// initialise runs the __init__ of an object: the first one that its class or
// one of the bases defines or that a decorator of it makes.
func (f *Frame) initialise(class *Class, self *Instance, c *Call) {
	for _, base := range class.mro {
		switch base := base.(type) {
		case *Class:
			if value, ok := f.find(base.Scope, "__init__"); ok {
				method := f.bound(value, self, class)
				call := *c
				f.CallValue(method, &call)
				return
			}
			if f.IsDataclass(base) {
				f.initDataclass(base, class, self, c)
				return
			}
		case *Native:
			switch {
			case base.Missing != "":
				self.Open = true
				return
			case base.Name == "typing.NamedTuple":
				f.initNamedTuple(class, self, c)
				return
			case f.mayHave(base, "__init__"):
				if _, known := f.behaviour(base); !known && exceptions[base.Name] == "" {
					self.Open = true
				}
				f.initNative(base, self, c)
				return
			}
		case *Alias:
		case *NamedTuple:
			f.initFields(base.Fields, self, c)
			return
		default:
			self.Open = true
			return
		}
	}
}
