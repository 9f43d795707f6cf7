package pyeval

import (
	"sync"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Source is a module's source as the evaluator gets it.
type Source struct {
	// Path is the file, unique for the module; Name the module's dotted name
	// as Python imports it (of a package without ".__init__").
	Path, Name string
	// Package: it is a package's __init__.py.
	Package bool
	// Stub: it is a .pyi file. Its functions aren't looked into.
	Stub bool
	// StandIn: it comes from Options.StandIn, and is no file.
	StandIn bool
	// Notebook: it is what the cells of a notebook make, which IPython runs.
	Notebook bool
	// Cells are the offsets at which a notebook's cells start.
	Cells []int
	// Further says why the module may have further names, which hide none of its
	// own; "" if it has none.
	Further string
	AST     *ast.Module
	Text    *parser.Source
	// Interface is a fingerprint of all in the file that other modules may see:
	// it stays the same when the file changes within the bodies of decorated
	// functions, in comments or in layout.
	Interface uint64
}

// Finder finds modules. It is safe for concurrent use, and answers the same as
// long as the program lives.
type Finder interface {
	// Find is the module of an absolute dotted name as the importing module
	// sees it (its source root and folder come first).
	Find(from *Source, name string) Found
	// Version is the Python version that is reckoned with, e.g. {3, 11}.
	Version() [2]int
	// Installed tells whether a distribution's import package can be found in
	// the interpreter's site-packages; known is false if there is no
	// interpreter to ask.
	Installed(pkg string) (installed, known bool)
}

// Found is what a Finder found.
type Found struct {
	// Source is the module; nil if there is none to read.
	Source *Source
	// Namespace: the name is a folder without __init__.py.
	Namespace bool
	// Why says why Source is nil, for the user; "" for a namespace.
	Why string
}

// Module is an evaluated module.
type Module struct {
	*Source
	// Scope has the names at the end of the module.
	Scope *Scope
	// Made is what natives recorded while the module's statements were
	// evaluated (Frame.Record): entities.
	Made []any
	// Noted is what the observer kept of it (Frame.Note).
	Noted []any
	// Uses are the modules that the evaluation looked into, those that these
	// looked into among them, and also those that weren't found: as long as
	// their answers stay the same, so does this module.
	Uses []Use
	// FutureAnnotations: it has `from __future__ import annotations`.
	FutureAnnotations bool

	// fails says why the module can't be imported, as far as a statement of its
	// own raises an exception.
	fails string
	// opaqueStars say why what some `from m import *` brings, or a change of
	// globals() binds, isn't known.
	opaqueStars []string
	// furtherStars say which `from m import *` bring further names, that hide none
	// of those that are known.
	furtherStars []string
	// cyclic: it looked into a module that looks into it, so that its values
	// hang on which of them is imported first. It is then evaluated again for
	// each module that imports it.
	cyclic bool
}

// UnknownNames says why names that aren't in the module's Scope may be in the
// module all the same, and names that are may stand for something else: it has
// a `from m import *` of which the names aren't known, or sets such in
// globals(). "" if it has none.
func (m *Module) UnknownNames() string {
	if len(m.opaqueStars) == 0 {
		return ""
	}
	return m.opaqueStars[0]
}

// Use is a look into another module.
type Use struct {
	Name string // absolute dotted name
	Path string // "" if it wasn't found
	// Interface is the fingerprint of the source that was found.
	Interface uint64
}

// Options say how modules that aren't read from source are treated. Parts may
// be nil.
type Options struct {
	// Canonical is the canonical name of a native's public name:
	// "flytekit.core.task.task" for "flytekit.task"; the name itself if it
	// knows no other.
	Canonical func(name string) string
	// NativeModule tells whether a module is never read from source. Python's
	// standard library isn't, whatever it says.
	NativeModule func(module string) bool
	// Exports are the names that `from m import *` gives of a native module;
	// nil if they aren't known.
	Exports func(module string) []string
	// StandIn is what is evaluated in place of a module that can't be found: its
	// source or, of a package of such modules, a namespace. What it doesn't have
	// is taken to be in the module, and isn't known.
	StandIn func(name string) Found
	// Finish is told of each module when its statements are evaluated, before
	// others see it.
	Finish func(module *Module)
	// Observer is told of what happens while modules are evaluated.
	Observer Observer
	// Cache keeps finished modules; a cache of the program's own if it is nil.
	Cache Cache
}

// Cache keeps finished modules. It is safe for concurrent use.
type Cache interface {
	// Get is the finished module of a source, nil if there is none, or if one
	// of its Uses isn't what it was.
	Get(source *Source) *Module
	Put(module *Module)
}

// Program evaluates modules. It is safe for concurrent use.
type Program struct {
	finder  Finder
	natives Natives
	options Options
	cache   Cache
}

// NewProgram makes a program whose modules the finder finds. The natives are
// used beside those of Python's own library, and in place of those that have
// the same name.
func NewProgram(finder Finder, natives Natives, options Options) *Program {
	p := &Program{finder: finder, natives: natives, options: options, cache: options.Cache}
	if p.cache == nil {
		p.cache = &memory{modules: map[*Source]*Module{}}
	}
	return p
}

// Finder is the finder that the program was made with.
func (p *Program) Finder() Finder { return p.finder }

// memory is the cache of a program that was given none.
type memory struct {
	mutex   sync.RWMutex
	modules map[*Source]*Module
}

func (m *memory) Get(source *Source) *Module {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	return m.modules[source]
}

func (m *memory) Put(module *Module) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.modules[module.Source] = module
}

