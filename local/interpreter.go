package local

import (
	"context"
	"errors"
)

// Interpreter is the Python that runs a user's file.
type Interpreter struct {
	// Path is the program that is started.
	Path string
	// FoundBy tells which rule chose it: "setting", "VIRTUAL_ENV", ".venv" or "PATH".
	FoundBy string
	// Looked lists the places that were tried, the chosen one last.
	Looked []string
}

// Info tells what an interpreter brings.
type Info struct {
	// Python and Flytekit are versions, for example "3.11.4" and "1.16.31".
	Python, Flytekit string
}

// FindInterpreter chooses the Python for a file: the setting, VIRTUAL_ENV, a
// .venv or venv folder upwards from the file, then python3 on PATH.
func FindInterpreter(file, setting string, getenv func(string) string) (Interpreter, error) {
	return Interpreter{}, errors.New("not built yet")
}

// Probe asks an interpreter for its version and flytekit's.
func Probe(ctx context.Context, python string) (Info, error) {
	return Info{}, errors.New("not built yet")
}
