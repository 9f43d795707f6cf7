package model_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"golang.org/x/tools/txtar"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// compiledByFlytekit is the answer of testdata/bodies.py for one archive.
type compiledByFlytekit struct {
	Workflows map[string]string
	// Bindings are those of a workflow's nodes by "/n0/input", and of its
	// outputs by "/output".
	Bindings map[string]map[string]json.RawMessage
	Error    string
}

// pythonModule is a module that flytekit imports.
type pythonModule struct {
	Root   string `json:"root"`
	Module string `json:"module"`
	// Dynamic are arguments for dynamic workflows.
	Dynamic json.RawMessage `json:"dynamic,omitempty"`
}

// unpack writes an archive, whose module is main.py.
func unpack(t *testing.T, archive *txtar.Archive) pythonModule {
	t.Helper()
	module := pythonModule{Root: t.TempDir(), Module: "main"}
	if err := writeArchive(module.Root, archive); err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		if file.Name == "dynamic.json" {
			module.Dynamic = file.Data
		}
	}
	return module
}

// askFlytekit compiles the workflows of modules.
func askFlytekit(t *testing.T, modules []pythonModule) []compiledByFlytekit {
	t.Helper()
	var requests bytes.Buffer
	for _, module := range modules {
		if err := json.NewEncoder(&requests).Encode(module); err != nil {
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
	if len(answers) != len(modules) {
		t.Fatalf("flytekit answered for %d of %d modules", len(answers), len(modules))
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
	modules := make([]pythonModule, len(archives))
	for i, archive := range archives {
		modules[i] = unpack(t, archive)
	}
	answers := askFlytekit(t, modules)
	for i, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			compareBodies(t, moduleOf(t, modules[i]), answers[i], true)
		})
	}
}

// compareBodies compares the bodies of a module's workflows with flytekit's. Not
// strict, values may be unknown with a reason.
func compareBodies(t *testing.T, module *model.Module, answer compiledByFlytekit, strict bool) {
	t.Helper()
	if answer.Error != "" {
		t.Fatal(answer.Error)
	}
	for workflow, want := range answer.Workflows {
		entity := module.Entity(workflow)
		if entity == nil {
			t.Errorf("%s: the model doesn't have it", workflow)
			continue
		}
		body := module.Body(entity)
		if strings.HasPrefix(want, "error ") {
			if !rejects(module, body) {
				t.Errorf("%s: flytekit rejects it with %q", workflow, want)
			}
			continue
		}
		got := bodyText(module, body)
		if entity.Kind == model.Dynamic || !strict {
			want = withoutConstants(want, got)
		}
		if got != want {
			t.Errorf("%s:\n got:\n%s\n flytekit has:\n%s", workflow, indented(got), indented(want))
		}
		if rejects(module, body) {
			t.Errorf("%s: flytekit compiles it, and the model says %v", workflow, body.Rejected)
		}
		compareBindings(t, module, body, answer.Bindings[workflow], strict)
	}
}

// TestBodiesOfExamplesAreFlytekits compares the examples' workflows.
func TestBodiesOfExamplesAreFlytekits(t *testing.T) {
	modules := pythonModules(t, filepath.Join(testenv.Root(t), "examples"))
	answers := askFlytekit(t, modules)
	compiled := 0
	for i, module := range modules {
		t.Run(module.Module, func(t *testing.T) { compareBodies(t, moduleOf(t, module), answers[i], false) })
		compiled += len(answers[i].Workflows)
	}
	if compiled == 0 {
		t.Error("flytekit found no workflow in the examples")
	}
}

// pythonModules are the modules below a folder, each with its source root: the
// nearest folder above without an __init__.py.
func pythonModules(t *testing.T, folder string) []pythonModule {
	t.Helper()
	var modules []pythonModule
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".py" || entry.Name() == "__init__.py" {
			return nil
		}
		module := pythonModule{Root: filepath.Dir(path), Module: strings.TrimSuffix(entry.Name(), ".py")}
		for {
			if _, err := os.Stat(filepath.Join(module.Root, "__init__.py")); err != nil {
				break
			}
			module.Module = filepath.Base(module.Root) + "." + module.Module
			module.Root = filepath.Dir(module.Root)
		}
		modules = append(modules, module)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return modules
}

// compareBindings compares what bindings serialize to.
func compareBindings(t *testing.T, module *model.Module, body *model.Body, want map[string]json.RawMessage, strict bool) {
	t.Helper()
	got := map[string]model.Binding{}
	collectBindings(got, "", body.Nodes)
	if body.Failure != nil {
		collectBindings(got, "", []*model.Node{body.Failure})
	}
	for _, output := range body.Outputs {
		got["/"+output.Name] = output
	}
	for place, text := range want {
		binding, ok := got[place]
		if !ok {
			continue // the texts of the bodies differ
		}
		wanted := &core.BindingData{}
		if err := protojson.Unmarshal(text, wanted); err != nil {
			t.Fatal(err)
		}
		data, err := module.BindingData(binding)
		if unknown := (*typeengine.UnknownError)(nil); errors.As(err, &unknown) && !strict {
			continue
		}
		if err != nil {
			t.Errorf("%s%s: %v, and flytekit has %v", body.Entity.Name, place, err, wanted)
		} else if !proto.Equal(data, wanted) {
			t.Errorf("%s%s is %v, and flytekit has %v", body.Entity.Name, place, data, wanted)
		}
	}
}

