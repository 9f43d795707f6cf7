// Package changes tells what a change of source does to the interfaces of tasks,
// workflows and launch plans, and what breaks by it.
package changes

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// What happened to an entity, or to one of its inputs and outputs.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// Change is what happened to one entity. Entities are told apart by what they
// are registered under.
type Change struct {
	// What is Added, Removed or Changed.
	What string `json:"what"`
	// Kind is "task", "workflow" or "launchplan".
	Kind     string `json:"kind"`
	FullName string `json:"full_name"`
	// File is the path, relative to the working folder, and Line the line from
	// 1; of what is removed those in the base.
	File    string     `json:"file"`
	Line    int        `json:"line"`
	Inputs  []Variable `json:"inputs,omitempty"`
	Outputs []Variable `json:"outputs,omitempty"`
	// Breaks are the places that don't fit any more.
	Breaks []Break `json:"breaks,omitempty"`
}

// Variable is what happened to an input or an output.
type Variable struct {
	What string `json:"what"`
	Name string `json:"name"`
	// Before and After are the types as Flyte sees them, "" where there was or
	// is none.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	// RequiredBefore and RequiredAfter tell of inputs whether an execution must
	// be given them.
	RequiredBefore bool `json:"required_before,omitempty"`
	RequiredAfter  bool `json:"required_after,omitempty"`
	// Default tells that an input's default is another one.
	Default bool `json:"default,omitempty"`
	// Breaking: who calls the entity as before doesn't fit any more.
	Breaking bool `json:"breaking"`
}

// Break is a caller, a launch plan or an inputs document that doesn't fit any
// more.
type Break struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// Breaking tells whether anything breaks by the changes.
func Breaking(changes []*Change) bool {
	return slices.ContainsFunc(changes, func(c *Change) bool { return len(c.Breaks) > 0 })
}

// state are the entities of one side.
type state struct {
	snapshot *workspace.Snapshot
	// folder is what the names of files are relative to.
	folder   string
	entities map[key]*entity
	files    []workspace.Listed
	problems []error
}

// key tells entities apart: two files may register one name, in repositories
// with several projects.
type key struct{ kind, name, file string }

type entity struct {
	*model.Entity
	module *model.Module
	file   string // as people call it
	path   string
	line   int
}

// Compare compares the entities of files and folders with those of the base.
// before and after are workspaces of the base and of the work tree, and paths
// lie in the work tree, absolute; folder is what the names of files are told
// relative to. problems are files that can't be read. The error is the
// context's, or that a path is on neither side.
func Compare(ctx context.Context, base *Base, before, after *workspace.Workspace, paths []string, folder string) (found []*Change, problems []error, err error) {
	inBase := make([]string, 0, len(paths))
	for _, path := range paths {
		if moved, ok := base.Of(path); ok {
			inBase = append(inBase, moved)
		}
	}
	baseFolder, ok := base.Of(folder)
	if !ok {
		baseFolder = base.Folder
	}
	old, err := read(ctx, before, inBase, baseFolder)
	if err != nil {
		return nil, nil, err
	}
	now, err := read(ctx, after, paths, folder)
	if err != nil {
		return nil, nil, err
	}
	if len(old.files)+len(now.files) == 0 {
		return nil, nil, &InputError{"there is no workflow file, neither now nor in the base"}
	}
	moved := old.moved(now)
	for k, e := range now.entities {
		was := old.entities[k]
		if was == nil {
			was = moved[key{k.kind, k.name, ""}]
		}
		if change := compared(was, e); change != nil {
			found = append(found, change)
		}
	}
	for k, e := range old.entities {
		if now.entities[k] == nil && moved[key{k.kind, k.name, ""}] != e {
			found = append(found, compared(e, nil))
		}
	}
	slices.SortFunc(found, func(a, b *Change) int {
		return cmp.Or(cmp.Compare(a.File, b.File), a.Line-b.Line, cmp.Compare(a.FullName, b.FullName))
	})
	if err := broken(ctx, old, now, found); err != nil {
		return nil, nil, err
	}
	return found, append(old.problems, now.problems...), nil
}

