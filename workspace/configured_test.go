package workspace_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// The nearest pyproject.toml with our table counts, however it is written, and
// a change of it is seen.
func TestConfigured(t *testing.T) {
	root := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	above := put("pyproject.toml", "[tool.flyte-lsp.rules]\n\"call-*\" = \"off\"\n")
	put("app/pyproject.toml", "[project]\nname = \"app\"\n")
	put("own/pyproject.toml", "[tool.flyte-lsp]\nrules = { a = \"hint\", 'b c' = 3 }\nsource-roots = [\"x\"]\n")
	put("dotted/pyproject.toml", "[tool]\nflyte-lsp.rules.a = \"off\"\n")
	put("broken/pyproject.toml", "[tool.flyte-lsp.rules]\na = \"off\"\nb = \n")
	w := workspace.New()
	for file, want := range map[string]string{
		"flow.py":        `rules.call-* = "off" at "call-*" and "off"`,
		"app/deep/f.py":  `rules.call-* = "off" at "call-*" and "off"`,
		"own/flow.py":    `rules.a = "hint" at a and "hint"; rules.b c at 'b c' and 3; source-roots at source-roots and source-roots`,
		"dotted/flow.py": `rules.a = "off" at a and "off"`,
		"broken/flow.py": `rules.a = "off" at a and "off"; invalid at 3`,
	} {
		put(file, "")
		got := []string{}
		configured := w.Snapshot().Configured(filepath.Join(root, file))
		for _, setting := range configured.Settings {
			text := strings.Join(setting.Key, ".")
			if setting.IsText {
				text += fmt.Sprintf(" = %q", setting.Text)
			}
			got = append(got, fmt.Sprintf("%s at %s and %s", text, configured.Source.Slice(setting.KeySpan), configured.Source.Slice(setting.ValueSpan)))
		}
		if configured.Invalid != nil {
			got = append(got, fmt.Sprintf("invalid at %d", configured.Source.Position(configured.Invalid.Span.Start).Line+1))
		}
		if text := strings.Join(got, "; "); text != want {
			t.Errorf("%s: %s\nwant %s", file, text, want)
		}
	}
	put("pyproject.toml", "")
	w.Changed([]string{above})
	if got := w.Snapshot().Configured(filepath.Join(root, "flow.py")); got != nil && got.Path == above {
		t.Errorf("the table is gone, and still is %+v", got)
	}
}
