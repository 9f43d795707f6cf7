// Package changes tells what a change of source does to the interfaces of tasks,
// workflows and launch plans, and what breaks by it.
package changes

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// What happened to an entity, or to one of its inputs and outputs.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
	Renamed = "renamed" // entities only
)

// Change is what happened to one entity. Entities are told apart by what they
// are registered under.
type Change struct {
	// What is Added, Removed, Changed or Renamed. What is renamed may have
	// changed too.
	What string `json:"what"`
	// Kind is "task", "workflow" or "launchplan".
	Kind     string `json:"kind"`
	FullName string `json:"full_name"`
	// OldName is the name that something renamed was registered under.
	OldName string `json:"old_full_name,omitempty"`
	// File is the path, relative to the working folder, and Line the line from
	// 1; of what is removed those in the base.
	File    string     `json:"file"`
	Line    int        `json:"line"`
	Inputs  []Variable `json:"inputs,omitempty"`
	Outputs []Variable `json:"outputs,omitempty"`
	// Breaks are the places that don't fit any more.
	Breaks []Break `json:"breaks,omitempty"`

	old, now *entity // nil where it wasn't, or isn't
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

// Compare compares the entities of files and folders with those of the base, and
// looks in all of the repository for what breaks. before and after are
// workspaces of the base and of the work tree, and paths lie in the work tree,
// absolute; folder is what the names of files are told relative to. problems are
// files that can't be read. The error is the context's, or an *InputError.
func Compare(ctx context.Context, base *Base, before, after *workspace.Workspace, paths []string, folder string) (found []*Change, problems []error, err error) {
	inBase := make([]string, len(paths))
	for i, path := range paths {
		moved, ok := base.Of(path)
		if !ok {
			return nil, nil, &InputError{fmt.Sprintf("%s lies outside of the repository %s", path, base.Root)}
		}
		inBase[i] = moved
	}
	baseFolder, ok := base.Of(folder)
	if !ok {
		baseFolder = base.Folder
	}
	old, now := newState(before, baseFolder), newState(after, folder)
	touched := func(path string) bool { return base.touched(old.snapshot, now.snapshot, path) }
	if err := now.read(ctx, paths, touched); err != nil {
		return nil, nil, err
	}
	if err := old.read(ctx, inBase, func(was string) bool {
		path, ok := base.WorkTree(was)
		return ok && touched(path)
	}); err != nil {
		return nil, nil, err
	}
	if old.files+now.files == 0 {
		return nil, nil, &InputError{"there is no workflow file, neither now nor in the base"}
	}
	for was, is := range pairs(old, now) {
		if change := compared(was, is); change != nil {
			found = append(found, change)
		}
	}
	slices.SortFunc(found, func(a, b *Change) int {
		return cmp.Or(cmp.Compare(a.File, b.File), a.Line-b.Line, cmp.Compare(a.FullName, b.FullName))
	})
	if err := broken(ctx, base, old, now, found, touched); err != nil {
		return nil, nil, err
	}
	return found, append(old.problems, now.problems...), nil
}

// pairs are the entities of both sides that belong together; one of them is nil
// where there is only the other.
func pairs(old, now *state) func(yield func(was, is *entity) bool) {
	return func(yield func(was, is *entity) bool) {
		gone, come := maps.Clone(old.entities), maps.Clone(now.entities)
		for k, is := range now.entities {
			if was := gone[k]; was != nil {
				delete(gone, k)
				delete(come, k)
				if !yield(was, is) {
					return
				}
			}
		}
		// The same name in another file, another name of the same attribute, the
		// same definition under another name.
		for _, same := range []func(*entity) any{
			func(e *entity) any { return [2]string{e.kind, e.fullName} },
			func(e *entity) any { return [3]string{e.kind, e.file, e.name} },
			func(e *entity) any { return [2]string{e.kind, e.definition} },
		} {
			for was, is := range only(gone, come, same) {
				delete(gone, was.key())
				delete(come, is.key())
				if !yield(was, is) {
					return
				}
			}
		}
		for _, was := range gone {
			if !yield(was, nil) {
				return
			}
		}
		for _, is := range come {
			if !yield(nil, is) {
				return
			}
		}
	}
}

// only are the entities of both sides that have something in common which no
// other one has.
func only(gone, come map[key]*entity, same func(*entity) any) map[*entity]*entity {
	lonely := func(entities map[key]*entity) map[any]*entity {
		by := map[any]*entity{}
		for _, e := range entities {
			k := same(e)
			if _, again := by[k]; again {
				by[k] = nil
			} else {
				by[k] = e
			}
		}
		return by
	}
	found := map[*entity]*entity{}
	others := lonely(come)
	for k, was := range lonely(gone) {
		if is := others[k]; was != nil && is != nil {
			found[was] = is
		}
	}
	return found
}

// compared is what happened to an entity; nil where its interface is the same,
// or isn't known on one side.
func compared(old, now *entity) *Change {
	switch {
	case old == nil:
		return changeOf(Added, now, nil, now)
	case now == nil:
		return changeOf(Removed, old, old, nil)
	}
	change := changeOf(Changed, now, old, now)
	if old.fullName != now.fullName {
		change.What, change.OldName = Renamed, old.fullName
	}
	if !old.unknown && !now.unknown {
		change.Inputs = variables(old.inputs, now.inputs, true)
		change.Outputs = variables(old.outputs, now.outputs, false)
	}
	if change.What == Changed && len(change.Inputs)+len(change.Outputs) == 0 {
		return nil
	}
	return change
}

func changeOf(what string, e, old, now *entity) *Change {
	return &Change{What: what, Kind: e.kind, FullName: e.fullName, File: e.file, Line: e.line, old: old, now: now}
}

// variables are what happened to the inputs or outputs.
func variables(before, after []variable, inputs bool) []Variable {
	was, is := byName(before), byName(after)
	var all []Variable
	for _, v := range before {
		if _, stays := is[v.name]; !stays {
			all = append(all, Variable{What: Removed, Name: v.name, Before: v.text, RequiredBefore: v.required, Breaking: true})
		}
	}
	for _, v := range after {
		old, known := was[v.name]
		if !known {
			all = append(all, Variable{What: Added, Name: v.name, After: v.text, RequiredAfter: v.required, Breaking: inputs && v.required})
			continue
		}
		if changed := variableChange(old, v, inputs); changed != nil {
			all = append(all, *changed)
		}
	}
	return all
}

// variableChange is what happened to a variable that is on both sides; nil if
// nothing did, as far as it is known.
func variableChange(was, is variable, inputs bool) *Variable {
	change := &Variable{
		What: Changed, Name: is.name, Before: was.text, After: is.text, RequiredBefore: was.required, RequiredAfter: is.required,
	}
	same := was.literalType == nil || is.literalType == nil || proto.Equal(was.literalType, is.literalType)
	if !same {
		from, to := was.literalType, is.literalType
		if !inputs {
			from, to = to, from // who takes the output takes what it was
		}
		change.Breaking = !literal.Castable(from, to)
	}
	if inputs {
		change.Default = was.value != nil && is.value != nil && !proto.Equal(was.value, is.value)
		change.Breaking = change.Breaking || is.required && !was.required
	}
	if same && !change.Default && was.required == is.required {
		return nil
	}
	return change
}

func byName(variables []variable) map[string]variable {
	all := make(map[string]variable, len(variables))
	for _, v := range variables {
		all[v.name] = v
	}
	return all
}

// called is how a file is called from a folder.
func called(folder, path string) string {
	if name, err := filepath.Rel(folder, path); err == nil {
		return name
	}
	return path
}
