package model_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// compiledByFlytekit is the answer of testdata/bodies.py for one archive.
type compiledByFlytekit struct {
	Workflows map[string]string
	Error     string
}

// askFlytekit compiles the workflows in the main.py of each archive.
func askFlytekit(t *testing.T, archives []*txtar.Archive) []compiledByFlytekit {
	t.Helper()
	var requests bytes.Buffer
	for i, archive := range archives {
		root := filepath.Join(t.TempDir(), strconv.Itoa(i))
		request := map[string]any{"root": root, "module": "main"}
		for _, file := range archive.Files {
			path := filepath.Join(root, filepath.FromSlash(file.Name))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, file.Data, 0o644); err != nil {
				t.Fatal(err)
			}
			if file.Name == "dynamic.json" {
				request["dynamic"] = json.RawMessage(file.Data)
			}
		}
		if err := json.NewEncoder(&requests).Encode(request); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), testenv.Python(t), filepath.Join("testdata", "bodies.py"))
	command.Stdin = &requests
	var complaints bytes.Buffer
	command.Stderr = &complaints
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, complaints.String())
	}
	var answers []compiledByFlytekit
	lines := bufio.NewScanner(bytes.NewReader(output))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var answer compiledByFlytekit
		if err := json.Unmarshal(lines.Bytes(), &answer); err != nil {
			t.Fatalf("%v: %s", err, lines.Text())
		}
		answers = append(answers, answer)
	}
	if len(answers) != len(archives) {
		t.Fatalf("flytekit answered for %d of %d archives", len(answers), len(archives))
	}
	return answers
}

func readArchives(t *testing.T, pattern string) (names []string, archives []*txtar.Archive) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		archives = append(archives, archive)
	}
	return names, archives
}

// TestBodiesAreFlytekits compiles workflows with flytekit, and compares the
// nodes with those that the model reads from the source.
func TestBodiesAreFlytekits(t *testing.T) {
	names, archives := readArchives(t, "bodies/*.txtar")
	answers := askFlytekit(t, archives)
	for i, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			if answers[i].Error != "" {
				t.Fatal(answers[i].Error)
			}
			bodies := bodiesOf(t, archives[i])
			for workflow, want := range answers[i].Workflows {
				body, ok := bodies[workflow]
				if !ok {
					t.Errorf("%s: the model doesn't have it", workflow)
					continue
				}
				if strings.HasPrefix(want, "error ") {
					if !rejects(body) {
						t.Errorf("%s: flytekit rejects it with %q", workflow, want)
					}
					continue
				}
				got := bodyText(body)
				if body.Entity.Kind == model.Dynamic {
					want = withoutConstants(want, got)
				}
				if got != want {
					t.Errorf("%s:\n got:\n%s\n flytekit has:\n%s", workflow, indented(got), indented(want))
				}
				if rejects(body) {
					t.Errorf("%s: flytekit compiles it, and the model says %v", workflow, body.Rejected)
				}
			}
		})
	}
}

// TestBodiesThatAreNotKnown states what is left of a body where the source is
// half typed, or doesn't tell what happens.
func TestBodiesThatAreNotKnown(t *testing.T) {
	names, archives := readArchives(t, "bodies_unknown/*.txtar")
	for i, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			bodies := bodiesOf(t, archives[i])
			for _, file := range archives[i].Files {
				entity, isWant := strings.CutPrefix(file.Name, "want/")
				if !isWant {
					continue
				}
				body, ok := bodies[entity]
				if !ok {
					t.Errorf("%s: the model doesn't have it", entity)
					continue
				}
				if got, want := bodyText(body)+remarksText(body), string(file.Data); got != want {
					t.Errorf("%s:\n got:\n%s\n want:\n%s", entity, indented(got), indented(want))
				}
			}
		})
	}
}

