// Package listing is the form in which entities leave the model as data: what
// `flyte-lsp entities --format json` prints.
package listing

import (
	"encoding/json"

	"github.com/flyte-lsp/flyte-lsp/model"
)

// Entity is one Flyte entity that a file makes.
type Entity struct {
	// File is the path as it was given, or relative to the given folder.
	File string `json:"file"`
	// Cell is the number of the cell among all cells of a notebook, from 1, in which
	// the line is counted; 0 in any other file.
	Cell int `json:"cell,omitempty"`
	// Line is the 1-based line of the `def`, or of the statement that makes
	// the entity.
	Line int `json:"line"`
	// Name is the attribute of the module, `Class.attribute` for an entity in
	// a class, and empty for an entity that is registered but bound to no name.
	Name string `json:"name"`
	// FullName is what the entity is registered under. For a reference it is
	// the name that the reference tells.
	FullName string     `json:"full_name"`
	Kind     model.Kind `json:"kind"`
	// Class is the Python class of an instance task, and empty for all else.
	Class string `json:"class,omitempty"`
	// Loader is what a container is told to find the task again: what
	// DefaultTaskResolver.loader_args (core/python_auto_container.py) makes,
	// `task-module`, the module, `task-name`, the name. It is empty for an
	// entity that no default resolver loads.
	Loader  []string `json:"loader,omitempty"`
	Inputs  []Input  `json:"inputs"`
	Outputs []Output `json:"outputs"`
	// Reason says why the name or the whole interface can't be told from the
	// source, and is empty where they can.
	Reason string `json:"reason,omitempty"`
}

// Input is one input of an entity.
type Input struct {
	Name string `json:"name"`
	// Type is the LiteralType as proto JSON, and null where it is unknown.
	Type json.RawMessage `json:"type"`
	// PythonType is the annotation as written.
	PythonType string `json:"python_type"`
	// Default is the Literal as proto JSON, and null where there is none,
	// where it is unknown, or where making it would upload something.
	Default json.RawMessage `json:"default"`
	// Required is what transform_inputs_to_parameters (core/interface.py)
	// says: neither a default nor an optional type.
	Required bool `json:"required"`
	// Reason says why Type or Default is unknown.
	Reason string `json:"reason,omitempty"`
	// Assumed are facts about the installation that Type hangs on, and that
	// are taken because there is no interpreter to ask.
	Assumed []string `json:"assumed,omitempty"`
}

// Output is one output of an entity.
type Output struct {
	Name string `json:"name"`
	// Type is the LiteralType as proto JSON, and null where it is unknown.
	Type json.RawMessage `json:"type"`
	// PythonType is the annotation as written.
	PythonType string `json:"python_type"`
	// Reason says why Type is unknown, Assumed what it hangs on: see Input.
	Reason  string   `json:"reason,omitempty"`
	Assumed []string `json:"assumed,omitempty"`
}
