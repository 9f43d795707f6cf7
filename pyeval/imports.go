package pyeval

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// execImport is `import a.b as c`.
func (f *Frame) execImport(s *ast.Import) {
	for i := range s.Names {
		alias := &s.Names[i]
		if alias.Name == "" {
			continue
		}
		if !f.requireModule(alias.Name) {
			return
		}
		if alias.AsName != "" {
			f.bindImport(alias.AsName, alias.AsNameSpan, alias.Range.Span(), &Import{Module: alias.Name, from: f.module.Source})
			continue
		}
		top, _, _ := strings.Cut(alias.Name, ".")
		f.bindImport(top, alias.NameSpan, alias.Range.Span(), &Import{Module: top, from: f.module.Source})
	}
}

// execImportFrom is `from m import a as b`.
func (f *Frame) execImportFrom(s *ast.ImportFrom) {
	if s.Module == "__future__" && s.Level == 0 {
		for i := range s.Names {
			if s.Names[i].Name == "annotations" && f.InModule() {
				f.module.FutureAnnotations = true
			}
		}
	}
	module, ok := f.module.Absolute(s.Module, s.Level)
	if !ok {
		for i := range s.Names {
			f.bindAlias(&s.Names[i], f.fail("ImportError", "the import goes beyond the top of the package", nil))
		}
		return
	}
	if !f.requireModule(module) {
		return
	}
	for i := range s.Names {
		alias := &s.Names[i]
		switch {
		case alias.Name == "*":
			f.importStar(module, alias)
		case alias.Name != "":
			imported := &Import{Module: module, Name: alias.Name, from: f.module.Source}
			if f.ev.tries > 0 && !f.requireName(imported) {
				return
			}
			f.bindAlias(alias, imported)
		}
	}
}

func (f *Frame) bindAlias(alias *ast.Alias, value Value) {
	name, span := alias.Name, alias.NameSpan
	if alias.AsName != "" {
		name, span = alias.AsName, alias.AsNameSpan
	}
	f.bindImport(name, span, alias.Range.Span(), value)
}

func (f *Frame) bindImport(name string, nameSpan, span ast.Span, value Value) {
	scope := f.scope
	if other, ok := scope.elsewhere[name]; ok {
		scope = other
	}
	f.bind(scope, Binding{Name: name, Value: value, Span: span, NameSpan: nameSpan, TypeCheckingOnly: f.typeChecking})
}

// Absolute is the absolute name of a module that an import of the module names,
// with as many leading dots as the level says; false if it names none.
func (m *Source) Absolute(name string, level int) (string, bool) {
	if level == 0 {
		return name, name != ""
	}
	base := m.Name
	if m.Package {
		level--
	}
	for ; level > 0; level-- {
		if base == "" {
			return "", false
		}
		i := strings.LastIndexByte(base, '.')
		base = base[:max(i, 0)]
	}
	if base == "" {
		// A file that is no package's: its neighbours can't be imported so,
		// but for `from . import x` in a folder that isn't told to be one.
		return name, name != ""
	}
	if name == "" {
		return base, true
	}
	return base + "." + name, true
}

// requireModule tells whether a module can be imported. Where it is certain that
// it can't, a try statement around is told of the ImportError; without one, the
// import is read as if it could.
func (f *Frame) requireModule(name string) bool {
	if f.ev.tries == 0 {
		return true
	}
	if f.native(name) {
		installed, known := f.nativeInstalled(name)
		if !known {
			f.ev.mayRaise = true
		} else if !installed {
			f.fail("ImportError", name+" isn't installed", nil)
		}
	} else if found := f.findModule(f.module.Source, name); found.why() == "" {
		f.requireSource(found)
	} else {
		top, _, _ := strings.Cut(name, ".")
		if _, known := f.Program().finder.Installed(top); known {
			f.fail("ImportError", found.why(), nil)
		} else {
			f.ev.mayRaise = true
		}
	}
	return f.ev.raised == nil
}

