package analysis

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// resourceFields are the parameters of flytekit.Resources, in order, with the
// types of their values (core/resources.py:Resources).
var resourceFields = []struct {
	name  string
	types []string
}{
	{"cpu", []string{"str", "int", "float"}}, {"mem", []string{"str", "int"}},
	{"gpu", []string{"str", "int"}}, {"ephemeral_storage", []string{"str", "int"}},
}

// quantity is one resource of a Resources: what is requested, and the limit.
type quantity struct {
	name string
	// value is what is given for both, or a pair of both.
	value          pyeval.Named
	request, limit *pyeval.Named
}

// quantitiesOf are the resources that an object of Resources names.
func quantitiesOf(object *pyeval.Instance) []quantity {
	all := make([]quantity, 0, len(object.Args)+len(object.Keywords))
	for i, field := range resourceFields {
		given, ok := argument(object, i, field.name)
		if _, none := given.Value.(pyeval.None); !ok || none {
			continue
		}
		q := quantity{name: field.name, value: given}
		switch pair, known := elementsOf(given.Value, given.Expr); {
		case known && len(pair) == 2:
			q.request, q.limit = &pair[0], &pair[1]
		case !known:
			q.request = &q.value
		}
		all = append(all, q)
	}
	return all
}

// asked are what a task asks for, by the settings requests, limits and
// resources.
type asked struct {
	*settings
	// setting is the one that names it.
	setting string
	object  *pyeval.Instance
}

// eachResources gives the objects of Resources in settings, whose arguments are
// known.
func (p *pass) eachResources(f func(*asked)) {
	p.eachSettings(func(s *settings) {
		for _, name := range []string{"requests", "limits", "resources"} {
			setting, given := s.get(name)
			if object := objectOf(setting.Value, resourcesClass); given && object != nil && !object.Open {
				f(&asked{s, name, object})
			}
		}
	})
}

// registered tells whether flytekit itself hands the resources to the backend,
// which looks at them when a task is registered: what a plugin, a pod template
// or with_overrides makes of them comes to light on the cluster.
func (a *asked) registered() bool {
	return !a.overrides() && a.plain() && !a.has("pod_template")
}

// parsed is a quantity as Kubernetes reads it; false if the text is none, or
// isn't known. flytekit leaves out an empty one.
func parsed(value *pyeval.Named) (resource.Quantity, bool) {
	if value == nil {
		return resource.Quantity{}, false
	}
	text, ok := value.Value.(pyeval.Str)
	if !ok {
		return resource.Quantity{}, false
	}
	quantity, err := resource.ParseQuantity(string(text))
	return quantity, err == nil
}

// suffixes are those that people write for the suffix of a quantity, in small
// letters.
var suffixes = map[string]string{
	"b": "", "kb": "k", "mb": "M", "gb": "G", "tb": "T", "pb": "P", "kib": "Ki", "mib": "Mi", "gib": "Gi", "tib": "Ti", "pib": "Pi",
	"ki": "Ki", "mi": "Mi", "gi": "Gi", "ti": "Ti", "pi": "Pi", "k": "k", "g": "G", "t": "T", "p": "P", "kbytes": "k", "mbytes": "M", "gbytes": "G",
}

// cpuSuffixes are those that people write behind a number of CPUs.
var cpuSuffixes = map[string]string{"mi": "m", "core": "", "cores": "", "cpu": "", "cpus": "", "vcpu": "", "vcpus": "", "millicores": "m"}

// nearestQuantity is the quantity of a resource that a text was meant for; "" if
// that can't be told.
func nearestQuantity(resourceName, text string) string {
	text = strings.ReplaceAll(text, " ", "")
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	suffix, ok := suffixes[strings.ToLower(text[len(number):])]
	if resourceName == "cpu" {
		suffix, ok = cpuSuffixes[strings.ToLower(text[len(number):])]
	}
	if text[len(number):] == "" {
		suffix, ok = "", true
	}
	if _, err := resource.ParseQuantity(number + suffix); !ok || err != nil {
		return ""
	}
	return number + suffix
}
