package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/lsp"
)

// A setting is a row of the table. Its JSON is a property of
// contributes.configuration in the package.json of a VS Code extension.
type setting struct {
	name        string
	Type        string          `json:"type"`
	Items       *values         `json:"items,omitempty"`
	Values      *values         `json:"additionalProperties,omitempty"`
	Enum        []string        `json:"enum,omitempty"`
	Default     json.RawMessage `json:"default"`
	Scope       string          `json:"scope,omitempty"`
	Description string          `json:"markdownDescription"`
}

// values are what an array or an object holds.
type values struct {
	Type string   `json:"type"`
	Enum []string `json:"enum,omitempty"`
}

// serverSettings reads the fields of lsp.Settings, in their order, from the file
// at path.
func serverSettings(path string) ([]setting, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	var fields *ast.StructType
	for node := range ast.Preorder(file) {
		if declared, ok := node.(*ast.TypeSpec); ok && declared.Name.Name == "Settings" {
			fields, _ = declared.Type.(*ast.StructType)
		}
	}
	if fields == nil {
		return nil, fmt.Errorf("%s has no struct Settings", path)
	}
	encoded, err := json.Marshal(lsp.DefaultSettings())
	if err != nil {
		return nil, err
	}
	return settingsOf("flyte", fields, encoded)
}

// settingsOf are the settings below a section, which has these defaults.
func settingsOf(section string, fields *ast.StructType, encoded json.RawMessage) ([]setting, error) {
	var defaults map[string]json.RawMessage
	if err := json.Unmarshal(encoded, &defaults); err != nil {
		return nil, fmt.Errorf("%s: %w", section, err)
	}
	var found []setting
	for _, field := range fields.Fields.List {
		if field.Tag == nil {
			continue // it is the server's own
		}
		text, err := strconv.Unquote(field.Tag.Value)
		if err != nil {
			return nil, err
		}
		tag := reflect.StructTag(text)
		one := setting{
			name: section + "." + tag.Get("json"), Scope: tag.Get("scope"), Default: defaults[tag.Get("json")],
			Description: strings.Join(strings.Fields(field.Doc.Text()), " "),
		}
		if nested, ok := field.Type.(*ast.StructType); ok {
			below, err := settingsOf(one.name, nested, one.Default)
			if err != nil {
				return nil, err
			}
			found = append(found, below...)
			continue
		}
		if one.Description == "" {
			return nil, fmt.Errorf("%s has no comment that describes it", one.name)
		}
		switch of := field.Type.(type) {
		case *ast.Ident:
			one.Type = map[string]string{"string": "string", "bool": "boolean", "int": "integer"}[of.Name]
		case *ast.ArrayType:
			one.Type, one.Items, one.Default = "array", &values{Type: "string"}, json.RawMessage("[]")
		case *ast.MapType:
			one.Type, one.Values, one.Default = "object", &values{Type: "string", Enum: strings.Fields(tag.Get("values"))}, json.RawMessage("{}")
		}
		if one.Type == "" {
			return nil, fmt.Errorf("%s has a type that settings can't have", one.name)
		}
		found = append(found, one)
	}
	return found, nil
}

// extensionSettings are those that only the VS Code extension reads.
var extensionSettings = []setting{
	{
		name: "flyte.path", Type: "string", Default: json.RawMessage(`""`), Scope: "machine-overridable",
		Description: "The `flyte-lsp` to start: a path, absolute, below `~` or relative to the first folder of the workspace. Empty: the one that comes with the extension, else the one on `PATH`.",
	},
	{
		name: "flyte.trace.server", Type: "string", Enum: []string{"off", "messages", "verbose"}, Default: json.RawMessage(`"off"`),
		Description: "Write the messages between the editor and the server to the log.",
	},
}

// rows are the settings as rows of a table in Markdown.
func rows(of []setting) string {
	var table strings.Builder
	table.WriteString("| setting | type | default | meaning |\n|---|---|---|---|\n")
	for _, one := range of {
		kind, held := one.Type, one.Enum
		if one.Items != nil {
			kind = "array of " + one.Items.Type + "s"
		}
		if one.Values != nil {
			held = one.Values.Enum
		}
		description := one.Description
		if missing := slices.DeleteFunc(slices.Clone(held), func(value string) bool { return strings.Contains(description, "`"+value+"`") }); len(missing) > 0 {
			description += " One of `" + strings.Join(held, "`, `") + "`."
		}
		fmt.Fprintf(&table, "| `%s` | %s | `%s` | %s |\n", one.name, kind, one.Default, strings.ReplaceAll(description, "|", "\\|"))
	}
	return table.String()
}
