package model

import "github.com/flyte-lsp/flyte-lsp/pyeval"

// Missing says why a module can't be found that the module's imports name; ""
// if it can, or if that isn't known.
func (m *Module) Missing(name string) string { return m.program.Frame(m.Module).Missing(name) }

// Find finds a module by its absolute dotted name, as a module sees it that is
// imported for this one, whether it is of flytekit or not.
func (m *Module) Find(from *pyeval.Source, name string) pyeval.Found {
	return m.program.Finder().Find(from, name)
}

// Imported is the module of a source, as it is once it is imported.
func (m *Module) Imported(source *pyeval.Source) *pyeval.Module { return m.program.Module(source) }

// Failures are the exceptions that Python certainly raises when it imports a
// module, so that the import fails. Those of kinds that can't be told for
// certain from the source aren't among them.
func Failures(module *pyeval.Module) []*Exception {
	var all []*Exception
	for _, noted := range module.Noted {
		if raised, ok := noted.(*Exception); ok && raised.Certain && exact[raised.Class] {
			all = append(all, raised)
		}
	}
	return all
}

// exact are the exceptions that pyeval foresees where Python raises them.
// Attributes, keys and calls may be given otherwise by what it doesn't know.
var exact = map[string]bool{
	"NameError": true, "UnboundLocalError": true, "ValueError": true, "IndexError": true, "ZeroDivisionError": true,
}
