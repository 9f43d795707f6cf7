package changes

import (
	"context"
	"errors"
	"io/fs"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// state are the entities of one side.
type state struct {
	snapshot *workspace.Snapshot
	// folder is what the names of files are relative to.
	folder   string
	entities map[key]*entity
	files    int
	problems []error
}

// key tells entities apart: two files may register one name, in repositories
// with several projects.
type key struct{ kind, fullName, file string }

// entity is what is compared of an entity. It holds nothing of its module, of
// which there may be thousands.
type entity struct {
	kind, fullName string
	name           string // in its module, "" of one that is bound to no name
	path, file     string // absolute, and as people call it
	line           int
	// definition is its source without its name.
	definition      string
	inputs, outputs []variable
	unknown         bool // the interface, or a part of it
}

func (e *entity) key() key { return key{e.kind, e.fullName, e.file} }

// mentioned is how messages and the source call it.
func (e *entity) mentioned() string {
	if e.name != "" {
		return e.name
	}
	return e.fullName
}

type variable struct {
	name, text string // text is the type as Flyte sees it, or as it is written
	required   bool
	// literalType and value, the default, are nil where they aren't known.
	literalType *core.LiteralType
	value       *core.Literal
}

func newState(w *workspace.Workspace, folder string) *state {
	return &state{snapshot: w.Snapshot(), folder: folder, entities: map[key]*entity{}}
}

// read has the entities of files and folders, as far as they are there and
// touched by the change.
func (s *state) read(ctx context.Context, paths []string, touched func(path string) bool) error {
	var wanted []string
	for _, path := range paths {
		files, err := workspace.List(ctx, []string{path})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, file := range files {
			s.files++
			if file.Err != nil {
				s.problems = append(s.problems, file.Err)
			} else if touched(file.Path) {
				wanted = append(wanted, file.Path)
			}
		}
	}
	return s.snapshot.Modules(ctx, wanted, func(file workspace.Listed) error {
		s.add(file)
		return nil
	})
}

func (s *state) add(file workspace.Listed) {
	if file.Err != nil {
		s.problems = append(s.problems, file.Err)
		return
	}
	for _, e := range file.Module.Entities {
		kind := kindOf(e)
		if e.FullName == "" || e.Shadowed || kind == "" || e.Conditional || e.Path != file.Path {
			continue
		}
		made := &entity{
			kind: kind, fullName: e.FullName, name: e.Name, path: file.Path, file: called(s.folder, file.Path),
			line:       file.Source.Position(e.Definition).Line + 1,
			definition: definition(file.Source, e),
			unknown:    e.InputsUnknown != "" || e.OutputsUnknown != "" || e.Opaque != "",
			inputs:     variablesOf(file.Module, e.Inputs), outputs: variablesOf(file.Module, e.Outputs),
		}
		s.entities[made.key()] = made
	}
}

// kindOf is the kind under which an entity is registered; "" of references.
func kindOf(e *model.Entity) string {
	switch e.Kind {
	case model.ReferenceTask, model.ReferenceWorkflow, model.ReferenceLaunchPlan:
		return ""
	case model.Workflow, model.ImperativeWorkflow:
		return "workflow"
	case model.LaunchPlan:
		return "launchplan"
	}
	return "task"
}

// definition is an entity's source without its name.
func definition(source *parser.Source, e *model.Entity) string {
	if !e.Span.Contains(e.NameSpan.Start) {
		return source.Slice(e.Span)
	}
	return source.Slice(parser.Span{Start: e.Span.Start, End: e.NameSpan.Start}) + source.Slice(parser.Span{Start: e.NameSpan.End, End: e.Span.End})
}

func variablesOf(module *model.Module, all []*model.Variable) []variable {
	made := make([]variable, len(all))
	for i, v := range all {
		made[i] = variable{name: v.Name, text: v.Type, required: v.Required}
		if t, err := module.LiteralType(v); err == nil && t != nil {
			made[i].literalType, made[i].text = t, literal.TypeText(t)
		}
		if value, err := module.Default(v); err == nil {
			made[i].value = value
		}
	}
	return made
}
