package analysis

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

const acceleratorModule = "flytekit.extras.accelerators"

// acceleratorNames are the names of flytekit's accelerators, such as A100.
func acceleratorNames() []string {
	var names []string
	for name := range signatures() {
		if short, ok := strings.CutPrefix(name, acceleratorModule+"."); ok && short == strings.ToUpper(short) {
			names = append(names, short)
		}
	}
	slices.Sort(names)
	return names
}

// acceleratorPart is an attribute of one of flytekit's accelerators: A100 and
// partition_1g_5gb.
func acceleratorPart(value pyeval.Value) (accelerator, attribute string, ok bool) {
	native, ok := value.(*pyeval.Native)
	if !ok {
		return "", "", false
	}
	rest, ok := strings.CutPrefix(native.Name, acceleratorModule+".")
	if !ok {
		return "", "", false
	}
	accelerator, attribute, ok = strings.Cut(rest, ".")
	return accelerator, attribute, ok && accelerator == strings.ToUpper(accelerator)
}
