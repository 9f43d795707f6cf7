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

// Keep forgets the files that aren't among some paths, other than open documents.
func (w *Words) Keep(paths []string) {
	kept := make(map[string]bool, len(paths))
	for _, path := range paths {
		kept[path] = true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	maps.DeleteFunc(w.files, func(path string, file scanned) bool { return file.source == nil && !kept[path] })
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

// The texts that are looked for, from the word on that begins them.
var (
	imageText       = regexp.MustCompile(`^image\s*=\s*["']([^"'\n]+)["']`)
	secretText      = regexp.MustCompile(`^Secret\s*\(([^)]*)\)`)
	environmentText = regexp.MustCompile(`^env(?:ironment)?\s*=\s*\{([^}]*)\}`)
	keyText         = regexp.MustCompile(`["'](\w+)["']\s*:`)
	argumentText    = regexp.MustCompile(`(?:^|,)\s*(?:(\w+)\s*=\s*)?["']([^"'\n]+)["']`)
	decoratorText   = regexp.MustCompile(`^\n@(?:\w+\.)*(task|workflow|dynamic|eager)\b`)
	defText         = regexp.MustCompile(`^def (\w+)`)
	planText        = regexp.MustCompile(`^LaunchPlan\.(?:get_or_create|create)\s*\(([^)]*)`)
)

// each visits the places of a text where a word begins what is looked for, with the
// group in it and the text behind.
func each(text, word string, looked *regexp.Regexp, visit func(group, behind string)) {
	for {
		at := strings.Index(text, word)
		if at < 0 {
			return
		}
		text = text[at:]
		if match := looked.FindStringSubmatchIndex(text); match != nil {
			visit(text[match[2]:match[3]], text[match[1]:])
		}
		text = text[len(word):]
	}
}

// scan looks for words in the text of a module.
func scan(text, module string) map[string][]string {
	if !strings.Contains(text, "flytekit") {
		return nil
	}
	found := map[string][]string{}
	note := func(what, word string) { found[what] = append(found[what], word) }
	each(text, "image", imageText, func(name, _ string) { note(images, name) })
	each(text, "Secret", secretText, func(arguments, _ string) {
		for i, argument := range argumentText.FindAllStringSubmatch(arguments, -1) {
			what := argument[1]
			if what == "" && i < 2 {
				what = []string{groups, keys}[i]
			}
			if what == groups || what == keys {
				note(what, argument[2])
			}
		}
	})
	each(text, "env", environmentText, func(entries, _ string) {
		for _, key := range keyText.FindAllStringSubmatch(entries, -1) {
			note(environment, key[1])
		}
	})
	each("\n"+text, "\n@", decoratorText, func(kind, behind string) {
		if kind != workflows {
			kind = tasks // dynamic and eager ones are tasks for the backend
		}
		if at := strings.Index(behind, "def "); at >= 0 {
			if name := defText.FindStringSubmatch(behind[at:]); name != nil {
				note(kind, module+"."+name[1])
			}
		}
	})
	each(text, "LaunchPlan.", planText, func(arguments, _ string) {
		for _, argument := range argumentText.FindAllStringSubmatch(arguments, -1) {
			if argument[1] == "" || argument[1] == "name" {
				note(plans, argument[2])
			}
		}
	})
	return found
}
