package analysis_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// TestFlytekitAgrees holds the rules to their promise: flytekit rejects each
// module of testdata/rejected.txtar, whose first line names the rule, and
// accepts each of testdata/accepted.txtar, in which no rule finds anything. A
// module is imported and its workflows are compiled; where it has a function
// `run`, that is called too.
func TestFlytekitAgrees(t *testing.T) {
	root := t.TempDir()
	want := map[string]string{} // a module's file name to the rule's code, "" for none
	var modules []string
	for _, name := range []string{"rejected", "accepted"} {
		archive, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			path := filepath.Join(root, file.Name)
			if err := os.WriteFile(path, file.Data, 0o644); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(file.Name, "helper_") {
				continue // imported by others
			}
			code, _, _ := strings.Cut(strings.TrimPrefix(string(file.Data), "# "), "\n")
			if name == "accepted" {
				code = ""
			}
			want[file.Name] = code
			modules = append(modules, file.Name)
		}
	}
	verdicts := flytekit(t, root, modules)
	covered := map[string]bool{}
	snapshot := workspace.New().Snapshot()
	for _, name := range modules {
		file, err := snapshot.File(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, found := range analysis.File(t.Context(), snapshot, file) {
			codes = append(codes, found.Code)
			if found.Span.Start >= found.Span.End || found.Message == "" {
				t.Errorf("%s: %+v has no place or no text", name, found)
			}
		}
		switch code := want[name]; {
		case code == "" && (len(codes) > 0 || verdicts[name] != ""):
			t.Errorf("%s: the rules find %q, flytekit says %q; want neither", name, codes, verdicts[name])
		case code != "" && !slices.Equal(codes, []string{code}):
			t.Errorf("%s: the rules find %q, want %q", name, codes, code)
		case code != "" && verdicts[name] == "":
			t.Errorf("%s: flytekit accepts what %s rejects", name, code)
		}
		covered[want[name]] = true
	}
	for _, rule := range analysis.Rules {
		if !covered[rule.Code] {
			t.Errorf("no module shows the rule %s", rule.Code)
		}
	}
}

// flytekit returns, by module, with what it is rejected; "" if it isn't.
func flytekit(t *testing.T, root string, modules []string) map[string]string {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("testdata", "verdicts.py"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), testenv.Python(t), append([]string{script}, modules...)...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = root, &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	verdicts := map[string]string{}
	if err := json.Unmarshal(out, &verdicts); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return verdicts
}
