package changes

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Base is the state of a repository at a revision, as far as entities hang on
// it, in a folder of its own.
type Base struct {
	// Root is the repository's folder, Folder the one that stands for it.
	Root, Folder string
	// Revision is what it was asked for.
	Revision string

	// changed are the paths in the work tree of the files that aren't as in the
	// base, or aren't there on one side; settings: files that decide about the
	// names of modules are among them.
	changed  map[string]bool
	was      map[string]bool // changed, by the paths in the base
	settings bool
}

// InputError is a mistake in what is asked for: a folder outside of a
// repository, an unknown revision.
type InputError struct{ Message string }

func (e *InputError) Error() string { return e.Message }

// Checkout puts the state of the repository around a folder, at a revision,
// into a temporary folder, which Close removes. The work tree isn't touched. The
// error is an *InputError, or says what git couldn't do.
func Checkout(ctx context.Context, folder, revision string) (*Base, error) {
	root, err := git(ctx, folder, "rev-parse", "--show-toplevel")
	if errors.Is(err, exec.ErrNotFound) {
		return nil, &InputError{"git isn't installed: it has the base that is compared with"}
	} else if err != nil {
		return nil, &InputError{fmt.Sprintf("%s is in no git repository: there is no base to compare with", folder)}
	}
	commit, err := git(ctx, folder, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, &InputError{fmt.Sprintf("--base %s: the repository has no such revision; in CI, fetch it first", revision)}
	}
	b := &Base{Root: strings.TrimRight(string(root), "\r\n"), Revision: revision}
	if b.Folder, err = os.MkdirTemp("", "flyte-lsp-base-*"); err != nil {
		return nil, err
	}
	if b.Folder, err = filepath.EvalSymlinks(b.Folder); err == nil {
		err = errors.Join(b.fill(ctx, strings.TrimSpace(string(commit))), b.compare(ctx, strings.TrimSpace(string(commit))))
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// Close removes the folder.
func (b *Base) Close() error { return os.RemoveAll(b.Folder) }

// Of is the path in the base of a path in the work tree; false outside of the
// repository.
func (b *Base) Of(path string) (string, bool) { return moved(path, b.Root, b.Folder) }

// WorkTree is the path in the work tree of a path in the base.
func (b *Base) WorkTree(path string) (string, bool) { return moved(path, b.Folder, b.Root) }

func moved(path, from, to string) (string, bool) {
	below, err := filepath.Rel(from, path)
	if err != nil || below == ".." || strings.HasPrefix(below, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.Join(to, below), true
}

// fill writes the files of a commit that may decide about entities.
func (b *Base) fill(ctx context.Context, commit string) error {
	listed, err := git(ctx, b.Root, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return err
	}
	type object struct{ hash, path string }
	var wanted []object
	var hashes bytes.Buffer
	for entry := range strings.SplitSeq(string(listed), "\x00") {
		about, path, found := strings.Cut(entry, "\t")
		fields := strings.Fields(about)
		if !found || len(fields) != 3 || fields[1] != "blob" || fields[0] == "120000" || !decides(path) {
			continue
		}
		wanted = append(wanted, object{fields[2], path})
		hashes.WriteString(fields[2] + "\n")
	}
	cmd := exec.CommandContext(ctx, "git", "-C", b.Root, "cat-file", "--batch")
	cmd.Stdin = &hashes
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("git cat-file: %w", err)
	}
	objects := bufio.NewReader(out)
	for _, object := range wanted {
		if err = b.write(objects, object.path); err != nil {
			break
		}
	}
	_, drained := io.Copy(io.Discard, objects)
	if err := errors.Join(err, drained, cmd.Wait()); err != nil {
		return fmt.Errorf("read %s: %w", b.Revision, err)
	}
	return nil
}

// write writes one file that git's batch gives: "<hash> blob <size>\n", the
// contents, "\n".
func (b *Base) write(objects *bufio.Reader, path string) error {
	header, err := objects.ReadString('\n')
	if err != nil {
		return err
	}
	fields := strings.Fields(header)
	size, err := strconv.ParseInt(fields[len(fields)-1], 10, 64)
	if err != nil {
		return fmt.Errorf("%s isn't in the repository: %s", path, strings.TrimSpace(header))
	}
	contents := make([]byte, size+1)
	if _, err := io.ReadFull(objects, contents); err != nil {
		return err
	}
	full, ok := moved(filepath.Join(b.Root, filepath.FromSlash(path)), b.Root, b.Folder)
	if !ok {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		return err
	}
	return os.WriteFile(full, contents[:size], 0o600)
}

// compare finds the files that changed since a commit.
func (b *Base) compare(ctx context.Context, commit string) error {
	b.changed, b.was = map[string]bool{}, map[string]bool{}
	for _, args := range [][]string{
		{"diff", "--name-only", "--no-renames", "-z", commit, "--"},
		{"ls-files", "--others", "--exclude-standard", "-z"},
	} {
		listed, err := git(ctx, b.Root, args...)
		if err != nil {
			return err
		}
		for path := range strings.SplitSeq(string(listed), "\x00") {
			if path == "" || !decides(path) {
				continue
			}
			local := filepath.FromSlash(path)
			b.changed[filepath.Join(b.Root, local)], b.was[filepath.Join(b.Folder, local)] = true, true
			b.settings = b.settings || !slices.Contains(sources, filepath.Ext(path))
		}
	}
	return nil
}

// touched tells whether the entities of a file in the work tree may be others
// than in the base: it changed, or what it imports did.
func (b *Base) touched(old, now *workspace.Snapshot, path string) bool {
	if b.settings || filepath.Ext(path) == ".go" || now.Sees(path, b.changed) {
		return true
	}
	was, ok := b.Of(path)
	return ok && old.Sees(was, b.was)
}

// sources are the endings of files that define entities.
var sources = []string{".py", ".pyi", ".go"}

// decides tells whether a file may decide about entities.
func decides(path string) bool {
	name := path[strings.LastIndex(path, "/")+1:]
	return slices.Contains(sources, filepath.Ext(name)) ||
		slices.Contains([]string{"pyproject.toml", "setup.cfg", "setup.py", ".gitignore", "go.mod"}, name)
}

func git(ctx context.Context, folder string, args ...string) ([]byte, error) {
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", folder}, args...)...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return out, nil
}
