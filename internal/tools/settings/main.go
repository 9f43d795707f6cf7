// Command settings writes what people read of the settings: docs/settings.md,
// and the properties of contributes.configuration in the package.json of the VS
// Code extension. Both come from the fields of lsp.Settings and their comments.
package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:generate go run . -root ../../..

// page is docs/settings.md, without its tables.
//
//go:embed settings.md
var page string

func main() {
	root := flag.String("root", ".", "folder of the repository")
	flag.Parse()
	if err := write(*root); err != nil {
		fmt.Fprintln(os.Stderr, "settings:", err)
		os.Exit(1)
	}
}

func write(root string) error {
	made, err := files(root)
	if err != nil {
		return err
	}
	for name, text := range made {
		if err := os.WriteFile(filepath.Join(root, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// files are the files with settings, by their names below the repository's
// folder.
func files(root string) (map[string][]byte, error) {
	server, err := serverSettings(filepath.Join(root, "lsp", "settings.go"))
	if err != nil {
		return nil, err
	}
	made := map[string][]byte{"docs/settings.md": []byte(strings.NewReplacer(
		"{{server}}\n", rows(server), "{{extension}}\n", rows(extensionSettings)).Replace(page))}
	const extension = "editors/vscode/package.json"
	text, err := os.ReadFile(filepath.Join(root, extension))
	if err != nil {
		return nil, err
	}
	all := slices.Concat(extensionSettings[:1], server, extensionSettings[1:])
	if made[extension], err = withProperties(text, all); err != nil {
		return nil, fmt.Errorf("%s: %w", extension, err)
	}
	return made, nil
}

// withProperties is a package.json with these settings in the place of those
// that it has. The rest of the text stays as it is.
func withProperties(text []byte, settings []setting) ([]byte, error) {
	start, end, err := valueAt(text, "contributes", "configuration", "properties")
	if err != nil {
		return nil, err
	}
	var properties bytes.Buffer
	properties.WriteString("{")
	encoder := json.NewEncoder(&properties)
	encoder.SetEscapeHTML(false)
	for i, one := range settings {
		if i > 0 {
			properties.WriteString(",")
		}
		fmt.Fprintf(&properties, "%q:", one.name)
		if err := encoder.Encode(one); err != nil {
			return nil, err
		}
	}
	properties.WriteString("}")
	var indented bytes.Buffer
	if err := json.Indent(&indented, properties.Bytes(), "      ", "  "); err != nil {
		return nil, err
	}
	return slices.Concat(text[:start], indented.Bytes(), text[end:]), nil
}

// valueAt is where the value of a key lies in a JSON text, which is below these
// keys, the outermost first.
func valueAt(text []byte, keys ...string) (start, end int, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	for _, key := range keys {
		if _, err := decoder.Token(); err != nil { // the object's brace
			return 0, 0, err
		}
		for {
			name, err := decoder.Token()
			if err != nil {
				return 0, 0, err
			}
			if name == key {
				break
			}
			if _, more := name.(string); !more {
				return 0, 0, fmt.Errorf("there is no %s", strings.Join(keys, "."))
			}
			var passed json.RawMessage
			if err := decoder.Decode(&passed); err != nil {
				return 0, 0, err
			}
		}
	}
	var value json.RawMessage
	if err := decoder.Decode(&value); err != nil {
		return 0, 0, err
	}
	end = int(decoder.InputOffset())
	return end - len(value), end, nil
}
