package workspace

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/flyte-lsp/flyte-lsp/workspace/pyenv"
)

// interpreters are the environments of the Pythons that folders have, each
// read once. It is safe for concurrent use; nil has none.
type interpreters struct {
	// choose tells the interpreter's path for a folder, "" with a reason if
	// there is none.
	choose func(dir string) (python, why string)

	mu   sync.Mutex
	read map[string]interpreter
}

// interpreter is the environment of a folder's Python, nil if there is none,
// for the reason why.
type interpreter struct {
	environment *pyenv.Environment
	why         string
}

const noInterpreter = "no Python interpreter is chosen"

// of is the interpreter of a folder.
func (i *interpreters) of(dir string) interpreter {
	if i == nil {
		return interpreter{why: noInterpreter}
	}
	python, why := i.choose(dir)
	if python == "" {
		return interpreter{why: cmp.Or(why, noInterpreter)}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if found, ok := i.read[python]; ok {
		return found
	}
	home, _ := os.UserHomeDir() // without one there are no packages in it
	var found interpreter
	env, err := pyenv.Read(python, home)
	if found.environment = env; err != nil {
		found.why = err.Error()
	}
	i.read[python] = found
	return found
}

// changed tells whether packages were installed or removed in an environment
// that was read.
func (i *interpreters) changed() bool {
	if i == nil {
		return false
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, env := range i.read {
		if env.environment == nil || env.environment.Changed() {
			return true
		}
	}
	return false
}

// touched tells whether one of the paths is in an environment that was read.
func (i *interpreters) touched(paths []string) bool {
	if i == nil {
		return false
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, env := range i.read {
		if env.environment == nil {
			continue
		}
		for _, site := range env.environment.Paths {
			if slices.ContainsFunc(paths, func(path string) bool { return strings.HasPrefix(path, withSeparator(site)) }) {
				return true
			}
		}
	}
	return false
}

// again are the same interpreters, to be read anew.
func (i *interpreters) again() *interpreters {
	if i == nil {
		return nil
	}
	return &interpreters{choose: i.choose, read: map[string]interpreter{}}
}