// requireSource does so for a module that is there, but may import what isn't.
func (f *Frame) requireSource(ref *ModuleRef) {
	top, _, _ := strings.Cut(ref.Name, ".")
	check := importCheck{frame: f, top: top, seen: map[*Source]bool{}}
	why, known := check.source(ref.Source)
	switch {
	case why != "":
		f.fail("ImportError", why, nil)
	case !known:
		f.ev.mayRaise = true
	}
}

// importCheck finds out whether modules can be imported: whether what they
// import is there. It looks into the statements that are always run, of the
// modules of one package: others are taken to be importable if they are there.
type importCheck struct {
	frame *Frame
	top   string // the package
	seen  map[*Source]bool
}

const maxChecked = 300 // modules

// source says why a module can't be imported; known is false if it may be that
// it can't.
func (c *importCheck) source(source *Source) (why string, known bool) {
	if source == nil || source.AST == nil || c.seen[source] || len(c.seen) >= maxChecked {
		return "", true
	}
	c.seen[source] = true
	known = true
	for _, stmt := range source.AST.Body {
		var names []string
		switch s := stmt.(type) {
		case *ast.Import:
			for i := range s.Names {
				names = append(names, s.Names[i].Name)
			}
		case *ast.ImportFrom:
			if name, ok := source.Absolute(s.Module, s.Level); ok {
				names = append(names, name)
			}
		}
		for _, name := range names {
			why, k := c.name(source, name)
			if why != "" {
				return why, true
			}
			known = known && k
		}
	}
	if module, done := c.frame.load(source); module != nil && done && module.fails != "" {
		return module.fails, true
	}
	return "", known
}

func (c *importCheck) name(from *Source, name string) (why string, known bool) {
	f := c.frame
	if f.native(name) {
		installed, known := f.nativeInstalled(name)
		if known && !installed {
			return name + " isn't installed", true
		}
		return "", known
	}
	ref := f.findModule(from, name)
	if why := ref.why(); why != "" {
		top, _, _ := strings.Cut(name, ".")
		if _, known := f.Program().finder.Installed(top); !known {
			return "", false
		}
		return why, true
	}
	if top, _, _ := strings.Cut(name, "."); top != c.top {
		return "", true
	}
	return c.source(ref.Source)
}

// requireName does so for a name that is imported from a module.
func (f *Frame) requireName(imported *Import) bool {
	ref := f.findModule(imported.from, imported.Module)
	if ref.native || ref.why() != "" || ref.Source == nil {
		return true
	}
	module, done := f.load(ref.Source)
	if module == nil || !done {
		return true
	}
	binding, ok := module.Scope.Get(imported.Name)
	if ok && !module.bindsSubmodule(imported.Name) {
		if binding.Maybe {
			f.ev.mayRaise = true
		}
		return true
	}
	if sub := f.findModule(imported.from, imported.Module+"."+imported.Name); sub.missing == "" {
		f.requireSource(sub)
	} else if _, dynamic := module.Scope.Get("__getattr__"); dynamic || module.UnknownNames() != "" {
		f.ev.mayRaise = true
	} else {
		f.fail("ImportError", imported.Module+" has no "+imported.Name, nil)
	}
	return f.ev.raised == nil
}

// Missing says why a module can't be found that an import in the frame's module
// names; "" if it can, or if that isn't known. It doesn't look into what the
// module imports itself.
func (f *Frame) Missing(name string) string {
	if !f.native(name) {
		return f.findModule(f.module.Source, name).why()
	}
	if installed, known := f.nativeInstalled(name); known && !installed {
		return name + " isn't installed"
	}
	return ""
}

// native tells whether a module isn't read from source.
func (f *Frame) native(module string) bool {
	top, _, _ := strings.Cut(module, ".")
	if standardModules[top] {
		return true
	}
	options := &f.Program().options
	return options.NativeModule != nil && options.NativeModule(module)
}

func (f *Frame) nativeInstalled(module string) (installed, known bool) {
	top, rest, _ := strings.Cut(module, ".")
	if standardModules[top] || top == "flytekit" {
		return true, true
	}
	if top == "flytekitplugins" && rest != "" {
		second, _, _ := strings.Cut(rest, ".")
		top += "." + second
	}
	return f.Program().finder.Installed(top)
}

