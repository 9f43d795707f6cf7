package runs

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/pyyaml"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// InputsFolder holds the inputs documents, below the workspace's folder.
var InputsFolder = filepath.Join(".flyte", "inputs")

// InputsPath is the path of an entity's inputs document, below the folder
// that the entity's code runs in.
func InputsPath(folder string, file *workspace.File, entity *model.Entity) string {
	return filepath.Join(folder, InputsFolder, file.ModuleName+"."+entity.Name+".yaml")
}

// IsInputsPath reports whether a file is an inputs document by its path.
func IsInputsPath(path string) bool {
	return filepath.Ext(path) == ".yaml" && strings.HasSuffix(filepath.Dir(path), string(filepath.Separator)+InputsFolder)
}

// NewInputsDocument returns the text of an entity's inputs document at path:
// each input with its type and, as a comment, its default. `pyflyte run
// --inputs-file` reads the form too.
func NewInputsDocument(path string, file *workspace.File, entity *model.Entity) (string, error) {
	source, err := filepath.Rel(filepath.Dir(path), file.Path)
	if err != nil {
		return "", fmt.Errorf("inputs document %s: %w", path, err)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "# Inputs of %s in %s\n", entity.Name, filepath.ToSlash(source))
	text.WriteString("# What is commented out has its default. `pyflyte run --inputs-file` reads this file too.\n")
	for _, input := range entity.Inputs {
		text.WriteString("\n" + InputsEntry(input))
	}
	return text.String(), nil
}

// InputsEntry are the lines of an inputs document for an input: what it is, and
// its name, commented out with its default if it has one.
func InputsEntry(input *model.Variable) string {
	comment, key := "# "+inputComment(input)+"\n", pyyaml.Quote(input.Name)+":"
	switch value, ok := YAMLDefault(input); {
	case input.Default == "" && input.Required:
		return comment + key + "\n"
	case ok:
		return comment + "# " + key + " " + value + "\n"
	}
	return comment + "# " + key + "\n"
}

// inputComment is an input's type, default and documentation on one line.
func inputComment(input *model.Variable) string {
	text := "any type"
	if input.Type != "" {
		text = oneLine(input.Type)
	}
	if input.Default != "" {
		text += ", default " + oneLine(input.Default)
	} else if input.Required {
		text += ", required"
	}
	if input.Doc != "" {
		text += ": " + oneLine(input.Doc)
	}
	return text
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// plainDefault are Python literals that YAML reads as the same value.
var plainDefault = regexp.MustCompile(`^(-?\d+(\.\d+)?|True|False|"[^"\\\n]*"|'[^'\\\n]*')$`)

// YAMLDefault returns the default as YAML, false where it isn't a constant
// that means the same in both languages.
func YAMLDefault(input *model.Variable) (string, bool) {
	if !plainDefault.MatchString(input.Default) {
		return "", false
	}
	return strings.NewReplacer("True", "true", "False", "false").Replace(input.Default), true
}

// InputsHeader is the line of an inputs document that says whose inputs it has.
type InputsHeader struct {
	// File is the workflow file's path, Entity the entity's name.
	File, Entity string
	// EntitySpan and FileSpan are where they stand.
	EntitySpan, FileSpan parser.Span
}

var inputsHeader = regexp.MustCompile(`(?m)^# Inputs of (\S+) in ([^\r\n]*[^\s])`)

// FindInputsHeader finds the header of a document at path; false if it has none.
func FindInputsHeader(path string, text []byte) (InputsHeader, bool) {
	at := inputsHeader.FindSubmatchIndex(text)
	if at == nil {
		return InputsHeader{}, false
	}
	header := InputsHeader{EntitySpan: parser.Span{Start: at[2], End: at[3]}, FileSpan: parser.Span{Start: at[4], End: at[5]}}
	header.Entity = string(text[at[2]:at[3]])
	header.File = filepath.FromSlash(string(text[at[4]:at[5]]))
	if !filepath.IsAbs(header.File) {
		header.File = filepath.Join(filepath.Dir(path), header.File)
	}
	return header, true
}

// InputsDocument is what an inputs document says.
type InputsDocument struct {
	InputsHeader
	Values map[string]any
}

// ReadInputsDocument reads an inputs document at path. Its error names the
// line that can't be read; the header is there all the same.
func ReadInputsDocument(path string, text []byte) (InputsDocument, error) {
	header, _ := FindInputsHeader(path, text)
	values, err := ReadInputs(path, text)
	return InputsDocument{InputsHeader: header, Values: values}, err
}

// ReadInputs reads inputs from YAML, or JSON, which is YAML too, as PyYAML does:
// `pyflyte run --inputs-file` reads them so. Its error names the file and the line.
func ReadInputs(name string, text []byte) (map[string]any, error) {
	source := parser.NewSource(text)
	root, err := pyyaml.Parse(source)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case root == nil || root.Kind == pyyaml.Null:
		return nil, nil
	case root.Kind != pyyaml.Map:
		return nil, fmt.Errorf("%s: line %d: want lines of the form NAME: VALUE, one for each input", name, lineOf(source, root))
	}
	for _, again := range root.Repeated() {
		return nil, fmt.Errorf("%s: line %d: %q already defined above", name, lineOf(source, again.Key), again.Key.Text)
	}
	return root.Value().(map[string]any), nil
}

// lineOf is the line that a node starts in, from 1.
func lineOf(source *parser.Source, node *pyyaml.Node) int {
	return source.Position(node.Span.Start).Line + 1
}

// MissingInputs names the entity's required inputs that have no value; null is
// none.
func MissingInputs(entity *model.Entity, values map[string]any) []string {
	var missing []string
	for _, input := range entity.Inputs {
		if input.Required && input.Default == "" && values[input.Name] == nil {
			missing = append(missing, input.Name)
		}
	}
	return missing
}
