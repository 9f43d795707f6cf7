package navigate

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Location is a place to go to.
type Location struct {
	Path   string
	Source *parser.Source
	Span   parser.Span
}

// Definition is where the thing at an offset is declared: an input at its
// parameter, an output at the field of its NamedTuple, or, where it has no name of
// its own, at the type that its entity returns. general has it answer what a
// server for Python answers, too. Errors are as Snapshot.Module has them.
func (s *Search) Definition(ctx context.Context, path string, offset int, general bool) ([]Location, error) {
	thing, place, err := s.At(ctx, path, offset)
	if err != nil || thing == nil || place.General && !general {
		return nil, err
	}
	if thing.Kind == Registered && thing.Entity == nil {
		return s.registered(ctx, thing)
	}
	return s.declaration(ctx, thing)
}

// declaration is where a thing is declared, or else its entity.
func (s *Search) declaration(ctx context.Context, thing *Thing) ([]Location, error) {
	switch {
	case thing.Declared():
		return s.locations(ctx, thing.Path, thing.Span)
	case thing.Entity == nil:
		return nil, nil
	case thing.Kind == Output:
		e := thing.Entity
		if output := e.Output(thing.Name); output != nil && output.TypeSpan.End > output.TypeSpan.Start {
			return s.locations(ctx, e.Path, output.TypeSpan)
		}
		if e.Returns != nil && e.Returns.TypeSpan.End > e.Returns.TypeSpan.Start {
			return s.locations(ctx, e.Path, e.Returns.TypeSpan)
		}
	}
	return s.locations(ctx, thing.Entity.Path, thing.Entity.NameSpan)
}

// locations is the place of a span, none of an empty one.
func (s *Search) locations(ctx context.Context, path string, span parser.Span) ([]Location, error) {
	if span.End <= span.Start {
		return nil, nil
	}
	module, err := s.Snapshot.Module(ctx, path)
	if err != nil || module.Module == nil {
		return nil, err
	}
	return []Location{{path, module.Text, span}}, nil
}

// registered are the launch plans of the workspace that register under a name.
func (s *Search) registered(ctx context.Context, thing *Thing) ([]Location, error) {
	var mu sync.Mutex
	var list []Location
	err := s.eachFile(ctx, func(path string, text []byte) error {
		if language, _ := parser.LanguageOf(path); language != parser.Python || !bytes.Contains(text, []byte("LaunchPlan")) || !bytes.Contains(text, []byte(thing.Name)) {
			return nil
		}
		r, err := read(ctx, s.Snapshot, path)
		if err != nil || r == nil {
			return err
		}
		for _, e := range r.module.Entities {
			if e.Kind != model.LaunchPlan || e.FullName != thing.Name {
				continue
			}
			span := e.NameSpan
			if name := r.nameArgument(e); name != nil {
				span = name.Inner
			}
			mu.Lock()
			list = append(list, Location{path, r.source, span})
			mu.Unlock()
		}
		return nil
	})
	sortLocations(list)
	return list, err
}

func sortLocations(list []Location) {
	slices.SortFunc(list, func(a, b Location) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Span.Start, b.Span.Start))
	})
}

// Implementation is the code behind the entity at an offset: the function of a
// task or a workflow, for a launch plan that of its workflow, for a map task that
// of its task, for a reference the entity of the workspace that registers under
// its name. Of an input it is the parameter. Errors are as Snapshot.Module has
// them.
func (s *Search) Implementation(ctx context.Context, path string, offset int) ([]Location, error) {
	thing, _, err := s.At(ctx, path, offset)
	if err != nil || thing == nil {
		return nil, err
	}
	if thing.Kind == Registered && thing.Entity == nil {
		return s.registered(ctx, thing)
	}
	if thing.Kind == Input || thing.Kind == Output || thing.Entity == nil {
		return s.declaration(ctx, thing)
	}
	e := rootOf(thing.Entity)
	switch e.Kind {
	case model.ReferenceTask, model.ReferenceWorkflow, model.ReferenceLaunchPlan:
		r, err := read(ctx, s.Snapshot, e.Path)
		if err != nil || r == nil {
			return nil, err
		}
		if of := r.fullyNamed(e.FullName); of != nil {
			e = rootOf(of)
			break
		}
		return s.registered(ctx, &Thing{Kind: Registered, Name: e.FullName})
	}
	_, now, err := s.Snapshot.Current(ctx, e)
	if err != nil {
		return nil, err
	}
	if fn := functionOf(now); fn != nil && fn.Def.Name != nil {
		module, err := s.Snapshot.Module(ctx, fn.Module.Path)
		if err == nil && module.Module != nil && module.Text == fn.Module.Text {
			return []Location{{fn.Module.Path, module.Text, fn.Def.Name.Span()}}, nil
		}
	}
	return s.locations(ctx, now.Path, now.NameSpan)
}

