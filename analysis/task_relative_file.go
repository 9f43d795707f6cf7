package analysis

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

var _ = register(&Rule{
	Code:     "task-relative-file",
	Summary:  "A task opens a file of the project, which isn't shipped with the code.",
	Details:  "`pyflyte run` and `pyflyte register` ship the Python modules that are loaded, and no data files: in the container the file isn't there, and the task fails with FileNotFoundError. Give the task a FlyteFile as input, put the file into its image, or register with `--copy all`, which ships all files below the root.",
	Severity: Warning,
	Stage:    OnCluster,
	Source:   "tools/fast_registration.py:fast_package",
	Bad: `from flytekit import task


@task
def names() -> list[str]:
    with open(«"names.txt"») as file:
        return file.read().split()
`,
	Good: `from flytekit import task
from flytekit.types.file import FlyteFile


@task
def names(file: FlyteFile) -> list[str]:
    with open(file) as text:
        return text.read().split()
`,
	check: func(p *pass) {
		for _, b := range p.taskBodies() {
			for _, call := range b.called {
				if len(call.Args) == 0 || !readers[call.name] || call.name == "open" && writes(call.Call) {
					continue
				}
				path, ok := textOf(call.Args[0])
				if !ok || path == "" || filepath.IsAbs(path) || strings.Contains(path, "://") || !p.isData(path) || b.makes(path, call.Args[0]) {
					continue
				}
				p.report(call.Args[0].Span(), fmt.Sprintf("%s isn't shipped with the code: the container of %s doesn't have it", path, b.entity.Describe()))
			}
		}
	},
})

// readers are functions that read the file of their first argument.
var readers = map[string]bool{
	"open": true, "io.open": true, "pathlib.Path": true, "numpy.load": true, "numpy.loadtxt": true, "joblib.load": true, "torch.load": true,
	"pandas.read_csv": true, "pandas.read_parquet": true, "pandas.read_json": true, "pandas.read_excel": true, "pandas.read_pickle": true,
	"polars.read_csv": true, "polars.read_parquet": true, "PIL.Image.open": true,
}

// writes tells whether a call of open asks for a file to write, or may.
func writes(call *ast.Call) bool {
	var mode ast.Expr
	if len(call.Args) > 1 {
		mode = call.Args[1]
	}
	for _, keyword := range call.Keywords {
		if keyword.Arg == "mode" || keyword.Arg == "" {
			mode = keyword.Value
		}
	}
	if mode == nil {
		return false
	}
	text, ok := textOf(mode)
	return !ok || strings.ContainsAny(text, "wax+")
}

// isData tells whether a relative path is that of a file of the project, and no
// module.
func (p *pass) isData(path string) bool {
	if strings.HasSuffix(path, ".py") {
		return false
	}
	root, _ := p.snapshot.Root(p.File.Path)
	return slices.ContainsFunc([]string{root, filepath.Dir(p.File.Path)}, func(folder string) bool {
		found, err := os.Stat(filepath.Join(folder, path))
		return err == nil && found.Mode().IsRegular()
	})
}

// makes tells whether the path is mentioned elsewhere in the body, which may
// make the file.
func (b *taskBody) makes(path string, at ast.Expr) bool {
	elsewhere := false
	b.inspect(func(n ast.Node) bool {
		if expr, ok := n.(ast.Expr); ok && expr != at {
			text, ok := textOf(expr)
			elsewhere = elsewhere || ok && text == path
		}
		return !elsewhere
	})
	return elsewhere
}