// Module is the module of a source, evaluated as if it was the first one that
// Python imports.
func (p *Program) Module(source *Source) *Module {
	if module := p.cache.Get(source); module != nil {
		return module
	}
	s := &session{program: p}
	module, _ := s.module(source)
	return module
}

// Frame is a place for looking into a finished module: to evaluate annotations
// or bodies. It is used by one goroutine. What its evaluation makes or changes
// isn't seen by others.
func (p *Program) Frame(module *Module) *Frame {
	// Many are made for a glance at one value: it is one piece of memory.
	look := &struct {
		session    session
		evaluation evaluation
		stack      [1]*evaluation
		frame      Frame
	}{
		session:    session{program: p},
		evaluation: evaluation{module: module, steps: maxSteps, total: maxTotal},
		frame:      Frame{module: module, scope: module.Scope},
	}
	look.stack[0] = &look.evaluation
	look.session.stack = look.stack[:]
	look.evaluation.session = &look.session
	look.frame.ev = &look.evaluation
	return &look.frame
}

// At is the frame with another scope to look up names in, e.g. Function.In.
func (f *Frame) At(scope *Scope) *Frame {
	at := *f
	at.scope, at.module, at.pending = scope, scope.Module, nil
	return &at
}

// session is the work of one goroutine: the module that was asked for, and
// those that it needs.
type session struct {
	program  *Program
	stack    []*evaluation
	finished map[*Source]*finished // of cycles
	nesting  int
}

// finished is a module that is good for this session only.
type finished struct {
	module *Module
	taint  int
}

// module is the module of a source, evaluated if it wasn't yet. It is still
// unfinished if it is the one that is being evaluated further down the stack.
func (s *session) module(source *Source) (m *Module, done bool) {
	for i := len(s.stack) - 1; i >= 0; i-- {
		if ev := s.stack[i]; ev.module.Source == source && !ev.done {
			if ev.module.Scope.by != ev {
				break // a look into the finished module
			}
			s.taint(i)
			ev.module.cyclic = ev.module.cyclic || i < len(s.stack)-1
			return ev.module, false
		}
	}
	if cached := s.program.cache.Get(source); cached != nil && !cached.cyclic {
		return cached, true
	}
	if kept, ok := s.finished[source]; ok {
		s.taint(kept.taint)
		return kept.module, true
	}
	if len(s.stack) >= maxImports {
		return nil, true
	}
	ev := &evaluation{session: s, depth: len(s.stack), taint: len(s.stack), total: maxTotal}
	ev.module = &Module{Source: source}
	ev.module.Scope = &Scope{Module: ev.module, by: ev}
	s.stack = append(s.stack, ev)
	ev.run()
	s.stack = s.stack[:len(s.stack)-1]
	ev.done = true
	ev.finish()
	if finish := s.program.options.Finish; finish != nil {
		finish(ev.module)
	}
	if ev.taint < ev.depth {
		s.keep(ev.module, ev.taint)
		return ev.module, true
	}
	if ev.module.cyclic && ev.depth > 0 {
		s.keep(ev.module, ev.depth)
		return ev.module, true
	}
	s.program.cache.Put(ev.module)
	return ev.module, true
}

// keep keeps a module for this session.
func (s *session) keep(module *Module, taint int) {
	if s.finished == nil {
		s.finished = map[*Source]*finished{}
	}
	s.finished[module.Source] = &finished{module, taint}
}

// taint says that what is being evaluated has looked into the unfinished
// module at a depth of the stack.
func (s *session) taint(depth int) {
	for i := depth + 1; i < len(s.stack); i++ {
		s.stack[i].taint = min(s.stack[i].taint, depth)
		s.stack[i].module.cyclic = s.stack[i].module.cyclic || s.stack[i].module.Scope.by == s.stack[i]
	}
}

// run goes through the module's statements.
func (ev *evaluation) run() {
	f := &Frame{ev: ev, module: ev.module, scope: ev.module.Scope}
	if ev.module.AST == nil {
		return
	}
	for _, stmt := range ev.module.AST.Body {
		ev.steps = min(maxSteps, ev.total)
		began := ev.steps
		ev.journal, ev.topStmt, ev.raised = ev.journal[:0], stmt, nil
		f.exec(stmt)
		f.pending, ev.region, ev.repeated = f.pending[:0], 0, false
		ev.total -= began - max(ev.steps, 0)
	}
	ev.steps = maxSteps
	for _, do := range ev.later {
		do()
	}
}

// finish lets go of what is only needed while the module is evaluated.
func (ev *evaluation) finish() {
	ev.module.Made, ev.module.Noted = ev.made, ev.noted
	for use := range ev.uses {
		ev.module.Uses = append(ev.module.Uses, use)
	}
	ev.journal, ev.uses, ev.changed, ev.globals, ev.calls = nil, nil, nil, nil, nil
	ev.session, ev.topStmt, ev.later = nil, nil, nil
}
