// Package inputs knows the documents that give an entity its inputs:
// `.flyte/inputs/*.yaml`, and every YAML or JSON file that says in a line
// `# Inputs of <entity> in <path>` whose it is. It tells what is wrong in one,
// completes and explains it, brings it up to date with its entity, and makes the
// JSON Schema of an entity's inputs.
//
// What a value may be is what `flyte-lsp run` and `pyflyte run --inputs-file` take
// (flytekit clis/sdk_in_container/run.py:YamlFileReadingCommand and
// interaction/click_types.py). An error is what a run by flyte-lsp fails of; as a
// rule pyflyte refuses it too. What only pyflyte refuses, or what flytekit takes for
// something else, is a warning. Of a type that isn't known nothing is said.
package inputs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/pyyaml"
	"github.com/flyte-lsp/flyte-lsp/runs"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Document is the text of an inputs document, read as far as it can be.
type Document struct {
	Path   string
	Source *parser.Source
	// Header says whose inputs they are; Header.Entity is "" if nothing does.
	Header runs.InputsHeader
	// Root has the inputs of those parts of the text that are YAML; nil if it says
	// none. It isn't a map if the text isn't lines of NAME: VALUE.
	Root *pyyaml.Node
	// Mistakes are what is no YAML, and Unread the inputs that it is in.
	Mistakes []*pyyaml.Error
	Unread   []string
}

// Read reads a document. A mistake in the YAML costs the input in which it is.
func Read(path string, source *parser.Source) *Document {
	d := &Document{Path: path, Source: source}
	d.Header, _ = runs.FindInputsHeader(path, source.Text())
	root, err := pyyaml.Parse(source)
	var mistake *pyyaml.Error
	if !errors.As(err, &mistake) {
		d.Root = root
		return d
	}
	blocks := blocksOf(source.Text())
	if len(blocks) == 0 || len(blocks) > maxBlocks {
		d.Mistakes = []*pyyaml.Error{mistake}
		return d
	}
	d.Root = &pyyaml.Node{Kind: pyyaml.Map}
	for _, block := range blocks {
		alone := parser.NewSource(only(source.Text(), block))
		node, err := pyyaml.Parse(alone)
		var mistake *pyyaml.Error
		switch {
		case errors.As(err, &mistake):
			d.Mistakes = append(d.Mistakes, mistake)
			if name, _, named := strings.Cut(source.Slice(block), ":"); named {
				d.Unread = append(d.Unread, strings.Trim(name, `"' `))
			}
		case node != nil && node.Kind == pyyaml.Map:
			d.Root.Entries = append(d.Root.Entries, node.Entries...)
		case node != nil:
			d.Mistakes = append(d.Mistakes, &pyyaml.Error{Span: node.Span, Message: "want NAME: VALUE"})
		}
	}
	if len(d.Mistakes) == 0 {
		d.Mistakes = []*pyyaml.Error{mistake}
	}
	return d
}

// maxBlocks bounds the work that a broken text makes.
const maxBlocks = 500

// blocksOf are the parts of a text that start in the first column: an input each.
func blocksOf(text []byte) []parser.Span {
	var blocks []parser.Span
	for offset := 0; offset < len(text); {
		end := offset + bytes.IndexByte(text[offset:], '\n') + 1
		if end == offset {
			end = len(text)
		}
		starts := !bytes.ContainsAny(text[offset:offset+1], " \t\r\n#-]}")
		if starts {
			blocks = append(blocks, parser.Span{Start: offset})
		}
		if len(blocks) > 0 {
			blocks[len(blocks)-1].End = end
		}
		offset = end
	}
	return blocks
}

// only is a text with blanks in place of all that isn't in a span.
func only(text []byte, span parser.Span) []byte {
	blank := bytes.Clone(text)
	for i, b := range blank {
		if !span.Contains(i) && b != '\n' && b != '\r' {
			blank[i] = ' '
		}
	}
	return blank[:span.End]
}

// Subject is the entity that a document gives its inputs.
type Subject struct {
	File   *workspace.File
	Module *model.Module
	Entity *model.Entity
	// Type has the entity's inputs as its fields.
	Type *Type
	// Folder is the one that the entity's code runs in, which paths are relative to.
	Folder string
}

// SubjectError says why there is no entity that a document gives its inputs.
type SubjectError struct {
	// Span is what has to change in the document, and Nearest what was meant, ""
	// if it can't be told.
	Span    parser.Span
	Message string
	Nearest string
}

func (e *SubjectError) Error() string { return e.Message }

// SubjectOf finds the entity whose inputs a document has. The error is a
// *SubjectError, or the context's; both are nil, with no subject, of a document
// that doesn't say whose it is. folder is the one that a file's code runs in.
func SubjectOf(ctx context.Context, snapshot *workspace.Snapshot, document *Document, folder func(file string) string) (*Subject, error) {
	header := document.Header
	if header.Entity == "" {
		return nil, nil
	}
	file, err := snapshot.File(header.File)
	if err != nil {
		problem := fmt.Sprintf("%s can't be read: %v", filepath.Base(header.File), err)
		if _, statErr := os.Stat(header.File); errors.Is(statErr, os.ErrNotExist) {
			problem = fmt.Sprintf("there is no file %s", header.File)
		}
		return nil, &SubjectError{Span: header.FileSpan, Message: problem}
	}
	module, err := snapshot.Module(ctx, file.Path)
	if err != nil {
		return nil, err
	}
	entity := module.Entity(header.Entity)
	if entity == nil {
		if len(file.Errors) > 0 {
			return nil, nil // it may be there once the file's syntax errors are mended
		}
		var names []string
		for _, other := range module.Entities {
			if other.Name != "" && !other.Shadowed {
				names = append(names, other.Name)
			}
		}
		message := fmt.Sprintf("%s has no task, workflow or launch plan %s", filepath.Base(file.Path), header.Entity)
		if len(names) > 0 {
			message += "; it has " + strings.Join(names, ", ")
		}
		return nil, &SubjectError{Span: header.EntitySpan, Message: message, Nearest: nearest(header.Entity, names)}
	}
	return NewSubject(file, module, entity, folder(file.Path)), nil
}

// NewSubject is an entity of a module, whose code runs in a folder.
func NewSubject(file *workspace.File, module *model.Module, entity *model.Entity, folder string) *Subject {
	return &Subject{File: file, Module: module, Entity: entity, Type: typesOf(module, entity), Folder: folder}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
