package parser_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// oracleEntity is an entity as testdata/oracle.py prints it.
type oracleEntity struct {
	Kind           string        `json:"kind"`
	Name           string        `json:"name"`
	Inputs         []oracleInput `json:"inputs"`
	Outputs        []string      `json:"outputs"`
	Fixed          []string      `json:"fixed"`
	Workflow       string        `json:"workflow"`
	RegisteredName string        `json:"registered_name"`
}

type oracleInput struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Doc      string `json:"doc"`
}

// What the parser reads from a module equals what flytekit makes of it when
// it imports it.
func TestFlytekitAgrees(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/oracle.txtar")
	if err != nil {
		t.Fatal(err)
	}
	quickstart, err := os.ReadFile(testenv.Quickstart(t))
	if err != nil {
		t.Fatal(err)
	}
	files := append(archive.Files, txtar.File{Name: "quickstart.py", Data: quickstart})
	dir := t.TempDir()
	for _, file := range files {
		if err := os.WriteFile(filepath.Join(dir, file.Name), file.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command(testenv.Python(t), "testdata/oracle.py", dir)
	command.Stderr = os.Stderr
	printed, err := command.Output()
	if err != nil {
		t.Fatalf("flytekit can't import the modules: %v", err)
	}
	// flytekit logs to standard output; what it found is the last line.
	printed = printed[bytes.LastIndexByte(printed, '\n')+1:]
	want := map[string][]oracleEntity{}
	if err := json.Unmarshal(printed, &want); err != nil {
		t.Fatalf("%v in %s", err, printed)
	}
	for _, file := range files {
		t.Run(file.Name, func(t *testing.T) {
			compareModule(t, parsed(t, parser.Python, string(file.Data)), want[strings.TrimSuffix(file.Name, ".py")])
		})
	}
}

func compareModule(t *testing.T, module *parser.Module, want []oracleEntity) {
	for _, problem := range module.Errors {
		t.Errorf("syntax error in a valid module: %q: %s", module.Source.Slice(problem.Span), problem.Message)
	}
	var got []oracleEntity
	for _, entity := range module.Entities {
		if entity.Shadowed {
			continue
		}
		if !entity.OutputsKnown {
			t.Errorf("%s: the outputs are said to be unknown", entity.Name)
		}
		got = append(got, fromParser(entity))
	}
	byName := func(a, b oracleEntity) int { return strings.Compare(a.Name, b.Name) }
	slices.SortFunc(got, byName)
	slices.SortFunc(want, byName)
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("not found: %+v", want[i])
		case i >= len(want):
			t.Errorf("invented: %+v", got[i])
		case !reflect.DeepEqual(got[i], want[i]):
			t.Errorf("got  %+v\nwant %+v", got[i], want[i])
		}
	}
}

func fromParser(entity *parser.Entity) oracleEntity {
	got := oracleEntity{
		Kind: string(entity.Kind), Name: entity.Name, Workflow: entity.Workflow,
		RegisteredName: entity.RegisteredName,
		Inputs:         []oracleInput{}, Outputs: []string{},
	}
	for _, input := range entity.Inputs {
		in := oracleInput{Name: input.Name, Required: input.Required, Doc: input.Doc}
		if entity.Kind == parser.LaunchPlan {
			in.Doc = ""
		}
		got.Inputs = append(got.Inputs, in)
	}
	for _, output := range entity.Outputs {
		got.Outputs = append(got.Outputs, output.Name)
	}
	if entity.Kind == parser.LaunchPlan {
		got.Fixed = append([]string{}, entity.Fixed...)
		slices.Sort(got.Fixed)
	}
	return got
}

// parsed is the module of a text, from a tree that the test closes.
func parsed(t testing.TB, lang parser.Language, text string) *parser.Module {
	t.Helper()
	tree := parser.Parse(lang, []byte(text))
	defer tree.Close()
	return tree.Module()
}
