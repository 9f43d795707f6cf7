package workspace

import (
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
	read map[string]environment
}

type environment struct {
	*pyenv.Environment
	why string
}

const noInterpreter = "no Python interpreter is chosen"

// environment is that of a folder's interpreter, nil with a reason if there is
// none.
func (i *interpreters) environment(dir string) (*pyenv.Environment, string) {
	if i == nil {
		return nil, noInterpreter
	}
	python, why := i.choose(dir)
	if python == "" {
		if why == "" {
			why = noInterpreter
		}
		return nil, why
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if found, ok := i.read[python]; ok {
		return found.Environment, found.why
	}
	home, _ := os.UserHomeDir() // without one there are no packages in it
	env, err := pyenv.Read(python, home)
	found := environment{Environment: env}
	if err != nil {
		found.why = err.Error()
	}
	i.read[python] = found
	return found.Environment, found.why
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
		if env.Environment == nil || env.Changed() {
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
		if env.Environment == nil {
			continue
		}
		for _, site := range env.Paths {
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
	return &interpreters{choose: i.choose, read: map[string]environment{}}
}
