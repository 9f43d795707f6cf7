package pyeval

import "strings"

func init() {
	pythonNatives["importlib.import_module"] = Behaviour{Call: importModule}
	pythonNatives["builtins.__import__"] = Behaviour{Call: func(f *Frame, c *Call) Value {
		name, ok := c.Value(0, "name", nil).(Str)
		if !ok || len(c.Args)+len(c.Keywords) > 1 {
			return nil
		}
		top, _, _ := strings.Cut(string(name), ".")
		return f.importCalled(string(name), top)
	}}
	pythonNatives["importlib.util.find_spec"] = Behaviour{Call: findSpec}
	pythonNatives["sys.modules"] = Behaviour{
		Index: loadedModule,
		Attr: func(_ *Frame, name string) Value {
			if name == "get" || name == "__getitem__" {
				return &Native{Name: "sys.modules." + name}
			}
			return nil
		},
	}
	for _, name := range []string{"get", "__getitem__"} {
		pythonNatives["sys.modules."+name] = Behaviour{Call: func(f *Frame, c *Call) Value {
			return loadedModule(f, c.Value(0, "", None{}))
		}}
	}
}

// importModule is importlib.import_module.
func importModule(f *Frame, c *Call) Value {
	given, ok := c.Value(0, "name", nil).(Str)
	if !ok || c.Open {
		return nil
	}
	name := strings.TrimLeft(string(given), ".")
	if level := len(given) - len(name); level > 0 {
		base, ok := c.Value(1, "package", nil).(Str)
		if !ok {
			return nil
		}
		anchor := Source{Name: string(base), Package: true}
		if name, ok = anchor.Absolute(name, level); !ok {
			return f.fail("ImportError", "the import goes beyond the top of the package", c.at())
		}
	}
	return f.importCalled(name, name)
}

// importCalled imports a module, and gives the one of the second name.
func (f *Frame) importCalled(name, gives string) Value {
	if !f.requireModule(name) {
		return &Unknown{Reason: name + " can't be imported"}
	}
	return f.Resolve(&Import{Module: gives, from: f.module.Source})
}

// loadedModule is sys.modules[name]: a module that can be found is taken to be
// imported already.
func loadedModule(f *Frame, name Value) Value {
	text, ok := name.(Str)
	if !ok {
		return nil
	}
	for _, module := range []*Module{f.module, f.Importing()} {
		if module.Name == string(text) {
			return &ModuleRef{Name: module.Name, Source: module.Source, from: f.module.Source}
		}
	}
	f.ev.mayRaise = true
	if ref := f.findModule(f.module.Source, string(text)); ref.why() == "" {
		return ref
	}
	return nil
}

// moduleSpec is what importlib.util.find_spec gives for a module that is there.
type moduleSpec struct{ name string }

// Describe says which module's spec it is.
func (s *moduleSpec) Describe() string { return "the spec of " + s.name }

// Truth is true.
func (*moduleSpec) Truth(*Frame) (truth, known bool) { return true, true }

// Attr is the name; the rest isn't known.
func (s *moduleSpec) Attr(_ *Frame, name string) Value {
	if name == "name" {
		return Str(s.name)
	}
	return nil
}

func findSpec(f *Frame, c *Call) Value {
	text, ok := c.Value(0, "name", nil).(Str)
	if !ok || strings.HasPrefix(string(text), ".") {
		return nil
	}
	name := string(text)
	top, _, below := strings.Cut(name, ".")
	if f.native(name) {
		switch installed, known := f.nativeInstalled(name); {
		case !known || below:
			return nil
		case installed:
			return &moduleSpec{name}
		}
		return None{}
	}
	if f.findModule(f.module.Source, name).why() == "" {
		return &moduleSpec{name}
	}
	if _, known := f.Program().finder.Installed(top); known && !below {
		return None{}
	}
	return nil
}
