package hover

import (
	"fmt"
	"strings"
	"time"

	"github.com/flyte-lsp/flyte-lsp/editing/flytekit"
	"github.com/flyte-lsp/flyte-lsp/editing/words"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

const (
	imageSpec    = "flytekit.image_spec.image_spec.ImageSpec"
	resources    = "flytekit.core.resources.Resources"
	cronSchedule = "flytekit.core.schedule.CronSchedule"
	fixedRate    = "flytekit.core.schedule.FixedRate"
	cache        = "flytekit.core.cache.Cache"
)

// object says in words what an object of flytekit's stands for; "" of others.
func (h *hoverer) object(o *pyeval.Instance) string {
	class, ok := o.Class.(*pyeval.Native)
	if !ok || o.Open {
		return ""
	}
	given := h.arguments(o, class.Name)
	switch class.Name {
	case imageSpec:
		return imageSpecText(given)
	case resources:
		var lines []string
		for _, argument := range given {
			if said := resourceText(argument); said != "" {
				lines = append(lines, "- "+argument.Name+" "+said)
			}
		}
		return strings.Join(lines, "\n")
	case cronSchedule:
		for _, argument := range given {
			if text, ok := argument.Value.(pyeval.Str); ok && argument.Name == "schedule" {
				return words.Schedule(string(text), h.Now)
			}
		}
	case fixedRate:
		for _, argument := range given {
			length, ok := pyeval.Timedelta(argument.Value)
			if argument.Name == "duration" && ok && length.IsInt64() {
				return words.Rate(time.Duration(length.Int64()) * time.Microsecond)
			}
		}
	case cache:
		return cacheText(given)
	}
	return ""
}

// arguments are what an object was made with, all by name.
func (h *hoverer) arguments(o *pyeval.Instance, class string) []pyeval.Named {
	var given []pyeval.Named
	callable := flytekit.Named(h.Snapshot, h.File.Path, class)
	for i, value := range o.Args {
		if callable != nil && i < len(callable.Params) {
			given = append(given, pyeval.Named{Name: callable.Params[i].Name, Value: value})
		}
	}
	return append(given, o.Keywords...)
}

// resourceText says how much is asked for, or what is requested and the limit.
func resourceText(argument pyeval.Named) string {
	one := func(value pyeval.Value) string {
		text, ok := written(value)
		if !ok {
			return ""
		}
		return quantityText("Resources", argument.Name, text)
	}
	var pair []pyeval.Value
	switch v := argument.Value.(type) {
	case *pyeval.Tuple:
		pair = v.Elems
	case *pyeval.List:
		pair = v.Elems
	default:
		return one(v)
	}
	if len(pair) != 2 {
		return ""
	}
	request, limit := one(pair[0]), one(pair[1])
	if request == "" || limit == "" {
		return ""
	}
	return request + ", at most " + limit
}

// cacheText says what a Cache does.
func cacheText(given []pyeval.Named) string {
	var said []string
	for _, argument := range given {
		switch v := argument.Value.(type) {
		case pyeval.Str:
			switch argument.Name {
			case "version":
				said = append(said, "results are kept for version `"+string(v)+"`")
			case "ignored_inputs":
				said = append(said, "the input `"+string(v)+"` doesn't count")
			}
		case pyeval.Bool:
			if argument.Name == "serialize" && bool(v) {
				said = append(said, "of calls with the same inputs one runs, and the others wait for its result")
			}
		case *pyeval.Tuple:
			if names := texts(v); argument.Name == "ignored_inputs" && len(names) > 0 {
				said = append(said, "the inputs "+strings.Join(names, ", ")+" don't count")
			}
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "Cache: " + strings.Join(said, "; ")
}

// imageSpecText says what is in an image that flytekit builds.
func imageSpecText(given []pyeval.Named) string {
	by := map[string]pyeval.Value{}
	for _, argument := range given {
		by[argument.Name] = argument.Value
	}
	name := "flytekit" // image_spec/image_spec.py:ImageSpec.name
	if text, ok := by["name"].(pyeval.Str); ok {
		name = strings.ToLower(string(text))
	} else if by["name"] != nil {
		name = "…"
	}
	switch registry := by["registry"].(type) {
	case pyeval.Str:
		name = strings.ToLower(string(registry)) + "/" + name
	case nil, pyeval.None:
	default:
		name = "…/" + name
	}
	var text strings.Builder
	fmt.Fprintf(&text, "Image `%s`, whose tag flytekit makes of the contents when it builds it\n", name)
	for _, line := range []struct{ param, label, otherwise string }{
		{"base_image", "Base", "the builder's own"},
		{"python_version", "Python", "that of the base"},
		{"packages", "Packages", ""},
		{"requirements", "Requirements", ""},
		{"conda_packages", "Conda packages", ""},
		{"apt_packages", "Debian packages", ""},
		{"cuda", "CUDA", ""},
		{"cudnn", "cuDNN", ""},
		{"env", "Environment", ""},
		{"copy", "Files", ""},
		{"commands", "Commands", ""},
		{"platform", "Platform", ""},
		{"builder", "Builder", ""},
	} {
		said := line.otherwise
		switch v := by[line.param].(type) {
		case nil, pyeval.None:
		default:
			if said = strings.Join(texts(v), ", "); said == "" {
				said = "it can't be told from the source"
			}
		}
		if said != "" {
			text.WriteString("\n- " + line.label + ": " + said)
		}
	}
	return text.String()
}

// texts are the strings in a value, the keys of a dict; none if there is anything
// else in it. Of an ImageSpec it says only that.
func texts(value pyeval.Value) []string {
	var values []pyeval.Value
	open := false
	switch v := value.(type) {
	case *pyeval.Tuple:
		values = v.Elems
	case *pyeval.List:
		values, open = v.Elems, v.Open
	case *pyeval.Dict:
		open = v.Open
		for _, item := range v.Items {
			values = append(values, item.Key)
		}
	case *pyeval.Instance:
		if isNative(v.Class, imageSpec) {
			return []string{"another `ImageSpec`"}
		}
		return nil
	default:
		values = []pyeval.Value{v}
	}
	var all []string
	for _, one := range values {
		text, ok := one.(pyeval.Str)
		if !ok {
			return nil
		}
		all = append(all, "`"+string(text)+"`")
	}
	if open {
		all = append(all, "…")
	}
	return all
}

// accelerator says what a name for an accelerator stands for.
func (h *hoverer) accelerator(value *pyeval.Native) string {
	name, ok := strings.CutPrefix(value.Name, flytekit.AcceleratorModule+".")
	if !ok {
		return ""
	}
	for _, one := range flytekit.Accelerators(h.Snapshot, h.File.Path) {
		if one.Name != name {
			continue
		}
		text := "Accelerator `" + one.Device + "`, as the nodes of the cluster are labelled"
		if one.Doc != "" {
			text += "\n\n" + one.Doc
		}
		return text
	}
	return ""
}