// read has the entities of files and folders, as far as they are there.
func read(ctx context.Context, w *workspace.Workspace, paths []string, folder string) (*state, error) {
	s := &state{snapshot: w.Snapshot(), folder: folder, entities: map[key]*entity{}}
	for _, path := range paths {
		err := s.snapshot.Modules(ctx, []string{path}, func(file workspace.Listed) error {
			s.add(file)
			return nil
		})
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return s, nil
}

func (s *state) add(file workspace.Listed) {
	if file.Err != nil {
		s.problems = append(s.problems, file.Err)
		return
	}
	s.files = append(s.files, file)
	for _, e := range file.Module.Entities {
		k := key{kindOf(e), e.FullName, s.called(file.Path)}
		if e.FullName == "" || e.Shadowed || k.kind == "" || e.Conditional {
			continue
		}
		s.entities[k] = &entity{
			Entity: e, module: file.Module, path: file.Path, file: s.called(file.Path), line: file.Source.Position(e.Definition).Line + 1,
		}
	}
}

// moved are the entities that are registered under the same name by another file
// now, by kind and name.
func (s *state) moved(now *state) map[key]*entity {
	gone, come := map[key]int{}, map[key]int{}
	moved := map[key]*entity{}
	for k, e := range s.entities {
		if now.entities[k] == nil {
			k.file = ""
			gone[k]++
			moved[k] = e
		}
	}
	for k := range now.entities {
		if s.entities[k] == nil {
			k.file = ""
			come[k]++
		}
	}
	maps.DeleteFunc(moved, func(k key, _ *entity) bool { return gone[k] != 1 || come[k] != 1 })
	return moved
}

// called is how a file is called.
func (s *state) called(path string) string {
	if name, err := filepath.Rel(s.folder, path); err == nil {
		return name
	}
	return path
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

// compared is what happened to an entity; nil where its interface is the same,
// or isn't known on one side.
func compared(old, now *entity) *Change {
	switch {
	case old == nil:
		return changeOf(Added, now)
	case now == nil:
		return changeOf(Removed, old)
	case old.InputsUnknown != "" || now.InputsUnknown != "" || old.OutputsUnknown != "" || now.OutputsUnknown != "":
		return nil
	}
	change := changeOf(Changed, now)
	change.Inputs = variables(old, now, old.Inputs, now.Inputs, true)
	change.Outputs = variables(old, now, old.Outputs, now.Outputs, false)
	if len(change.Inputs)+len(change.Outputs) == 0 {
		return nil
	}
	return change
}

func changeOf(what string, e *entity) *Change {
	return &Change{What: what, Kind: kindOf(e.Entity), FullName: e.FullName, File: e.file, Line: e.line}
}

// variables are what happened to the inputs or outputs.
func variables(old, now *entity, before, after []*model.Variable, inputs bool) []Variable {
	was, is := byName(before), byName(after)
	var all []Variable
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if is[name] == nil {
			all = append(all, Variable{What: Removed, Name: name, Before: typeText(old, was[name]), RequiredBefore: was[name].Required, Breaking: true})
		}
	}
	for _, variable := range after {
		name := variable.Name
		if was[name] == nil {
			all = append(all, Variable{
				What: Added, Name: name, After: typeText(now, variable), RequiredAfter: variable.Required, Breaking: inputs && variable.Required,
			})
			continue
		}
		if changed := variableChange(old, now, was[name], variable, inputs); changed != nil {
			all = append(all, *changed)
		}
	}
	return all
}

// variableChange is what happened to a variable that is on both sides; nil if
// nothing did, as far as it is known.
func variableChange(old, now *entity, was, is *model.Variable, inputs bool) *Variable {
	change := &Variable{What: Changed, Name: is.Name, RequiredBefore: was.Required, RequiredAfter: is.Required}
	before, err := old.module.LiteralType(was)
	after, err2 := now.module.LiteralType(is)
	known := err == nil && err2 == nil
	same := !known || proto.Equal(before, after)
	if !same {
		from, to := before, after
		if !inputs {
			from, to = after, before // who takes the output takes what it was
		}
		change.Breaking = !literal.Castable(from, to)
	}
	change.Before, change.After = typeText(old, was), typeText(now, is)
	if inputs {
		change.Default = otherDefault(old, now, was, is)
		change.Breaking = change.Breaking || is.Required && !was.Required
	}
	if same && !change.Default && was.Required == is.Required {
		return nil
	}
	return change
}

// otherDefault tells that both sides have a default, and not the same.
func otherDefault(old, now *entity, was, is *model.Variable) bool {
	before, err := old.module.Default(was)
	after, err2 := now.module.Default(is)
	return err == nil && err2 == nil && before != nil && after != nil && !proto.Equal(before, after)
}

func byName(variables []*model.Variable) map[string]*model.Variable {
	all := make(map[string]*model.Variable, len(variables))
	for _, v := range variables {
		all[v.Name] = v
	}
	return all
}

// typeText is a type as Flyte sees it or, where that isn't known, as it is
// written.
func typeText(e *entity, v *model.Variable) string {
	t, err := e.module.LiteralType(v)
	if err != nil {
		return v.Type
	}
	return literal.TypeText(t)
}
