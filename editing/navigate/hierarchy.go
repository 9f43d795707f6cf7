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
)

// Item is an entity in a hierarchy of calls. A map task within a workflow isn't one
// of its own: the workflow calls its task.
type Item struct {
	Entity *model.Entity
	Source *parser.Source
}

// CallsOf is an entity that calls another one, or is called by it.
type CallsOf struct {
	Item
	// Spans are where the calls are written, in the caller's file: what is called
	// there. Where that is in a function of another file, it is the caller's name.
	Spans []parser.Span
}

// Item is the entity that is named at an offset, nil if there is none. Errors are
// as Snapshot.Module has them.
func (s *Search) Item(ctx context.Context, path string, offset int) (*Item, error) {
	thing, _, err := s.At(ctx, path, offset)
	if err != nil || thing == nil || thing.Entity == nil || thing.Kind != Entity && thing.Kind != Registered {
		return nil, err
	}
	return s.item(ctx, thing.Entity)
}

// Named is the item of an entity by its file and name, as Item has it; nil if there
// is none any more.
func (s *Search) Named(ctx context.Context, path, name string) (*Item, error) {
	module, err := s.Snapshot.Module(ctx, path)
	if err != nil || module.Module == nil {
		return nil, err
	}
	i := slices.IndexFunc(module.Entities, func(e *model.Entity) bool { return title(e) == name && !e.Shadowed })
	if i < 0 {
		return nil, nil
	}
	return &Item{module.Entities[i], module.Text}, nil
}

// Title is what the entity is called: its name in Python, or the one that it
// registers under if it has none.
func (i *Item) Title() string { return title(i.Entity) }

func title(e *model.Entity) string { return cmp.Or(e.Name, e.FullName) }

// item is the item of an entity as its file is now.
func (s *Search) item(ctx context.Context, e *model.Entity) (*Item, error) {
	if e.Name == "" {
		return s.Named(ctx, e.Path, title(e))
	}
	_, now, err := s.Snapshot.Current(ctx, e)
	if err != nil {
		return nil, err
	}
	module, err := s.Snapshot.Module(ctx, e.Path)
	if err != nil || module.Module == nil {
		return nil, err
	}
	return &Item{now, module.Text}, nil
}

// calledBy is the entity that a node calls, or a launch plan starts, for the
// hierarchy; nil if there is none.
func calledBy(e *model.Entity) *model.Entity {
	for e != nil && e.Kind == model.MapTask && e.Of != nil {
		e = e.Of
	}
	return e
}

// Incoming are the entities that call one: workflows, tasks and eager workflows in
// whose functions a call of it, or of a map task of it, stands, imperative
// workflows with a node of it, and launch plans of a workflow. They are those of
// the files that Workspace.Index found and of open documents. The error is the
// context's, or says which file can't be read.
func (s *Search) Incoming(ctx context.Context, item *Item) ([]CallsOf, error) {
	thing := entityThing(item.Entity)
	if thing == nil {
		return nil, nil
	}
	words, err := s.words(ctx, thing)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var all []CallsOf
	err = s.eachFile(ctx, func(path string, text []byte) error {
		language, _ := parser.LanguageOf(path)
		named := slices.ContainsFunc(words, func(word string) bool { return hasWord(text, word) })
		if language != parser.Python || !named || !s.Snapshot.Sees(path, map[string]bool{thing.home: true}) {
			return nil
		}
		module, err := s.Snapshot.Module(ctx, path)
		if err != nil || module.Module == nil {
			return err
		}
		found := callers(module, thing.Key)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, found...)
		return nil
	})
	slices.SortFunc(all, func(a, b CallsOf) int {
		return cmp.Or(cmp.Compare(a.Entity.Path, b.Entity.Path), cmp.Compare(a.Entity.Definition, b.Entity.Definition))
	})
	return all, err
}