func bodiesOf(t *testing.T, archive *txtar.Archive) map[string]*model.Body {
	t.Helper()
	finder := bodyFinder{}
	for _, file := range archive.Files {
		if strings.HasSuffix(file.Name, ".py") {
			finder.add(t, file.Name, string(file.Data))
		}
	}
	program := pyeval.NewProgram(finder, model.Natives(), model.Options())
	bodies := map[string]*model.Body{}
	module := model.Of(program, &typeengine.Engine{}, finder["main"])
	for _, entity := range module.Entities {
		bodies[entity.Name] = module.Body(entity)
	}
	return bodies
}

// bodyFinder has the modules of an archive by their names.
type bodyFinder map[string]*pyeval.Source

func (m bodyFinder) add(t *testing.T, path, text string) {
	t.Helper()
	name := strings.ReplaceAll(strings.TrimSuffix(path, ".py"), "/", ".")
	name, isPackage := strings.CutSuffix(name, ".__init__")
	module := parser.Parse(parser.Python, []byte(text)).Module()
	m[name] = &pyeval.Source{Path: path, Name: name, Package: isPackage, AST: module.AST, Text: module.Source}
}

func (m bodyFinder) Find(_ *pyeval.Source, name string) pyeval.Found {
	if source, ok := m[name]; ok {
		return pyeval.Found{Source: source}
	}
	return pyeval.Found{Why: name + " isn't there"}
}

func (bodyFinder) Version() [2]int { return [2]int{3, 11} }

func (bodyFinder) Installed(string) (installed, known bool) { return false, false }

func rejects(body *model.Body) bool {
	for node := range body.All() {
		if len(node.Missing)+len(node.Surplus)+len(node.Unexpected)+len(node.Twice) > 0 {
			return true
		}
	}
	return len(body.Rejected) > 0
}

func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// withoutConstants takes for each line of what flytekit has the line that the
// model has, where the model says that an input of the dynamic workflow
// decides.
func withoutConstants(want, got string) string {
	lines, known := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(lines), len(known)) {
		if name, value, ok := strings.Cut(known[i], " = "); ok && value == "?" && strings.HasPrefix(lines[i], name+" = ") {
			lines[i] = known[i]
		}
	}
	return strings.Join(lines, "\n")
}

// bodyText writes a body as testdata/bodies.py does. What isn't known is "?".
func bodyText(body *model.Body) string {
	w := &bodyWriter{}
	w.nodes(body.Nodes, "")
	if body.Failure != nil {
		w.line("", "on failure")
		w.node(body.Failure, "  ")
	}
	for _, output := range body.Outputs {
		w.line("", "return %s = %s", output.Name, valueText(output.Value))
	}
	return w.String()
}

func remarksText(body *model.Body) string {
	w := &bodyWriter{}
	for _, remark := range body.Incomplete {
		w.line("", "incomplete: %s", remark.Message)
	}
	for _, remark := range body.Rejected {
		w.line("", "rejected: %s", remark.Message)
	}
	return w.String()
}

type bodyWriter struct{ strings.Builder }

func (w *bodyWriter) line(indent, format string, args ...any) {
	fmt.Fprintf(w, indent+format+"\n", args...)
}

func (w *bodyWriter) nodes(nodes []*model.Node, indent string) {
	for _, node := range nodes {
		w.node(node, indent)
	}
}