// findModule is the module of an absolute name.
func (f *Frame) findModule(from *Source, name string) *ModuleRef {
	if f.native(name) {
		return &ModuleRef{Name: name, native: true, from: from}
	}
	if from.StandIn {
		// It lies nowhere: what it imports is looked for where it is imported.
		from = f.ev.session.stack[0].module.Source
	}
	found := f.Program().finder.Find(from, name)
	ref := &ModuleRef{Name: name, Source: found.Source, from: from}
	if found.Source == nil && !found.Namespace {
		ref.missing = found.Why
		if ref.missing == "" {
			ref.missing = "the module " + name + " isn't found"
		}
		f.standIn(ref)
	}
	f.use(name, found.Source)
	return ref
}

// standIn puts what stands in for a missing module in its place.
func (f *Frame) standIn(ref *ModuleRef) {
	if f.Program().options.StandIn == nil {
		return
	}
	if found := f.Program().options.StandIn(ref.Name); found.Source != nil || found.Namespace {
		ref.Source, ref.absent, ref.missing = found.Source, ref.missing, ""
	}
}

// why says why the module can't be found, "" if it can.
func (m *ModuleRef) why() string { return m.missing + m.absent }

// use records that the evaluation looks into a module.
func (f *Frame) use(name string, source *Source) {
	use := Use{Name: name}
	if source != nil {
		use.Path, use.Interface = source.Path, source.Interface
	}
	f.ev.use(use)
}

// use records a look into another module.
func (ev *evaluation) use(use Use) {
	if ev.uses == nil {
		ev.uses = map[Use]bool{}
	}
	ev.uses[use] = true
}

// load is the evaluated module of a source; done is false while it is still
// being evaluated. Nil if modules import each other too deep.
func (f *Frame) load(source *Source) (module *Module, done bool) {
	module, done = f.ev.session.module(source)
	if module != nil && done {
		for _, use := range module.Uses {
			f.ev.use(use)
		}
	}
	return module, done
}

// Resolve is the value that an import gives; other values are themselves.
func (f *Frame) Resolve(v Value) Value {
	imported, ok := v.(*Import)
	if !ok {
		return v
	}
	ref := f.findModule(imported.from, imported.Module)
	if imported.Name == "" {
		if ref.missing != "" {
			return &Native{Name: ref.Name, Missing: ref.missing}
		}
		return ref
	}
	return f.moduleRefAttr(ref, imported.Name)
}

// moduleRefAttr is an attribute of a module: a name of it, or a submodule.
func (f *Frame) moduleRefAttr(ref *ModuleRef, name string) Value {
	if ref.native {
		return f.nativeName(ref.Name + "." + name)
	}
	if ref.missing != "" {
		return &Native{Name: ref.Name + "." + name, Missing: ref.missing}
	}
	why := ref.Name + " has no " + name
	if ref.Source != nil {
		module, done := f.load(ref.Source)
		if module == nil {
			return &Unknown{Reason: "too many modules import each other"}
		}
		if f.ev.session.nesting > maxNesting {
			return &Unknown{Reason: "the import of " + ref.Name + " leads to itself"}
		}
		if binding, _ := module.Scope.Get(name); !module.bindsSubmodule(name) && !binding.TypeCheckingOnly {
			f.ev.session.nesting += 50
			value, ok := f.find(module.Scope, name)
			f.ev.session.nesting -= 50
			if ok {
				return value
			}
		}
		if !done {
			why = ref.Name + " doesn't have " + name + " yet where it is imported: the modules import each other"
		}
		switch name {
		case "__name__", "__file__", "__doc__", "__package__":
			return f.moduleAttr(module, name)
		case "__dict__":
			return &namespace{module.Scope}
		}
		if getter, ok := f.find(module.Scope, "__getattr__"); ok {
			return f.CallValue(getter, &Call{Func: getter, Args: []Named{{Value: Str(name)}}})
		}
		if !ref.Source.Package && ref.absent == "" {
			return f.fail("AttributeError", why, nil)
		}
	}
	sub := f.findModule(ref.from, ref.Name+"."+name)
	if sub.missing == "" {
		return sub
	}
	if ref.absent != "" {
		missing := ref.absent
		if ref.Source == nil {
			missing = sub.missing
		}
		return &Native{Name: ref.Name + "." + name, Missing: missing}
	}
	return f.fail("AttributeError", why, nil)
}