func collectBindings(into map[string]model.Binding, place string, nodes []*model.Node) {
	for _, node := range nodes {
		for _, input := range node.Inputs {
			into[place+"/"+node.ID+"/"+input.Name] = input
		}
		if node.Branch != nil {
			collectBindings(into, place+"/"+node.ID, node.Branch.Nodes)
		}
	}
}

// TestBodiesThatAreNotKnown states what is left of a body where the source is
// half typed, or doesn't tell what happens.
func TestBodiesThatAreNotKnown(t *testing.T) {
	names, archives := readArchives(t, "bodies_unknown/*.txtar")
	for i, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			module := moduleOf(t, unpack(t, archives[i]))
			for _, file := range archives[i].Files {
				name, isWant := strings.CutPrefix(file.Name, "want/")
				if !isWant {
					continue
				}
				entity := module.Entity(name)
				if entity == nil {
					t.Errorf("%s: the model doesn't have it", name)
					continue
				}
				body := module.Body(entity)
				if got, want := bodyText(module, body)+remarksText(body), string(file.Data); got != want {
					t.Errorf("%s:\n got:\n%s\n want:\n%s", name, indented(got), indented(want))
				}
			}
		})
	}
}

// TestBodiesOfCutOffFiles cuts files off in each third line: what stands above
// the cut stays as it is.
func TestBodiesOfCutOffFiles(t *testing.T) {
	names, archives := readArchives(t, "bodies/*.txtar")
	for i, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			at := unpack(t, archives[i])
			whole := moduleOf(t, at)
			path := filepath.Join(at.Root, "main.py")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			start, lines := 0, 0
			for line := range bytes.Lines(text) {
				cut := start + len(line)*2/3
				start += len(line)
				if lines++; lines%3 != 0 {
					continue
				}
				if err := os.WriteFile(path, text[:cut], 0o644); err != nil {
					t.Fatal(err)
				}
				module := moduleOf(t, at)
				for _, entity := range module.Entities {
					module.Body(entity)
				}
				for _, entity := range whole.Entities {
					before := module.Entity(entity.Name)
					// What a workflow uses that is defined below is missing.
					if entity.Span.End >= cut-1 || entity.Name == "forward" || entity.Kind == model.ImperativeWorkflow {
						continue
					}
					if before == nil {
						t.Fatalf("%s isn't there when the file ends at %q", entity.Name, line)
					}
					if got, want := bodyText(module, module.Body(before)), bodyText(whole, whole.Body(entity)); got != want {
						t.Fatalf("%s, when the file ends at %q:\n%s\n instead of:\n%s", entity.Name, line, indented(got), indented(want))
					}
				}
			}
		})
	}
}

// A list that has itself as an element ends neither the search for promises nor
// the binding of its elements.
func TestBodyWithListInItself(t *testing.T) {
	module := moduleOf(t, unpack(t, txtar.Parse([]byte(`
-- main.py --
from typing import Any, List
from flytekit import task, workflow

@task
def step(n: int) -> int:
    return n

@task
def collect(values: List[List[List[Any]]]) -> int:
    return 1

@workflow
def of_itself(x: int) -> int:
    values = [step(n=x)]
    values.append(values)
    return collect(values=values)
`))))
	nodes := module.Body(module.Entity("of_itself")).Nodes
	if len(nodes) != 2 || len(nodes[1].Upstream) != 1 || nodes[1].Upstream[0] != nodes[0] {
		t.Fatalf("nodes: %+v", nodes)
	}
	if data, err := module.BindingData(nodes[1].Inputs[0]); err == nil {
		t.Errorf("it is bound to %v", data)
	}
}

// moduleOf is the model of a module.
func moduleOf(t *testing.T, module pythonModule) *model.Module {
	t.Helper()
	finder := &folder{root: module.Root, sources: map[string]*pyeval.Source{}}
	program := pyeval.NewProgram(finder, model.Natives(), model.Options())
	found := finder.Find(nil, module.Module)
	if found.Source == nil {
		t.Fatal(found.Why)
	}
	return model.Of(program, &typeengine.Engine{}, found.Source)
}

// folder finds the modules below a folder.
type folder struct {
	root    string
	sources map[string]*pyeval.Source
}

