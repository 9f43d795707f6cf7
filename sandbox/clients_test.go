package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/literal"
)

// Stock pyflyte, unchanged, runs the quickstart and finds the way to its page.
func TestPyflyteRun(t *testing.T) {
	status := running(t)
	run := func(args ...string) string {
		t.Helper()
		args = append([]string{"run", "--remote", "--wait", "--poll-interval", "1", testenv.Quickstart(t), "product_rating"}, args...)
		_, all, err := python(t, status, testenv.Pyflyte(t), args...)
		if err != nil || !strings.Contains(all, "has succeeded") {
			t.Fatalf("pyflyte: %v\n%s", err, all)
		}
		address := regexp.MustCompile(`http://\S+`).FindString(all)
		if !strings.HasPrefix(address, status.HTTP+"/console/projects/flytesnacks/domains/development/executions/") {
			t.Fatalf("the execution's address is %q\n%s", address, all)
		}
		return address
	}
	first := run("--limit", "3")
	run("--limit", "2") // registered already with this version
	id := &core.WorkflowExecutionIdentifier{Project: "flytesnacks", Domain: "development", Name: filepath.Base(first)}
	data, err := dial(t, status).GetExecutionData(t.Context(), &admin.WorkflowExecutionGetDataRequest{Id: id})
	if err != nil {
		t.Fatal(err)
	}
	got, err := literal.MapJSON(data.GetFullOutputs())
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"o0":{"reviews":3,"score":`; !strings.HasPrefix(strings.ReplaceAll(string(got), " ", ""), want) {
		t.Errorf("outputs are %s", got)
	}
	// The page is at the gRPC port, too: clients that know nothing else print it.
	page, err := http.Get(strings.Replace(first, status.HTTP, "http://"+status.Endpoint, 1))
	if err != nil {
		t.Fatal(err)
	}
	defer page.Body.Close()
	text, err := io.ReadAll(page.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"SUCCEEDED", "workflow.product_rating", "<th>limit</th><td><pre>3</pre>", "log.txt"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page doesn't say %q", want)
		}
	}
}

// A FlyteRemote script registers, executes, waits, walks the nodes of each
// kind, terminates, activates and lists.
func TestFlyteRemote(t *testing.T) {
	out, all, err := python(t, running(t), testenv.Python(t), filepath.Join(testdata(t), "remote.py"))
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, all, &shared.log)
	}
	want, err := os.ReadFile(filepath.Join(testdata(t), "remote.json"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := indented(t, out), indented(t, string(want)); got != want {
		t.Errorf("the script saw\n%s\nwant\n%s", got, want)
	}
}

func indented(t *testing.T, text string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	sorted, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(sorted)
}
