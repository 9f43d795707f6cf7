package walk_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/workspace/walk"
)

func write(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func python(name string) bool { return filepath.Ext(name) == ".py" }

// files are what a walk finds, relative to dir, in one line.
func files(t testing.TB, dir string, folders ...string) string {
	t.Helper()
	paths := []string{}
	for _, folder := range folders {
		paths = append(paths, filepath.Join(dir, folder))
	}
	result, err := walk.Files(t.Context(), paths, python)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, path := range result.Files {
		names = append(names, strings.TrimPrefix(path, dir+"/"))
	}
	return strings.Join(names, " ")
}

// A user's own files are found, and what tools put beside them isn't.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"a.py": "", "b.txt": "", "pkg/b.py": "", "pkg/deep/er/c.py": "",
		".venv/x.py": "", "venv/x.py": "", "node_modules/x.py": "", "pkg/__pycache__/x.py": "", ".hidden/x.py": "",
		"own-env/pyvenv.cfg": "", "own-env/lib/x.py": "", "lib/site-packages/x.py": "",
		"project/pyproject.toml": "", "project/build/x.py": "", "project/dist/x.py": "", "project/src/build/d.py": "",
		"build/e.py": "",
	})
	if got, want := files(t, dir, "."), "a.py build/e.py pkg/b.py pkg/deep/er/c.py project/src/build/d.py"; got != want {
		t.Errorf("found %s, want %s", got, want)
	}
	// Of folders in each other each file is found once.
	if got, want := files(t, dir, "pkg/deep", "pkg", "pkg/", "build"), "build/e.py pkg/b.py pkg/deep/er/c.py"; got != want {
		t.Errorf("found %s, want %s", got, want)
	}
	// A folder that would be left out is walked where it is asked for.
	if got, want := files(t, dir, "venv"), "venv/x.py"; got != want {
		t.Errorf("found %s, want %s", got, want)
	}
}

// Links to folders aren't followed, so that cycles do no harm; links to files
// count, if there is a file. Folders that can't be read are told of.
func TestLinksAndUnreadable(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"a.py": "", "pkg/b.py": "", "closed/c.py": ""})
	for link, target := range map[string]string{
		"pkg/up": "..", "pkg/self": ".", "link.py": "a.py", "lost.py": "nowhere.py", "loop.py": "loop.py", "folder.py": "pkg",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := files(t, dir, "."), "a.py closed/c.py link.py pkg/b.py"; got != want {
		t.Errorf("found %s, want %s", got, want)
	}
	closed := filepath.Join(dir, "closed")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(closed, 0o755) //nolint:errcheck // the folder is removed next
	if _, err := os.ReadDir(closed); err != nil {
		result, err := walk.Files(t.Context(), []string{dir}, python)
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Skipped) != 1 || !strings.Contains(result.Skipped[0].Error(), closed) || len(result.Files) != 3 {
			t.Errorf("with an unreadable folder: %+v", result)
		}
	}
	result, err := walk.Files(t.Context(), []string{filepath.Join(dir, "nowhere"), filepath.Join(dir, "pkg")}, python)
	if err != nil || len(result.Skipped) != 1 || !strings.Contains(result.Skipped[0].Error(), "nowhere") || len(result.Files) != 1 {
		t.Errorf("a folder that isn't there gives %+v, %v", result, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := walk.Files(ctx, []string{dir}, python); err != context.Canceled {
		t.Errorf("cancelled gives %v", err)
	}
}

// What .gitignore files leave out is what git leaves out.
func TestAsGitIgnores(t *testing.T) {
	seed := testenv.Seed(t)
	random := rand.New(rand.NewPCG(seed, 0))
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	parts := []string{"a", "b", "ab", "c.py", "a.py", "ba.py", "x y", "[z]", "{q}"}
	globs := []string{
		"a", "b/", "*.py", "/a", "a/b", "!a.py", "!b/", "**/ab", "a/**", "a/**/c.py", "*", "!*/", "?", "[ab]", "[!a]*", "[^b].py",
		"# a", "\\#a", "", "a/", "/*.py", "!/ba.py", "a*", "**/b/**", "a**", "b/*.py", "x y", "x\\ y", "a.py  ", "\\[z\\]", "{q}", "{a,b}",
		"!ab/c.py", "**", "/**", "a/b/", "*b", "!/a/b/", "ab/**/", "**/a/b", "*/c.py", "/*/b", "[a-c].py", "!", "/", "a//b",
	}
	for range 60 {
		dir := t.TempDir()
		tree := map[string]string{}
		for range 30 {
			path := pick(parts)
			for random.IntN(3) > 0 {
				path = pick([]string{"a", "b", "ab", "x y", "[z]", "{q}"}) + "/" + path
			}
			if filepath.Ext(path) != ".py" {
				path += ".py"
			}
			tree[path] = ""
		}
		for _, at := range []string{"", "a/", "b/ab/"} {
			var lines []string
			for range 1 + random.IntN(5) {
				lines = append(lines, pick(globs))
			}
			tree[at+".gitignore"] = strings.Join(lines, "\n") + "\n"
		}
		write(t, dir, tree)
		git := func(args ...string) string {
			command := exec.Command("git", append([]string{"-C", dir, "-c", "core.excludesFile=/dev/null"}, args...)...)
			printed, err := command.Output()
			if err != nil {
				t.Fatal(err)
			}
			return string(printed)
		}
		git("init", "-q")
		var want []string
		for name := range strings.SplitSeq(git("ls-files", "-z", "--others", "--exclude-standard"), "\x00") {
			if python(name) {
				want = append(want, name)
			}
		}
		slices.SortFunc(want, func(a, b string) int { return strings.Compare(a, b) })
		for _, folder := range []string{".", "a"} {
			within := slices.DeleteFunc(slices.Clone(want), func(name string) bool {
				return folder != "." && !strings.HasPrefix(name, folder+"/")
			})
			if _, err := os.Stat(filepath.Join(dir, folder)); err != nil {
				continue
			}
			if folder == "a" && len(within) == 0 {
				continue // git leaves out all of it, and who asks for it wants it
			}
			if got := files(t, dir, folder); got != strings.Join(within, " ") {
				t.Errorf("seed %d: below %s with\n%q\nfound %s,\nwant %s", seed, folder, ignoreFiles(tree), got, strings.Join(within, " "))
			}
		}
	}
}

func ignoreFiles(tree map[string]string) map[string]string {
	found := map[string]string{}
	for name, text := range tree {
		if filepath.Base(name) == ".gitignore" {
			found[name] = text
		}
	}
	return found
}

func BenchmarkFiles(b *testing.B) {
	dir := b.TempDir()
	tree := map[string]string{".gitignore": "*.pyc\n__pycache__/\n/dist\n*.egg-info\n.env\nlocal/*.py\n"}
	for i := range 2000 {
		tree[fmt.Sprintf("pkg%d/mod%d.py", i%40, i)] = ""
	}
	write(b, dir, tree)
	for range b.N {
		if len(strings.Fields(files(b, dir, "."))) != 2000 {
			b.Fatal("files are missing")
		}
	}
}