// words are the names that imports give an entity anywhere in the workspace, its
// own first.
func (s *Search) words(ctx context.Context, thing *Thing) ([]string, error) {
	words := []string{thing.Name}
	if thing.Kind != Entity {
		return words, nil
	}
	var mu sync.Mutex
	err := s.eachFile(ctx, func(path string, text []byte) error {
		// `import f as g` and `from m import f as g` have both words.
		if !hasWord(text, thing.Name) || !bytes.Contains(text, []byte(" as ")) || !s.mayMean(path, text, thing.Name, thing) {
			return nil
		}
		r, err := read(ctx, s.Snapshot, path)
		if err != nil || r == nil {
			return err
		}
		for _, place := range r.references(thing, thing.Name) {
			if name := r.source.Slice(place.Span); place.Kind == Import && place.Alias {
				mu.Lock()
				words = append(words, name)
				mu.Unlock()
			}
		}
		return nil
	})
	slices.Sort(words[1:])
	return slices.Compact(words), err
}

// callers are the entities of a module that call the one with a key.
func callers(module *model.Module, key string) []CallsOf {
	var all []CallsOf
	add := func(by *model.Entity, span parser.Span) {
		i := slices.IndexFunc(all, func(c CallsOf) bool { return c.Entity == by })
		if i < 0 {
			i = len(all)
			all = append(all, CallsOf{Item: Item{by, module.Text}})
		}
		if !slices.Contains(all[i].Spans, span) {
			all[i].Spans = append(all[i].Spans, span)
		}
	}
	is := func(e *model.Entity) bool {
		e = calledBy(e)
		if e == nil {
			return false
		}
		thing := entityThing(e)
		return thing != nil && thing.Key == key
	}
	for by, node := range module.Calls() {
		if is(node.Entity) {
			add(by, callSpan(module, by, node))
		}
	}
	for _, e := range module.Entities {
		if (e.Kind == model.LaunchPlan || e.Kind == model.MapTask && e.Name != "") && is(e.Of) {
			add(e, ofSpan(module, e))
		}
	}
	return all
}

// callSpan is what a node calls, where its call stands in the entity's file.
func callSpan(module *model.Module, by *model.Entity, node *model.Node) parser.Span {
	if node.Call != nil && node.Module != nil && node.Module.Path == module.Path {
		return node.Call.Func.Span()
	}
	return by.NameSpan
}

// ofSpan is where a launch plan or a map task names what it is of.
func ofSpan(module *model.Module, e *model.Entity) parser.Span {
	if e.Maker == nil || e.OfName == "" {
		return e.NameSpan
	}
	given := slices.Clone(e.Maker.Args)
	for _, keyword := range e.Maker.Keywords {
		given = append(given, keyword.Value)
	}
	i := slices.IndexFunc(given, func(arg ast.Expr) bool { return module.Text.Slice(arg.Span()) == e.OfName })
	if i < 0 {
		return e.NameSpan
	}
	return given[i].Span()
}

// Outgoing are the entities that one calls, in the order of the calls: a workflow
// by its nodes, those in conditionals and the failure handler among them, a task by
// what it runs, a launch plan its workflow. Errors are as Snapshot.Module has them.
func (s *Search) Outgoing(ctx context.Context, item *Item) ([]CallsOf, error) {
	module, err := s.Snapshot.Module(ctx, item.Entity.Path)
	if err != nil || module.Module == nil {
		return nil, err
	}
	var all []CallsOf
	keys := map[string]int{}
	add := func(e *model.Entity, span parser.Span) error {
		if e = calledBy(e); e == nil {
			return nil
		}
		thing := entityThing(e)
		if thing == nil {
			return nil
		}
		i, known := keys[thing.Key]
		if !known {
			called, err := s.item(ctx, e)
			if err != nil || called == nil {
				return err
			}
			i, keys[thing.Key] = len(all), len(all)
			all = append(all, CallsOf{Item: *called})
		}
		if !slices.Contains(all[i].Spans, span) {
			all[i].Spans = append(all[i].Spans, span)
		}
		return nil
	}
	for node := range module.Body(item.Entity).All() {
		if err := add(node.Entity, callSpan(module, item.Entity, node)); err != nil {
			return nil, err
		}
	}
	if item.Entity.Kind == model.LaunchPlan || item.Entity.Kind == model.MapTask {
		err = add(item.Entity.Of, ofSpan(module, item.Entity))
	}
	return all, err
}
