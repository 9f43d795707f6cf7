package rename_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/editing/rename"
	"github.com/flyte-lsp/flyte-lsp/internal/oracle"
	"github.com/flyte-lsp/flyte-lsp/internal/oracle/generate"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/model/listing"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// fresh is a name that generated projects don't have.
const fresh = "zz_renamed"

// A rename changes nothing but the name: of generated projects each entity, input
// and output that can be renamed is, and then the model tells the same of all files
// as before, and flytekit imports them.
func TestGenerated(t *testing.T) {
	var projects []*project
	renamed, refused := 0, map[string]int{}
	for seed := range uint64(12) {
		files := map[string]string{}
		for _, file := range generate.Project(seed + 1) {
			files[file.Path] = file.Source
		}
		p := newProject(t, files)
		before := p.state()
		for _, at := range p.names() {
			result, err := rename.Rename(context.Background(), p.search, at.path, at.span.Start, fresh)
			if err != nil {
				_, why, _ := strings.Cut(err.Error(), ": ")
				refused[why]++
				continue
			}
			renamed++
			after := newProject(t, p.apply(result))
			differs := false
			for file, text := range after.state() {
				if got, want := replaced(text, at.name), sorted(before[file]); got != want {
					differs = true
					t.Errorf("seed %d: %s of %s renamed: %s is\n%s\nwant\n%s", seed+1, at.name, filepath.Base(at.path), file, got, want)
				}
			}
			if differs {
				return
			}
			if renamed%7 == 0 { // flytekit takes its time
				projects = append(projects, after)
			}
		}
	}
	t.Logf("%d renamed, refused: %v", renamed, refused)
	if renamed < 100 {
		t.Errorf("only %d names could be renamed", renamed)
	}
	checkImports(t, projects)
}

// checkImports has flytekit import the files of projects.
func checkImports(t *testing.T, projects []*project) {
	var files []oracle.File
	for _, p := range projects {
		for name := range p.files() {
			if !strings.HasSuffix(name, "__init__.py") {
				files = append(files, oracle.File{Path: filepath.Join(p.root, name)})
			}
		}
	}
	reports, err := oracle.Run(t.Context(), testenv.Python(t), files)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("flytekit imports %d files", len(reports))
	for _, report := range reports {
		if report.Error != "" {
			t.Errorf("flytekit doesn't import %s: %s", report.File, report.Error)
		}
	}
}

type named struct {
	path, name string
	span       parser.Span
}

// names are the places of the project where entities, inputs and outputs are
// declared.
func (p *project) names() []named {
	var all []named
	for _, path := range p.search.Snapshot.WorkflowFiles() {
		module, err := p.search.Snapshot.Module(context.Background(), path)
		if err != nil {
			p.Fatal(err)
		}
		add := func(name string, span parser.Span) {
			if span.End > span.Start && module.Text.Slice(span) == name {
				all = append(all, named{path, name, span})
			}
		}
		for _, e := range module.Entities {
			if e.Path != path {
				continue
			}
			add(e.Name[strings.LastIndexByte(e.Name, '.')+1:], e.NameSpan)
			for _, input := range e.Inputs {
				add(input.Name, input.NameSpan)
			}
			for _, output := range e.Outputs {
				add(output.Name, output.NameSpan)
			}
		}
	}
	return all
}

// state is what the model and the rules tell of each file, in lines.
func (p *project) state() map[string]string {
	ctx := context.Background()
	state := map[string]string{}
	for _, path := range p.search.Snapshot.WorkflowFiles() {
		module, err := p.search.Snapshot.Module(ctx, path)
		if err != nil {
			p.Fatal(err)
		}
		name, _ := filepath.Rel(p.root, path)
		entities, err := listing.Of(module, module.Text, name)
		if err != nil {
			p.Fatal(err)
		}
		var lines []string
		for _, e := range entities {
			line, err := json.Marshal(e)
			if err != nil {
				p.Fatal(err)
			}
			lines = append(lines, string(line))
		}
		for around, node := range module.Calls() {
			called := ""
			if node.Entity != nil {
				called = node.Entity.FullName
			}
			var inputs []string
			for _, binding := range node.Inputs {
				inputs = append(inputs, binding.Name)
			}
			slices.Sort(inputs)
			lines = append(lines, fmt.Sprint(around.Name, " ", node.ID, " ", node.Kind, " ", called, " ", inputs, len(node.Missing), len(node.Unexpected)))
		}
		file, err := p.search.Snapshot.File(path)
		if err != nil {
			p.Fatal(err)
		}
		for _, found := range analysis.File(ctx, p.search.Snapshot, file, analysis.Options{}) {
			lines = append(lines, found.Rule.Code)
		}
		text := strings.ReplaceAll(strings.Join(lines, "\n"), p.root, "")
		state[name] = mapTaskHash.ReplaceAllString(text, "HASH")
	}
	return state
}

// mapTaskHash is the part of a map task's name that its interface gives
// (core/array_node_map_task.py).
var mapTaskHash = regexp.MustCompile(`[0-9a-f]{32}`)

// replaced is a state with the old name in place of the fresh one.
func replaced(state, name string) string { return sorted(strings.ReplaceAll(state, fresh, name)) }

// sorted is a state with the words of each line in order: names that are sorted
// have another place than before.
func sorted(state string) string {
	lines := strings.Split(state, "\n")
	for i, line := range lines {
		words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" [],{}", r) })
		slices.Sort(words)
		lines[i] = strings.Join(words, " ")
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
