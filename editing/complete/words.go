package complete

import (
	"context"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Words are what the workspace's files say that may be said again: images,
// secrets, names of environment variables and of entities. They are found by the
// look of the text, file by file, and nothing is evaluated for it. The zero value
// is ready, and safe for concurrent use.
type Words struct {
	mu    sync.Mutex
	files map[string]scanned
}

// scanned is what was found in a file.
type scanned struct {
	source  *parser.Source // of an open document
	changed time.Time      // of a file on disk
	size    int64
	found   map[string][]string
}

// What is looked for.
const (
	images      = "image"
	groups      = "group"
	keys        = "key"
	environment = "environment"
	tasks       = "task"
	workflows   = "workflow"
	plans       = "plan"
)

// Images are the names of container images.
func (w *Words) Images() []string { return w.all(images) }

// SecretGroups are the groups of secrets.
func (w *Words) SecretGroups() []string { return w.all(groups) }

// SecretKeys are the keys of secrets.
func (w *Words) SecretKeys() []string { return w.all(keys) }

// EnvironmentKeys are the names of environment variables.
func (w *Words) EnvironmentKeys() []string { return w.all(environment) }

// Tasks are the full names of tasks.
func (w *Words) Tasks() []string { return w.all(tasks) }

// Workflows are the full names of workflows.
func (w *Words) Workflows() []string { return w.all(workflows) }

// LaunchPlans are the names that launch plans are given.
func (w *Words) LaunchPlans() []string { return w.all(plans) }

func (w *Words) all(what string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := map[string]bool{}
	for _, file := range w.files {
		for _, word := range file.found[what] {
			found[word] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// Update looks into the Python files among some paths that changed on disk since
// the last time; those that are gone are forgotten. It reads files, and ends when
// ctx does.
func (w *Words) Update(ctx context.Context, paths []string) {
	for _, path := range paths {
		if language, _ := parser.LanguageOf(path); language != parser.Python {
			continue
		}
		if ctx.Err() != nil {
			return
		}
		info, err := os.Stat(path)
		if err != nil {
			w.put(path, nil)
			continue
		}
		w.mu.Lock()
		known, ok := w.files[path]
		w.mu.Unlock()
		if ok && known.changed.Equal(info.ModTime()) && known.size == info.Size() {
			continue
		}
		if text, err := os.ReadFile(path); err == nil {
			_, module := workspace.ModuleName(path)
			w.put(path, &scanned{changed: info.ModTime(), size: info.Size(), found: scan(string(text), module)})
		}
	}
}

// take looks into an open document, if it is another text than the last time.
func (w *Words) take(file *workspace.File) {
	if file.Language != parser.Python {
		return
	}
	w.mu.Lock()
	known := w.files[file.Path]
	w.mu.Unlock()
	if known.source != file.Source {
		w.put(file.Path, &scanned{source: file.Source, found: scan(string(file.Source.Text()), file.ModuleName)})
	}
}

func (w *Words) put(path string, file *scanned) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if file == nil {
		delete(w.files, path)
		return
	}
	if w.files == nil {
		w.files = map[string]scanned{}
	}
	w.files[path] = *file
}

var (
	imageText       = regexp.MustCompile(`\b(?:container_image|base_image|image)\s*=\s*["']([^"'\n]+)["']`)
	secretText      = regexp.MustCompile(`\bSecret\s*\(([^)]*)\)`)
	environmentText = regexp.MustCompile(`\b(?:environment|env)\s*=\s*\{([^}]*)\}`)
	keyText         = regexp.MustCompile(`["'](\w+)["']\s*:`)
	argumentText    = regexp.MustCompile(`(?:^|,)\s*(?:(\w+)\s*=\s*)?["']([^"'\n]+)["']`)
	decoratorText   = regexp.MustCompile(`(?m)^@(?:\w+\.)*(task|workflow|dynamic|eager)\b`)
	defText         = regexp.MustCompile(`(?m)^(?:async\s+)?def\s+(\w+)`)
	planText        = regexp.MustCompile(`\bLaunchPlan\.(?:get_or_create|create)\s*\(([^)]*)`)
)

// scan looks for words in the text of a module.
func scan(text, module string) map[string][]string {
	if !strings.Contains(text, "flytekit") {
		return nil
	}
	found := map[string][]string{}
	for _, match := range imageText.FindAllStringSubmatch(text, -1) {
		found[images] = append(found[images], match[1])
	}
	for _, match := range secretText.FindAllStringSubmatch(text, -1) {
		for i, argument := range argumentText.FindAllStringSubmatch(match[1], -1) {
			what := argument[1]
			if what == "" && i < 2 {
				what = []string{groups, keys}[i]
			}
			if what == groups || what == keys {
				found[what] = append(found[what], argument[2])
			}
		}
	}
	for _, match := range environmentText.FindAllStringSubmatch(text, -1) {
		for _, key := range keyText.FindAllStringSubmatch(match[1], -1) {
			found[environment] = append(found[environment], key[1])
		}
	}
	for _, at := range decoratorText.FindAllStringSubmatchIndex(text, -1) {
		kind, rest := text[at[2]:at[3]], text[at[1]:]
		name := defText.FindStringSubmatch(rest)
		if name == nil {
			continue
		}
		if kind != workflows {
			kind = tasks // dynamic and eager ones are tasks for the backend
		}
		found[kind] = append(found[kind], module+"."+name[1])
	}
	for _, match := range planText.FindAllStringSubmatch(text, -1) {
		for _, argument := range argumentText.FindAllStringSubmatch(match[1], -1) {
			if argument[1] == "" || argument[1] == "name" {
				found[plans] = append(found[plans], argument[2])
			}
		}
	}
	return found
}
