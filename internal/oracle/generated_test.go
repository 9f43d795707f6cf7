package oracle

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/internal/oracle/generate"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

var (
	seed  = flag.Uint64("seed", 1, "seed of the first generated project, 0 for another one each time")
	count = flag.Int("generated", 200, "how many projects to generate")
)

// TestGenerated reads generated projects as flytekit does.
func TestGenerated(t *testing.T) {
	first := *seed
	if first == 0 {
		first = uint64(time.Now().UnixNano())
	}
	t.Logf("%d projects from seed %d", *count, first)
	folder := t.TempDir()
	var files []File
	seeds := map[string]uint64{}
	for i := range *count {
		at := first + uint64(i)
		for _, file := range generate.Project(at) {
			// Most packages only hand out what other files are asked for.
			asked := !strings.HasSuffix(file.Path, "__init__.py") || i%8 == 0
			path := filepath.Join(folder, fmt.Sprint(at), filepath.FromSlash(file.Path))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(file.Source), 0o644); err != nil {
				t.Fatal(err)
			}
			if asked {
				files = append(files, File{Path: path})
			}
			seeds[path] = at
		}
	}
	reports, err := Run(t.Context(), testenv.Python(t), files)
	if err != nil {
		t.Fatal(err)
	}
	for _, report := range reports {
		if report.Error != "" {
			t.Errorf("seed %d: the generator makes what flytekit doesn't import: %s: %s", seeds[report.File],
				filepath.Base(report.File), report.Error)
		}
	}
	tally, differences, err := Judge(t.Context(), testenv.Python(t), []string{folder}, reports)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", tally)
	complain(t, differences, func(d Difference) string {
		return fmt.Sprintf("%s (-seed %d -generated 1)", strings.TrimPrefix(d.String(), folder+"/"), seeds[d.File])
	})
}

// complain fails for differences other than what the model leaves unknown,
// with an example of each cause.
func complain(t *testing.T, differences []Difference, show func(d Difference) string) {
	t.Helper()
	for _, cause := range ByCause(differences) {
		say := t.Errorf
		if cause.Differences[0].Verdict == Unknown {
			say = t.Logf
		}
		say("%d × %s, for example\n%s", len(cause.Differences), cause.Text, show(cause.Differences[0]))
	}
}

// TestExamples reads the examples as flytekit does.
func TestExamples(t *testing.T) {
	folder := filepath.Join(testenv.Root(t), "examples")
	var files []File
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(path) == ".py" {
			files = append(files, File{Path: path})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	reports, err := Run(t.Context(), testenv.Python(t), files)
	if err != nil {
		t.Fatal(err)
	}
	for _, report := range reports {
		if report.Error != "" {
			t.Errorf("flytekit doesn't import %s: %s", report.File, report.Error)
		}
	}
	tally, differences, err := Judge(t.Context(), testenv.Python(t), []string{folder}, reports)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", tally)
	complain(t, differences, Difference.String)
}
