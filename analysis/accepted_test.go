package analysis_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/analysis"
)

// TestAccepted holds the rules to their silence: flytekit accepts each module of
// testdata/accepted/*.txtar, and no rule finds anything in it, though it looks
// like what is rejected. Of each module of testdata/rejected.txtar the first
// line names the one rule that finds something. Modules named helper_ are
// imported by others.
func TestAccepted(t *testing.T) {
	archives, err := filepath.Glob(filepath.Join("testdata", "accepted", "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatal("no examples", err)
	}
	var examples []*example
	for _, path := range append(archives, filepath.Join("testdata", "rejected.txtar")) {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		root := t.TempDir()
		for _, file := range archive.Files {
			write(t, filepath.Join(root, file.Name), string(file.Data))
			if strings.HasPrefix(file.Name, "helper_") {
				continue
			}
			e := &example{name: filepath.Base(path) + "/" + file.Name, folder: root, module: strings.TrimSuffix(file.Name, ".py")}
			if filepath.Base(path) == "rejected.txtar" {
				code, _, _ := strings.Cut(strings.TrimPrefix(string(file.Data), "# "), "\n")
				if e.rule = analysis.RuleOf(code); e.rule == nil {
					t.Fatalf("%s: there is no rule %s", e.name, code)
				}
			}
			examples = append(examples, e)
		}
	}
	verdicts := flytekit(t, examples)
	for i, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			var codes []string
			for _, f := range look(t, filepath.Join(e.folder, e.module+".py")) {
				codes = append(codes, f.Rule.Code)
				t.Logf("%s: %s", f.Rule.Code, f.Message)
			}
			said := verdicts[i]
			t.Logf("flytekit says: %s %s", said.Stage, said.Error)
			switch {
			case e.rule == nil && (len(codes) > 0 || said.Stage != ""):
				t.Errorf("the rules find %q, flytekit rejects it at stage %q; want neither", codes, said.Stage)
			case e.rule != nil && !slices.Equal(codes, []string{e.rule.Code}):
				t.Errorf("the rules find %q, want %q", codes, e.rule.Code)
			case e.rule != nil && said.Stage == "":
				t.Errorf("flytekit accepts what %s rejects", e.rule.Code)
			}
		})
	}
}
