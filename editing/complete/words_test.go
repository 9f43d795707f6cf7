package complete_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/editing/complete"
)

// TestWords: the words of files follow what happens to the files.
func TestWords(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	first := write("first.py", `from flytekit import task, workflow, LaunchPlan, Secret, ImageSpec
import flytekit as fl

image = ImageSpec(base_image = 'python:3.12', env={"A": "1"})
@task(container_image="ghcr.io/a/b:1", environment={"B": "2",
    'C': "3"}, secret_requests=[Secret("g", "k"), Secret(key="other", group="more", mount_requirement=Secret.MountType.FILE)])
async def one(): ...

@fl.workflow
def two(): ...
@fl.dynamic(retries=1)
@other
def three(): ...

LaunchPlan.create("made", two)
LaunchPlan.get_or_create(two, name="gotten")
text = "image='no'"
`)
	second := write("second.py", "import os\nimage = 'not about Flyte'\n")
	words := new(complete.Words)
	all := func() [][]string {
		return [][]string{
			words.Images(), words.SecretGroups(), words.SecretKeys(), words.EnvironmentKeys(), words.Tasks(), words.Workflows(), words.LaunchPlans(),
		}
	}
	expect := func(want ...[]string) {
		t.Helper()
		for i, got := range all() {
			if !slices.Equal(got, want[i]) {
				t.Errorf("%d are %q, want %q", i, got, want[i])
			}
		}
	}
	words.Update(t.Context(), []string{first, second, filepath.Join(dir, "gone.py"), filepath.Join(dir, "other.txt")})
	expect(
		[]string{"ghcr.io/a/b:1", "no", "python:3.12"}, []string{"g", "more"}, []string{"k", "other"}, []string{"A", "B", "C"},
		[]string{"first.one", "first.three"}, []string{"first.two"}, []string{"gotten", "made"},
	)
	write("second.py", "from flytekit import task\n\n@task\ndef four(): ...\n")
	words.Update(t.Context(), []string{second})
	words.Keep([]string{second})
	expect(nil, nil, nil, nil, []string{"second.four"}, nil, nil)
	if err := os.Remove(second); err != nil {
		t.Fatal(err)
	}
	words.Update(t.Context(), []string{second})
	expect(nil, nil, nil, nil, nil, nil, nil)
}