// bindsSubmodule tells whether a package binds a name by importing it from
// itself, which gives the submodule.
func (m *Module) bindsSubmodule(name string) bool {
	binding, _ := m.Scope.Get(name)
	imported, ok := binding.Value.(*Import)
	return ok && m.Package && imported.Module == m.Name && imported.Name == name
}

func (f *Frame) moduleAttr(m *Module, name string) Value {
	switch name {
	case "__name__":
		return Str(m.Name)
	case "__doc__":
		if m.AST == nil || m.AST.Doc == "" {
			return None{}
		}
		return Str(m.AST.Doc)
	case "__package__":
		if m.Package {
			return Str(m.Name)
		}
		return Str(m.Name[:max(strings.LastIndexByte(m.Name, '.'), 0)])
	}
	return &Unknown{Reason: "where the file lies is only known when it runs"}
}

// importStar is `from m import *`.
func (f *Frame) importStar(name string, alias *ast.Alias) {
	ref := f.findModule(f.module.Source, name)
	bind := func(name string, value Value, maybe bool) {
		f.bind(f.scope, Binding{Name: name, Value: value, Span: alias.Range.Span(), NameSpan: alias.NameSpan, Maybe: maybe, TypeCheckingOnly: f.typeChecking})
	}
	if ref.native {
		names, all := f.nativeNames(ref.Name)
		for _, n := range names {
			bind(n, f.nativeName(ref.Name+"."+n), false)
		}
		if all {
			if native := f.ev.session.program.options.NativeModule; native != nil && native(ref.Name) {
				f.module.furtherStars = append(f.module.furtherStars, "`from "+ref.Name+" import *` also brings what that module imports itself")
			}
			return
		}
		ref.missing = "what `from " + ref.Name + " import *` brings isn't known"
	}
	if why := ref.why(); why != "" {
		f.module.opaqueStars = append(f.module.opaqueStars, why)
	}
	if ref.Source == nil {
		return
	}
	module, _ := f.load(ref.Source)
	if module == nil {
		return
	}
	f.module.opaqueStars = append(f.module.opaqueStars, module.opaqueStars...)
	f.module.furtherStars = append(f.module.furtherStars, module.furtherStars...)
	if all, ok := f.find(module.Scope, "__all__"); ok {
		names, known := f.Iterate(all)
		for _, n := range names {
			if n, ok := n.(Str); ok {
				bind(string(n), &Import{Module: name, Name: string(n), from: f.module.Source}, false)
			}
		}
		if known {
			return
		}
		f.module.opaqueStars = append(f.module.opaqueStars, "what "+name+".__all__ names isn't known")
		return
	}
	for binding := range module.Scope.All() {
		if _, isModule := binding.Value.(*ModuleRef); isModule && ref.Source.StandIn {
			continue // that it imports modules is its own affair
		}
		if !strings.HasPrefix(binding.Name, "_") && !binding.TypeCheckingOnly {
			bind(binding.Name, &Import{Module: name, Name: binding.Name, from: f.module.Source}, binding.Maybe)
		}
	}
}

// nativeNames are the names that a star import of a native module gives; all
// is false if there may be others.
func (f *Frame) nativeNames(module string) (names []string, all bool) {
	if exports := f.Program().options.Exports; exports != nil {
		if names := exports(module); names != nil {
			return names, true
		}
	}
	for name := range pythonNatives {
		if rest, ok := strings.CutPrefix(name, module+"."); ok && !strings.Contains(rest, ".") && !strings.HasPrefix(rest, "_") {
			names = append(names, rest)
		}
	}
	slices.Sort(names)
	return names, false
}