func (d *folder) Find(_ *pyeval.Source, name string) pyeval.Found {
	if source, ok := d.sources[name]; ok {
		return pyeval.Found{Source: source}
	}
	base := filepath.Join(d.root, filepath.FromSlash(strings.ReplaceAll(name, ".", "/")))
	for _, path := range []string{filepath.Join(base, "__init__.py"), base + ".py"} {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		module := parser.Parse(parser.Python, text).Module()
		source := &pyeval.Source{
			Path: path, Name: name, Package: filepath.Base(path) == "__init__.py", AST: module.AST, Text: module.Source,
		}
		d.sources[name] = source
		return pyeval.Found{Source: source}
	}
	return pyeval.Found{Why: name + " isn't there"}
}

func (*folder) Version() [2]int { return [2]int{3, 11} }

func (*folder) Installed(string) (installed, known bool) { return false, false }

// rejects tells whether the model says that flytekit rejects the body.
func rejects(module *model.Module, body *model.Body) bool {
	cannot := func(binding model.Binding) bool {
		rejected := (*typeengine.RejectedError)(nil)
		_, err := module.BindingData(binding)
		return errors.As(err, &rejected)
	}
	for node := range body.All() {
		if len(node.Missing)+len(node.Surplus)+len(node.Unexpected)+len(node.Twice) > 0 || slices.ContainsFunc(node.Inputs, cannot) {
			return true
		}
	}
	return len(body.Rejected) > 0 || slices.ContainsFunc(body.Outputs, cannot)
}

func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// withoutConstants takes for each line of what flytekit has the line that the
// model has, where the model says that it isn't known: an input of a dynamic
// workflow.
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
func bodyText(module *model.Module, body *model.Body) string {
	w := &bodyWriter{module: module}
	w.nodes(body.Nodes, "")
	if body.Failure != nil {
		w.line("", "on failure")
		w.node(body.Failure, "  ")
	}
	for _, output := range body.Outputs {
		w.line("", "return %s = %s", output.Name, w.binding(output))
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

type bodyWriter struct {
	strings.Builder
	module *model.Module
}

// binding is what the binding serializes to, or what is known of it.
func (w *bodyWriter) binding(b model.Binding) string {
	if data, err := w.module.BindingData(b); err == nil {
		return dataText(data)
	}
	return valueText(b.Value)
}

func dataText(data *core.BindingData) string {
	switch value := data.GetValue().(type) {
	case *core.BindingData_Scalar:
		return scalarText(value.Scalar)
	case *core.BindingData_Collection:
		texts := make([]string, len(value.Collection.GetBindings()))
		for i, one := range value.Collection.GetBindings() {
			texts[i] = dataText(one)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case *core.BindingData_Map:
		var texts []string
		for _, key := range slices.Sorted(maps.Keys(value.Map.GetBindings())) {
			texts = append(texts, key+": "+dataText(value.Map.GetBindings()[key]))
		}
		return "{" + strings.Join(texts, ", ") + "}"
	}
	reference := data.GetPromise()
	text := reference.GetNodeId() + "." + reference.GetVar()
	for _, step := range reference.GetAttrPath() {
		if name, ok := step.GetValue().(*core.PromiseAttribute_StringValue); ok {
			text += "[" + strconv.Quote(name.StringValue) + "]"
		} else {
			text += fmt.Sprintf("[%d]", step.GetIntValue())
		}
	}
	return text
}

func scalarText(scalar *core.Scalar) string {
	switch value := scalar.GetValue().(type) {
	case *core.Scalar_Union:
		return literalText(value.Union.GetValue())
	case *core.Scalar_NoneType:
		return "none"
	case *core.Scalar_Primitive:
		switch value := value.Primitive.GetValue().(type) {
		case *core.Primitive_Integer:
			return strconv.FormatInt(value.Integer, 10)
		case *core.Primitive_FloatValue:
			return valueText(pyeval.Float(value.FloatValue))
		case *core.Primitive_StringValue:
			return strconv.Quote(value.StringValue)
		case *core.Primitive_Boolean:
			return strconv.FormatBool(value.Boolean)
		}
		return fieldName(value.Primitive)
	}
	return fieldName(scalar)
}

// fieldName is the name of the field of a message that is set.
func fieldName(message proto.Message) string {
	name := "?"
	message.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, _ protoreflect.Value) bool {
		name = string(field.Name())
		return false
	})
	return name
}

func literalText(literal *core.Literal) string {
	switch value := literal.GetValue().(type) {
	case *core.Literal_Collection:
		texts := make([]string, len(value.Collection.GetLiterals()))
		for i, one := range value.Collection.GetLiterals() {
			texts[i] = literalText(one)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case *core.Literal_Map:
		var texts []string
		for _, key := range slices.Sorted(maps.Keys(value.Map.GetLiterals())) {
			texts = append(texts, key+": "+literalText(value.Map.GetLiterals()[key]))
		}
		return "{" + strings.Join(texts, ", ") + "}"
	}
	return scalarText(literal.GetScalar())
}

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
		w.line(indent, "  %s = %s", input.Name, w.binding(input))
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
