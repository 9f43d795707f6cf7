package imports_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/workspace/imports"
)

// show writes imports as Python would.
func show(found []imports.Import) string {
	var lines []string
	for _, i := range found {
		line := "import " + i.Module
		if i.From {
			line = "from " + strings.Repeat(".", i.Level) + i.Module + " import " + strings.Join(i.Names, ", ")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

func TestScan(t *testing.T) {
	tests := []struct{ text, want string }{
		{"import a", "import a"},
		{"import a.b.c as d, e , f as g # h\n", "import a.b.c; import e; import f"},
		{"from a.b import c as d, e\n", "from a.b import c, e"},
		{"from a import *; import b;import c", "from a import *; import b; import c"},
		{"from . import a\nfrom .. b import c\nfrom ...d.e import (f)\nfrom .importers import g\nfrom.import h",
			"from . import a; from ..b import c; from ...d.e import f; from .importers import g; from . import h"},
		{"from a import (  # why\n    b,\n    # and\n    c as d,\n)\nimport e\n", "from a import b, c; import e"},
		{"from a import b, \\\n  c\nimport \\\n d\n", "from a import b, c; import d"},
		{"from a import b\r\nimport c\rimport d", "from a import b; import c; import d"},
		{"\ufeffimport a\n\n\timport b\n", "import a; import b"},
		{"try: import a\nexcept ImportError: a = None\nif x: from b import c\n", "import a; from b import c"},
		{"def f():\n    import a\n    from b import c\n", "import a; from b import c"},
		{"\"\"\"\nimport a\n\"\"\"\n'''from b import c\n\\'''\nimport d'''\nimport e\n", "import e"},
		{"x = 'import a'; y = \"it's\" # don't\nimport b\n", "import b"},
		{"x = 'a\\\nimport b'\nimport c\n", "import c"},
		{"x = 'open\nimport a\n", "import a"},
		{"importer = 1\nfrom_a = 2\nimport_x()\nyield from b\nraise X \\\n  from e\n", ""},
		{"x = f(\nimport a\n", "import a"},
		{"import \nfrom \nfrom a\nfrom a import\nfrom . import\nimport b,", "from a import ; from . import ; import b"},
		{"from größe import ä\n", "from größe import ä"},
		{"from a . b import c\n", "from a.b import c"},
		{"x = \"\"\"never closed\nimport a\n", ""},
		{"from 'x' import 'y'\nimport a", "import a"},
		{"import a.\nimport b\n", "import a; import b"},
	}
	for _, test := range tests {
		if got := show(imports.Scan([]byte(test.text))); got != test.want {
			t.Errorf("%q gives %q, want %q", test.text, got, test.want)
		}
	}
}

// In real modules the imports are those that Python's own parser finds.
func TestAsPythonParses(t *testing.T) {
	python := testenv.Python(t)
	site, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(python)), "lib", "python3.*", "site-packages"))
	if err != nil || len(site) != 1 {
		t.Fatalf("site-packages are %v, %v", site, err)
	}
	const script = `
import ast, json, pathlib, sys
for folder in sys.argv[1:]:
    for path in sorted(pathlib.Path(folder).rglob("*.py")):
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            continue
        found = []
        for node in sorted((n for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom))), key=lambda n: (n.lineno, n.col_offset)):
            if isinstance(node, ast.Import):
                found += ["import " + a.name for a in node.names]
            else:
                found.append("from " + "." * node.level + (node.module or "") + " import " + ", ".join(a.name for a in node.names))
        print(json.dumps([str(path), "; ".join(found)]))
`
	folders := []string{}
	for _, name := range []string{"flytekit", "mashumaro", "typing_extensions.py", "pydantic", "joblib"} {
		folders = append(folders, filepath.Join(site[0], name))
	}
	if testenv.Long() {
		folders = site
	}
	printed, err := exec.Command(python, append([]string{"-c", script}, folders...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(string(printed)) {
		var file [2]string
		if err := json.Unmarshal([]byte(line), &file); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(file[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := show(imports.Scan(text)); got != file[1] {
			t.Errorf("%s:\ngot  %s\nwant %s", file[0], got, file[1])
		}
		count++
	}
	if count < 300 {
		t.Errorf("only %d files were compared", count)
	}
}

// However a text is cut off, the scan ends, and finds no more than in the
// whole text.
func TestCutOff(t *testing.T) {
	text := "\"\"\"Doc.\"\"\"\nimport a.b as c\nfrom .d import (e,\n  f)\nx = 'a' + \"b\" # c\nif y: import z\n\\"
	whole := len(imports.Scan([]byte(text)))
	for end := range text {
		if got := imports.Scan([]byte(text[:end])); len(got) > whole {
			t.Errorf("%q gives %v", text[:end], got)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	text := []byte("import os\nfrom flytekit import task, workflow\n\n")
	for i := range 100 {
		text = fmt.Appendf(text, "@task\ndef t%d(a: int, b: str = \"x\") -> str:\n    \"\"\"Do it.\n\n    More of it.\n    \"\"\"\n    return f\"{a}: {b}\"  # done\n\n\n", i)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for range b.N {
		imports.Scan(text)
	}
}
