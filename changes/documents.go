package changes

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// documents has a change break the inputs documents of its entity that don't fit
// any more. They lie beside the file, or in a folder above it, under the name
// that the entity had.
func documents(ctx context.Context, base *Base, old, now *state, change *Change) {
	file, was := old.current(ctx, change.old)
	if was == nil {
		return
	}
	var is *model.Entity
	if change.now != nil {
		_, is = now.current(ctx, change.now)
	}
	path, _ := base.WorkTree(change.old.path)
	for folder := filepath.Dir(path); ; folder = filepath.Dir(folder) {
		if _, inside := base.Of(folder); !inside {
			return
		}
		name := runs.InputsPath(folder, file, was)
		if text, err := os.ReadFile(name); err == nil {
			change.checkDocument(name, called(now.folder, name), text, is)
		}
		if folder == base.Root {
			return
		}
	}
}

// current is an entity with its file.
func (s *state) current(ctx context.Context, e *entity) (*workspace.File, *model.Entity) {
	file, err := s.snapshot.File(e.path)
	if err != nil {
		return nil, nil
	}
	module, err := s.snapshot.Module(ctx, e.path)
	if err != nil {
		return nil, nil
	}
	return file, module.Entity(e.name)
}

// checkDocument looks at an inputs document that is called name. is is nil of
// what isn't there any more.
func (c *Change) checkDocument(path, name string, text []byte, is *model.Entity) {
	breaks := func(line int, format string, args ...any) {
		c.Breaks = append(c.Breaks, Break{File: name, Line: line, Message: fmt.Sprintf(format, args...)})
	}
	if is == nil {
		breaks(1, "there is no %s %s any more", c.Kind, c.old.mentioned())
		return
	}
	if is.Name != c.old.name {
		breaks(1, "%s is called %s now", c.old.mentioned(), is.Name)
		return
	}
	document, err := runs.ReadInputsDocument(path, text)
	if err != nil {
		return // it has been broken before
	}
	types := byName(c.now.inputs)
	for _, input := range slices.Sorted(maps.Keys(document.Values)) {
		value, line := document.Values[input], lineOf(text, input)
		v, known := types[input]
		switch {
		case !known:
			breaks(line, "%s has no input %s any more", is.Name, input)
		case !fits(value, v.literalType) && slices.ContainsFunc(c.Inputs, func(v Variable) bool { return v.Name == input && v.Before != v.After }):
			breaks(line, "input %s of %s is %s now, which %v isn't", input, is.Name, literal.TypeText(v.literalType), value)
		}
	}
	for _, input := range runs.MissingInputs(is, document.Values) {
		breaks(1, "%s needs a value for its input %s", is.Name, input)
	}
}

// lineOf is the line at which a document gives an input, 1 if it isn't found.
func lineOf(text []byte, input string) int {
	line := 1
	for one := range bytes.Lines(text) {
		rest, starts := bytes.CutPrefix(one, []byte(input))
		if starts && bytes.HasPrefix(bytes.TrimLeft(rest, " "), []byte(":")) {
			return line
		}
		line++
	}
	return 1
}

// fits tells whether a value of YAML may be of a type. It is false only where
// pyflyte certainly refuses it (interaction/click_types.py).
func fits(value any, t *core.LiteralType) bool {
	_, isList := value.([]any)
	_, isMap := value.(map[string]any)
	text, isText := value.(string)
	switch t.GetSimple() {
	case core.SimpleType_INTEGER, core.SimpleType_FLOAT:
		if isText {
			_, err := strconv.ParseFloat(text, 64)
			return err == nil
		}
		return !isList && !isMap
	case core.SimpleType_BOOLEAN, core.SimpleType_DATETIME, core.SimpleType_DURATION:
		return !isList && !isMap
	}
	return true
}
