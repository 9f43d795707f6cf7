package flytekit

import (
	"strings"
	"sync"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// reader finds definitions in the installed sources, as the module at a path sees
// them. It follows what modules import from each other.
type reader struct {
	snapshot *workspace.Snapshot
	from     string
	modules  map[string]*module
	// files are those that were looked into.
	files []*workspace.File
	// asked counts the names that were looked up, and reading are the functions
	// that are being read: both end what would go round in circles.
	asked   int
	reading map[*ast.FunctionDef]bool
}

// maxAsked bounds the names that are looked up for one answer.
const maxAsked = 500

func newReader(snapshot *workspace.Snapshot, from string) *reader {
	return &reader{snapshot: snapshot, from: from, modules: map[string]*module{}, reading: map[*ast.FunctionDef]bool{}}
}

// module is a module of flytekit's or a plugin's.
type module struct {
	name string
	pkg  bool // it is a package's __init__.py
	file *workspace.File
	// names are what its statements bind, and stars the modules of which it
	// imports all.
	names func() map[string]binding
	stars []string
}

// binding is what a name stands for: what is defined or assigned, or the absolute
// name of what is imported.
type binding struct {
	node     ast.Node
	imported string
}

// definition is what a name leads to: a module if it has no node, a function, a
// class, or the expression that is assigned.
type definition struct {
	module *module
	name   string
	node   ast.Node
	// class is the one that it is asked of as a member, and above are the classes
	// that `super()` looks into in it.
	class *definition
	above []*definition
}

// module is the one of a dotted name; nil if there is none.
func (r *reader) module(name string) *module {
	if m, ok := r.modules[name]; ok {
		return m
	}
	r.modules[name] = nil
	path := ""
	if isFlytekit(name) {
		path = r.snapshot.ModulePath(r.from, name)
	}
	if path == "" {
		return nil
	}
	file, err := r.snapshot.File(path)
	if err != nil || file.AST == nil {
		return nil
	}
	r.files = append(r.files, file)
	m := &module{name: name, pkg: strings.HasSuffix(path, "__init__.py"), file: file}
	m.names = sync.OnceValue(func() map[string]binding {
		names := map[string]binding{}
		m.bind(names, file.AST.Body)
		return names
	})
	r.modules[name] = m
	return m
}

// bind takes in what statements bind. Of several the last counts, so that of
// overloads the implementation does; but what an except clause puts in place of
// what can't be imported doesn't.
func (m *module) bind(names map[string]binding, body []ast.Stmt) {
	for _, stmt := range body {
		switch s := stmt.(type) {
		case *ast.FunctionDef:
			names[s.Name.ID] = binding{node: s}
		case *ast.ClassDef:
			names[s.Name.ID] = binding{node: s}
		case *ast.Assign:
			for _, target := range s.Targets {
				if name, ok := target.(*ast.Name); ok {
					names[name.ID] = binding{node: s.Value}
				}
			}
		case *ast.AnnAssign:
			if name, ok := s.Target.(*ast.Name); ok && s.Value != nil {
				names[name.ID] = binding{node: s.Value}
			}
		case *ast.Import:
			for _, alias := range s.Names {
				if alias.AsName != "" {
					names[alias.AsName] = binding{imported: alias.Name}
				} else {
					top, _, _ := strings.Cut(alias.Name, ".")
					names[top] = binding{imported: top}
				}
			}
		case *ast.ImportFrom:
			m.bindFrom(names, s)
		case *ast.If:
			m.bind(names, s.Body)
			m.bind(names, s.Else)
		case *ast.With:
			m.bind(names, s.Body)
		case *ast.Try:
			otherwise := map[string]binding{}
			for _, handler := range s.Handlers {
				m.bind(otherwise, handler.Body)
			}
			m.bind(names, s.Body)
			m.bind(names, s.Else)
			for name, bound := range otherwise {
				if _, ok := names[name]; !ok {
					names[name] = bound
				}
			}
		}
	}
}

func (m *module) bindFrom(names map[string]binding, s *ast.ImportFrom) {
	from := m.absolute(s)
	if from == "" {
		return
	}
	for _, alias := range s.Names {
		switch {
		case alias.Name == "*":
			m.stars = append(m.stars, from)
		case alias.AsName != "":
			names[alias.AsName] = binding{imported: from + "." + alias.Name}
		default:
			names[alias.Name] = binding{imported: from + "." + alias.Name}
		}
	}
}

// absolute is the module that a statement imports from; "" where its dots lead out
// of the package.
func (m *module) absolute(s *ast.ImportFrom) string {
	if s.Level == 0 {
		return s.Module
	}
	in := m.name
	for level := s.Level; level > 0; level-- {
		if level == s.Level && m.pkg {
			continue
		}
		parent, _, dotted := cutLast(in)
		if !dotted {
			return ""
		}
		in = parent
	}
	if s.Module == "" {
		return in
	}
	return in + "." + s.Module
}

// find is what an absolute dotted name leads to; nil if that can't be told.
func (r *reader) find(name string) *definition {
	if r.asked++; r.asked > maxAsked {
		return nil
	}
	for end := len(name); end > 0; end = strings.LastIndexByte(name[:end], '.') {
		m := r.module(name[:end])
		if m == nil {
			continue
		}
		found := &definition{module: m, name: name[:end]}
		if end < len(name) {
			for part := range strings.SplitSeq(name[end+1:], ".") {
				if found = r.member(found, part); found == nil {
					return nil
				}
			}
		}
		return found
	}
	return nil
}

// member is what a name stands for in a module or a class; nil if that can't be
// told.
func (r *reader) member(of *definition, name string) *definition {
	switch of.node.(type) {
	case nil:
		return r.global(of.module, name)
	case *ast.ClassDef:
		lineage := r.lineage(of)
		for i, class := range lineage {
			if found := ownMember(class, name); found != nil {
				found.class, found.above = of, lineage[i+1:]
				return found
			}
		}
	}
	return nil
}

// ownMember is what a class's own statements bind to a name.
func ownMember(class *definition, name string) *definition {
	body := class.node.(*ast.ClassDef).Body
	for i := len(body) - 1; i >= 0; i-- {
		found := &definition{module: class.module, name: name}
		switch s := body[i].(type) {
		case *ast.FunctionDef:
			if s.Name.ID == name {
				found.node = s
				return found
			}
		case *ast.ClassDef:
			if s.Name.ID == name {
				found.node = s
				return found
			}
		}
	}
	return nil
}

// global is what a name stands for in a module.
func (r *reader) global(m *module, name string) *definition {
	bound, ok := m.names()[name]
	switch {
	case ok && bound.imported != "":
		return r.find(bound.imported)
	case ok:
		if expr, is := bound.node.(ast.Expr); is {
			if same := r.resolve(m, expr); same != nil {
				return same
			}
		}
		return &definition{module: m, name: name, node: bound.node}
	}
	if m.pkg {
		if sub := r.module(m.name + "." + name); sub != nil {
			return &definition{module: sub, name: sub.name}
		}
	}
	for _, star := range m.stars {
		if found := r.find(star + "." + name); found != nil {
			return found
		}
	}
	return nil
}

// resolve is what an expression of a module's leads to; nil if that can't be told.
func (r *reader) resolve(m *module, expr ast.Expr) *definition {
	if r.asked++; r.asked > maxAsked {
		return nil
	}
	switch e := expr.(type) {
	case *ast.Name:
		return r.global(m, e.ID)
	case *ast.Attribute:
		if of := r.resolve(m, e.Value); of != nil {
			return r.member(of, e.Attr)
		}
	case *ast.Subscript: // Base[T]
		return r.resolve(m, e.Value)
	}
	return nil
}

// lineage are a class and the classes that it derives from, in the order in which
// Python looks into them. Those of other libraries aren't among them.
func (r *reader) lineage(class *definition) []*definition {
	all := []*definition{class}
	node, ok := class.node.(*ast.ClassDef)
	if !ok {
		return nil
	}
	for _, base := range node.Bases {
		of := r.resolve(class.module, base)
		if of == nil || of.node == class.node {
			continue
		}
		for _, further := range r.lineage(of) {
			// Of a class that several derive from the last place counts.
			for i, known := range all {
				if known.node == further.node {
					all = append(all[:i:i], all[i+1:]...)
					break
				}
			}
			all = append(all, further)
		}
	}
	return all
}

func cutLast(name string) (parent, last string, dotted bool) {
	if at := strings.LastIndexByte(name, '.'); at >= 0 {
		return name[:at], name[at+1:], true
	}
	return "", name, false
}