func (w *bodyWriter) node(node *model.Node, indent string) {
	id := orUnknown(node.ID)
	if node.Conditional {
		id = "maybe"
	}
	w.line(indent, "%s %s name=%s", id, targetText(node), strconv.Quote(node.Name))
	for _, input := range node.Inputs {
		w.line(indent, "  %s = %s", input.Name, valueText(input.Value))
	}
	for _, input := range node.Missing {
		w.line(indent, "  missing %s", input.Name)
	}
	for what, arguments := range map[string][]model.Argument{"surplus": node.Surplus, "unexpected": node.Unexpected, "twice": node.Twice} {
		for _, argument := range arguments {
			w.line(indent, "  %s %s = %s", what, argument.Name, valueText(argument.Value))
		}
	}
	if len(node.Upstream) > 0 {
		var ids []string
		for _, upstream := range node.Upstream {
			ids = append(ids, orUnknown(upstream.ID))
		}
		slices.Sort(ids)
		w.line(indent, "  after %s", strings.Join(ids, " "))
	}
	if node.Branch == nil {
		return
	}
	for i, given := range node.Branch.Cases {
		switch {
		case node.Branch.Ended && i == len(node.Branch.Cases)-1:
			w.line(indent, "  else")
		case i == 0:
			w.line(indent, "  if %s", conditionText(given))
		default:
			w.line(indent, "  elif %s", conditionText(given))
		}
		switch {
		case given.Fails:
			w.line(indent, "    fail %s", strconv.Quote(given.Fail))
		case given.Node != nil:
			w.node(given.Node, indent+"    ")
		default:
			w.line(indent, "    ?")
		}
	}
}

func orUnknown(text string) string {
	if text == "" {
		return "?"
	}
	return text
}

func targetText(node *model.Node) string {
	switch node.Kind {
	case model.BranchNode:
		return "branch"
	case model.GateNode:
		return "gate " + node.Gate.Waits
	case model.ArrayNode:
		if node.Entity.Of != nil && node.Entity.Of.Kind == model.LaunchPlan {
			return "array of launchplan " + node.Entity.FullName
		}
		return "array of task " + node.Entity.FullName
	}
	return fmt.Sprintf("%s %s", node.Kind, node.Entity.FullName)
}

func conditionText(given *model.Case) string {
	if given.Condition == nil {
		return "?"
	}
	return operandText(model.Operand{Condition: given.Condition})
}

func operandText(operand model.Operand) string {
	c := operand.Condition
	switch {
	case c != nil && c.Left.Condition != nil:
		return fmt.Sprintf("(%s %s %s)", operandText(c.Left), c.Op, operandText(c.Right))
	case c != nil:
		return fmt.Sprintf("%s %s %s", operandText(c.Left), c.Op, operandText(c.Right))
	case operand.Var != "":
		return operand.Var
	}
	return valueText(operand.Value)
}

func valueText(value pyeval.Value) string {
	switch value := value.(type) {
	case pyeval.None:
		return "none"
	case pyeval.Bool:
		return strconv.FormatBool(bool(value))
	case pyeval.Int:
		return value.String()
	case pyeval.Float:
		text := strconv.FormatFloat(float64(value), 'g', 6, 64)
		if !strings.ContainsAny(text, ".e") {
			text += ".0"
		}
		return text
	case pyeval.Str:
		return strconv.Quote(string(value))
	case *pyeval.List:
		texts := make([]string, 0, len(value.Elems)+1)
		for _, elem := range value.Elems {
			texts = append(texts, valueText(elem))
		}
		if value.Open {
			texts = append(texts, "...")
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case *pyeval.Dict:
		texts := make([]string, 0, len(value.Items)+1)
		for _, item := range value.Items {
			key, _ := item.Key.(pyeval.Str)
			texts = append(texts, fmt.Sprintf("%s: %s", string(key), valueText(item.Value)))
		}
		if value.Open {
			texts = append(texts, "...")
		}
		return "{" + strings.Join(texts, ", ") + "}"
	case *model.Promise:
		return promiseText(value)
	case *pyeval.Uncertain:
		texts := make([]string, len(value.Values))
		for i, one := range value.Values {
			texts[i] = valueText(one)
		}
		return strings.Join(texts, " or ")
	}
	return "?"
}

func promiseText(p *model.Promise) string {
	text := ""
	if p.Node != nil {
		text = orUnknown(p.Node.ID)
	}
	text += "." + orUnknown(p.Var)
	for _, step := range p.Path {
		text += "[" + valueText(step) + "]"
	}
	return text
}
