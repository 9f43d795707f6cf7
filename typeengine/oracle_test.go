package typeengine_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// noModules finds no modules but those that natives describe.
type noModules struct{}

func (noModules) Find(*pyeval.Source, string) pyeval.Found { return pyeval.Found{Why: "there is none"} }
func (noModules) Version() [2]int                          { return [2]int{3, 11} }
func (noModules) Installed(string) (bool, bool)            { return false, false }

// answer is what testdata/oracle.py says of a case.
type answer struct{ Type, Literal json.RawMessage }

// TestEqualsFlytekit compares each case of testdata with what flytekit makes of
// it. A case that we don't know fails, unless its file's list of unknowns
// expects that.
func TestEqualsFlytekit(t *testing.T) {
	files := []string{"simple.py", "flyte.py", "dataclasses_.py", "pydantic_.py", "future.py", "more.py", "dates.py", "inherited.py"}
	t.Parallel()
	answers, versions := ask(t, files), installedVersions(t)
	for _, name := range files {
		t.Run(strings.TrimSuffix(name, ".py"), func(t *testing.T) { compare(t, name, answers[name], versions) })
	}
}

func ask(t *testing.T, files []string) map[string]map[string]answer {
	t.Helper()
	args := []string{filepath.Join("testdata", "oracle.py")}
	for _, name := range files {
		args = append(args, filepath.Join("testdata", name))
	}
	var out, stderr bytes.Buffer
	python := exec.CommandContext(t.Context(), testenv.Python(t), args...)
	python.Stdout, python.Stderr = &out, &stderr
	if err := python.Run(); err != nil {
		t.Fatalf("oracle.py: %v\n%s", err, stderr.Bytes())
	}
	var answers map[string]map[string]answer
	if err := json.Unmarshal(out.Bytes(), &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

// cases are the annotated names of the class Cases of a file.
func cases(t *testing.T, name string) (*pyeval.Frame, []pyeval.Annotation) {
	t.Helper()
	path := filepath.Join("testdata", name)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parsed := parser.ParseFile(parser.Python, text)
	program := pyeval.NewProgram(noModules{}, model.Natives(), model.Options())
	module := program.Module(&pyeval.Source{Path: path, Name: strings.TrimSuffix(name, ".py"), AST: parsed.AST})
	binding, ok := module.Scope.Get("Cases")
	if !ok {
		t.Fatalf("%s has no Cases", name)
	}
	class, ok := binding.Value.(*pyeval.Class)
	if !ok {
		t.Fatalf("Cases is %s", binding.Value.Describe())
	}
	return program.Frame(module), class.Annotations
}

func compare(t *testing.T, name string, answers map[string]answer, versions map[string]string) {
	t.Helper()
	frame, annotations := cases(t, name)
	engine := &typeengine.Engine{
		Installed: func(pkg string) (bool, bool) { return false, true },
		Version:   func(distribution string) string { return versions[distribution] },
	}
	expected := unknowns(t, name)
	if len(annotations) != len(answers) {
		t.Errorf("we see %d cases, Python %d", len(annotations), len(answers))
	}
	for _, annotation := range annotations {
		want, ok := answers[annotation.Name]
		if !ok {
			t.Errorf("%s: Python sees no such case", annotation.Name)
			continue
		}
		of := frame.Annotation(annotation.Expr, annotation.In)
		literalType, err := engine.LiteralType(frame, of)
		check(t, annotation.Name+" type", want.Type, literalType, err, expected, func(raw json.RawMessage) (proto.Message, error) {
			message := &core.LiteralType{}
			return message, protojson.Unmarshal(raw, message)
		})
		if annotation.Default == nil || want.Literal == nil {
			continue
		}
		literal, err := engine.Literal(frame, of, annotation.Default)
		check(t, annotation.Name+" literal", want.Literal, literal, err, expected, func(raw json.RawMessage) (proto.Message, error) {
			var encoded string
			if err := json.Unmarshal(raw, &encoded); err != nil {
				return nil, err
			}
			data, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil {
				return nil, err
			}
			message := &core.Literal{}
			return message, proto.Unmarshal(data, message)
		})
	}
	for what := range expected {
		t.Errorf("%s is said to be unknown, and isn't", what)
	}
}

// check compares one answer. What is expected to be unknown is struck off.
func check(t *testing.T, what string, raw json.RawMessage, got proto.Message, err error, expected map[string]bool, decode func(json.RawMessage) (proto.Message, error)) {
	t.Helper()
	var unknown *typeengine.UnknownError
	if errors.As(err, &unknown) {
		if !expected[what] {
			t.Errorf("%s: unknown: %s; flytekit: %.300s", what, unknown.Reason, raw)
		}
		delete(expected, what)
		return
	}
	var failure struct{ Error string }
	if json.Unmarshal(raw, &failure) == nil && failure.Error != "" {
		var rejection *typeengine.RejectedError
		switch {
		case !errors.As(err, &rejection):
			t.Errorf("%s: flytekit rejects it: %s; we don't: %v %v", what, failure.Error, got, err)
		case !sameWords(rejection.Message, failure.Error):
			t.Errorf("%s: rejected\n got: %s\nwant: %s", what, rejection.Message, failure.Error)
		}
		return
	}
	if err != nil {
		t.Errorf("%s: %v; flytekit: %.300s", what, err, raw)
		return
	}
	want, err := decode(raw)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if !proto.Equal(want, got) {
		t.Errorf("%s:\n%s", what, differences(t, got, want))
	}
}

// differences are the lines in which two messages differ as JSON.
func differences(t *testing.T, got, want proto.Message) string {
	t.Helper()
	lines := func(m proto.Message) []string {
		text, err := protojson.MarshalOptions{Multiline: true}.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var decoded any
		if err := json.Unmarshal(text, &decoded); err != nil {
			t.Fatal(err)
		}
		return leaves("", decoded, nil)
	}
	have, expected := lines(got), lines(want)
	var out strings.Builder
	for _, line := range have {
		if !slices.Contains(expected, line) {
			out.WriteString("  got " + line + "\n")
		}
	}
	for _, line := range expected {
		if !slices.Contains(have, line) {
			out.WriteString(" want " + line + "\n")
		}
	}
	return out.String()
}

// leaves are the paths and values of decoded JSON.
func leaves(path string, v any, into []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			into = leaves(path+"."+key, v[key], into)
		}
	case []any:
		for i, item := range v {
			into = leaves(fmt.Sprintf("%s[%d]", path, i), item, into)
		}
	default:
		return append(into, fmt.Sprintf("%s = %v", path, v))
	}
	return append(into, path)
}

// sameWords tells whether a message says what flytekit's does: it may leave out
// its end, and what is different in each run.
func sameWords(got, want string) bool {
	got, want = strings.Join(strings.Fields(got), " "), strings.Join(strings.Fields(want), " ")
	if before, _, ok := strings.Cut(want, "typing.Annotated["); ok && strings.Contains(want, " object at 0x") {
		return strings.HasPrefix(got, before)
	}
	return strings.HasPrefix(want, got)
}

// unknowns are the cases that a file lists in comments `# unknown: name type`.
func unknowns(t *testing.T, name string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	expected := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if what, ok := strings.CutPrefix(line, "# unknown: "); ok {
			expected[strings.TrimSpace(what)] = true
		}
	}
	return expected
}

func installedVersions(t *testing.T) map[string]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), testenv.Python(t), "-c",
		"import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))").Output()
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	if err := json.Unmarshal(out, &versions); err != nil {
		t.Fatal(err)
	}
	return versions
}