// TypeDefinition are the classes of the type of the input, the output or the
// promise at an offset: dataclasses, enums, NamedTuples. general has it answer what
// a server for Python answers, too. Errors are as Snapshot.Module has them.
func (s *Search) TypeDefinition(ctx context.Context, path string, offset int, general bool) ([]Location, error) {
	thing, place, err := s.At(ctx, path, offset)
	if err != nil {
		return nil, err
	}
	if thing != nil && (thing.Kind == Input || thing.Kind == Output) && thing.Entity != nil && (general || !place.General) {
		variable := thing.Entity.Input(thing.Name)
		if thing.Kind == Output {
			variable = thing.Entity.Output(thing.Name)
		}
		if variable == nil {
			return nil, nil
		}
		return s.classes(ctx, variable.PyType)
	}
	r, err := read(ctx, s.Snapshot, path)
	if err != nil || r == nil || inComment(r.source.Text(), offset) {
		return nil, err
	}
	nodes := r.nodes(offset)
	if len(nodes) == 0 {
		return nil, nil
	}
	expr, ok := nodes[len(nodes)-1].(ast.Expr)
	if !ok {
		return nil, nil
	}
	promise, ok := r.value(expr).(*model.Promise)
	if !ok || promise.Type == nil || !general && !typeLost(promise) {
		return nil, nil
	}
	return s.classes(ctx, r.typeBehind(promise.Type, promise.Path))
}

// typeLost tells whether a server for Python doesn't know the type of a promise.
func typeLost(p *model.Promise) bool {
	if p.Node == nil || p.Node.Entity == nil {
		return false
	}
	switch p.Node.Entity.Kind {
	case model.Task, model.Workflow, model.Dynamic, model.Eager:
		return false
	}
	return true
}

// typeBehind is the type of what a path leads to, from a type on: an attribute of
// a dataclass, an element of a list, a value of a dict. Nil where it isn't known.
func (r *reader) typeBehind(t pyeval.Value, path []pyeval.Value) pyeval.Value {
	for _, step := range path {
		t = bare(t)
		switch of := t.(type) {
		case *pyeval.Class:
			name, ok := step.(pyeval.Str)
			if !ok {
				return nil
			}
			fields := r.module.DataFields(of)
			i := slices.IndexFunc(fields, func(v *model.Variable) bool { return v.Name == string(name) })
			if i < 0 {
				return nil
			}
			t = fields[i].PyType
		case *pyeval.Alias:
			if len(of.Args) == 0 {
				return nil
			}
			t = of.Args[len(of.Args)-1]
		default:
			return nil
		}
	}
	return t
}

// bare is a type without Annotated and Optional around it.
func bare(t pyeval.Value) pyeval.Value {
	for {
		switch of := t.(type) {
		case *pyeval.Alias:
			if native, ok := of.Origin.(*pyeval.Native); !ok || baseName(native.Name) != "Annotated" || len(of.Args) == 0 {
				return t
			}
			t = of.Args[0]
		case *pyeval.Union:
			var only pyeval.Value
			for _, arg := range of.Args {
				if _, none := arg.(pyeval.None); none {
					continue
				}
				if only != nil {
					return t
				}
				only = arg
			}
			if only == nil {
				return t
			}
			t = only
		default:
			return t
		}
	}
}

// classes are where the classes of a type are defined that source has.
func (s *Search) classes(ctx context.Context, t pyeval.Value) ([]Location, error) {
	var list []Location
	var visit func(pyeval.Value) error
	visit = func(t pyeval.Value) error {
		var found []Location
		var err error
		switch of := bare(t).(type) {
		case *pyeval.Class:
			found, err = s.bound(ctx, of.Module, of.Qualname)
		case *pyeval.NamedTuple:
			found, err = s.bound(ctx, of.Module, of.Name)
		case *pyeval.Alias:
			for _, arg := range of.Args {
				if err := visit(arg); err != nil {
					return err
				}
			}
		case *pyeval.Union:
			for _, arg := range of.Args {
				if err := visit(arg); err != nil {
					return err
				}
			}
		}
		list = append(list, found...)
		return err
	}
	err := visit(t)
	return list, err
}

// bound is where a module of the source binds a name, as its text is now.
func (s *Search) bound(ctx context.Context, module *pyeval.Module, name string) ([]Location, error) {
	if module == nil || module.StandIn {
		return nil, nil
	}
	now, err := s.Snapshot.Module(ctx, module.Path)
	if err != nil || now.Module == nil {
		return nil, err
	}
	binding, ok := now.Scope.Get(name)
	if !ok || binding.NameSpan.End <= binding.NameSpan.Start {
		return nil, nil
	}
	return []Location{{module.Path, now.Text, binding.NameSpan}}, nil
}
