package oracle

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// TestRun states which entities flytekit has, where it leaves room: each
// archive holds a small project and, as `want`, the entities of its files.
func TestRun(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives in testdata: %v", err)
	}
	type project struct {
		name, want string
		files      []File
	}
	var projects []project
	var all []File
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		p := project{name: strings.TrimSuffix(filepath.Base(path), ".txtar")}
		folder := t.TempDir()
		for _, file := range archive.Files {
			if file.Name == "want" {
				p.want = string(file.Data)
				continue
			}
			full := filepath.Join(folder, file.Name)
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, file.Data, 0o644); err != nil {
				t.Fatal(err)
			}
			p.files = append(p.files, File{Path: full})
		}
		projects = append(projects, p)
		all = append(all, p.files...)
	}
	reports, err := Run(t.Context(), testenv.Python(t), all)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range projects {
		t.Run(p.name, func(t *testing.T) {
			var got strings.Builder
			for _, report := range reports[:len(p.files)] {
				describe(&got, report)
			}
			if got.String() != p.want {
				t.Errorf("got:\n%s\nwant:\n%s", got.String(), p.want)
			}
		})
		reports = reports[len(p.files):]
	}
}

// describe writes a line for each entity: where it is, what it is, what it
// takes and gives.
func describe(out *strings.Builder, report Report) {
	name := filepath.Base(report.File)
	if report.Error != "" {
		fmt.Fprintf(out, "%s: %s\n", name, report.Error)
	}
	for _, entity := range report.Entities {
		fmt.Fprintf(out, "%s:%d %s %q %s (", name, entity.Line, strings.TrimSpace(string(entity.Kind)+" "+entity.Class), entity.Name,
			entity.FullName)
		for i, input := range entity.Inputs {
			if i > 0 {
				out.WriteString(", ")
			}
			fmt.Fprintf(out, "%s %s", input.Name, input.Type)
			if !null(input.Default) {
				fmt.Fprintf(out, " = %s", input.Default)
			}
			if !input.Required {
				out.WriteString("?")
			}
		}
		out.WriteString(")")
		for _, output := range entity.Outputs {
			fmt.Fprintf(out, " %s %s", output.Name, output.Type)
		}
		if len(entity.Loader) > 0 {
			fmt.Fprintf(out, " %s", strings.Join(entity.Loader, " "))
		}
		out.WriteString("\n")
	}
}
