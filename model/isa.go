package model

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// IsA tells whether a value is an object of one of some classes, by their
// canonical names ("builtins.int"), or of one that derives from it, as
// isinstance does; known is false where the source doesn't tell.
func (m *Module) IsA(value pyeval.Value, classes ...string) (is, known bool) {
	if m.program == nil {
		return false, false
	}
	f := m.program.Frame(m.Module)
	class := f.TypeOf(f.Resolve(value))
	if class == nil {
		return false, false
	}
	known = true
	for _, name := range classes {
		derives, sure := derivesFrom(f, class, name)
		if derives {
			return true, true
		}
		known = known && sure
	}
	return false, known
}

// derivesFrom is Frame.DerivesFrom for classes of constants too.
func derivesFrom(f *pyeval.Frame, class pyeval.Value, name string) (derives, known bool) {
	native, ok := class.(*pyeval.Native)
	if !ok {
		return f.DerivesFrom(class, name)
	}
	switch native.Name {
	case name:
		return true, true
	case "builtins.bool":
		return name == "builtins.int", true
	case "datetime.datetime":
		return name == "datetime.date", true
	}
	if strings.HasPrefix(native.Name, "builtins.") || strings.HasPrefix(native.Name, "types.") || strings.HasPrefix(native.Name, "datetime.") {
		return false, true
	}
	return f.DerivesFrom(class, name)
}

// Resolve is the value that a name of the module is bound to, where that is an
// import: what is imported.
func (m *Module) Resolve(value pyeval.Value) pyeval.Value {
	if _, imported := value.(*pyeval.Import); !imported {
		return value
	}
	return m.program.Frame(m.Module).Resolve(value)
}
