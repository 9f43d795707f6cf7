package navigate

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

func isDocument(path string) bool { return runs.IsInputsPath(path) }

// document is an inputs document, with the entity that its first line names.
type document struct {
	path   string
	source *parser.Source
	entity *model.Entity
	// header is the entity's name in the first line, keys are those of the inputs,
	// also of inputs that are commented out.
	header parser.Span
	keys   []parser.Span
}

var documentHeader = regexp.MustCompile(`^# Inputs of (\S+) in [^\r\n]+`)

// readDocument reads an inputs document; nil if it names no entity of the
// workspace.
func (s *Search) readDocument(ctx context.Context, path string) (*document, error) {
	if s.Document == nil {
		return nil, nil
	}
	text, err := s.Document(path)
	if err != nil || text == nil {
		return nil, err
	}
	header := documentHeader.FindSubmatchIndex(text)
	if header == nil {
		return nil, nil
	}
	// The header and the keys are enough of a document that doesn't parse.
	read, _ := runs.ReadInputsDocument(path, text)
	if language, _ := parser.LanguageOf(read.File); language != parser.Python {
		return nil, nil
	}
	if _, err := s.Snapshot.File(read.File); err != nil {
		return nil, nil // its workflow file is gone
	}
	module, err := s.Snapshot.Module(ctx, read.File)
	if err != nil {
		return nil, err
	}
	d := &document{path: path, source: parser.NewSource(text), entity: module.Entity(read.Entity), header: parser.Span{Start: header[2], End: header[3]}}
	if d.entity == nil {
		return nil, nil
	}
	d.keys = append(yamlKeys(d.source), commentedKeys(d.source, d.entity)...)
	return d, nil
}

// yamlKeys are the places of the keys of a YAML or JSON mapping, without quotes;
// none of a text that doesn't parse.
func yamlKeys(source *parser.Source) []parser.Span {
	var root yaml.Node
	if err := yaml.Unmarshal(source.Text(), &root); err != nil || len(root.Content) == 0 || root.Content[0].Kind != yaml.MappingNode {
		return nil
	}
	var keys []parser.Span
	for i := 0; i+1 < len(root.Content[0].Content); i += 2 {
		key := root.Content[0].Content[i]
		start := columnOffset(source, key.Line, key.Column)
		if key.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
			start++
		}
		span := parser.Span{Start: start, End: start + len(key.Value)}
		if source.Slice(span) == key.Value {
			keys = append(keys, span)
		}
	}
	return keys
}

// columnOffset is the offset of a line and a column as YAML counts them, in
// characters from 1.
func columnOffset(source *parser.Source, line, column int) int {
	offset := source.Offset(parser.Position{Line: line - 1})
	for text := source.Text(); column > 1 && offset < len(text); column-- {
		_, size := utf8.DecodeRune(text[offset:])
		offset += size
	}
	return offset
}

var commentedKey = regexp.MustCompile(`(?m)^#[ \t]*([A-Za-z_]\w*):(?:[ \t]|\r?$)`)

// commentedKeys are the keys of inputs that are commented out, as those with a
// default are.
func commentedKeys(source *parser.Source, e *model.Entity) []parser.Span {
	var keys []parser.Span
	for _, match := range commentedKey.FindAllSubmatchIndex(source.Text(), -1) {
		span := parser.Span{Start: match[2], End: match[3]}
		if e.Input(source.Slice(span)) != nil {
			keys = append(keys, span)
		}
	}
	return keys
}

// eachDocument visits the inputs documents of the workspace's folders.
func (s *Search) eachDocument(ctx context.Context, visit func(*document) error) error {
	var paths []string
	for _, folder := range s.Folders {
		dir := filepath.Join(folder, runs.InputsFolder)
		entries, _ := os.ReadDir(dir) // a folder without documents has none
		for _, entry := range entries {
			if path := filepath.Join(dir, entry.Name()); isDocument(path) {
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		document, err := s.readDocument(ctx, path)
		if err != nil {
			return err
		}
		if document == nil {
			continue
		}
		if err := visit(document); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// documentAt is the thing that is named at an offset of an inputs document.
func (s *Search) documentAt(ctx context.Context, path string, offset int) (*Thing, *Place, error) {
	d, err := s.readDocument(ctx, path)
	if err != nil || d == nil {
		return nil, nil, err
	}
	var at *found
	d.each(func(thing *Thing, place Place) {
		if place.Span.Contains(offset) {
			at = &found{thing, place}
		}
	})
	if at == nil {
		return nil, nil, ctx.Err()
	}
	r, err := read(ctx, s.Snapshot, d.entity.Path)
	if err != nil || r == nil {
		return nil, nil, err
	}
	thing, err := r.locate(at.thing)
	return thing, &at.place, err
}

// each visits the names in a document that mean something.
func (d *document) each(visit func(*Thing, Place)) {
	visit(entityThing(d.entity), Place{Path: d.path, Source: d.source, Span: d.header, Kind: DocumentHeader})
	for _, key := range d.keys {
		if t := inputThing(d.entity, strings.TrimSpace(d.source.Slice(key))); t != nil {
			visit(t, Place{Path: d.path, Source: d.source, Span: key, Kind: DocumentKey})
		}
	}
}

// references are the places of a document that mean a thing.
func (d *document) references(thing *Thing) []Place {
	var list []Place
	d.each(func(t *Thing, place Place) {
		if t.Key == thing.Key {
			list = append(list, place)
		}
	})
	return list
}
