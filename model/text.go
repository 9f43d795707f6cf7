package model

import (
	"math"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

func digits(i int) string { return strconv.Itoa(i) }

func cut(s, prefix string) string {
	rest, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return ""
	}
	return rest
}

func afterDot(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// printed is str() of a number, a bool or None.
func printed(v pyeval.Value) (string, bool) {
	switch v := v.(type) {
	case pyeval.None:
		return "None", true
	case pyeval.Bool:
		if v {
			return "True", true
		}
		return "False", true
	case pyeval.Int:
		return v.String(), true
	case pyeval.Float:
		return printedFloat(float64(v)), true
	case pyeval.Str:
		return string(v), true
	}
	return "", false
}

// printedFloat is repr() of a float: the shortest digits, with an exponent
// from 1e16 and below 1e-4.
func printedFloat(v float64) string {
	switch abs := math.Abs(v); {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 0):
		return strings.TrimPrefix(strings.ToLower(strconv.FormatFloat(v, 'f', -1, 64)), "+")
	case abs != 0 && (abs < 1e-4 || abs >= 1e16):
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// typeText is a type as Python code writes it, with the last part of names
// alone. The frame may be nil.
func typeText(f *pyeval.Frame, t pyeval.Value) string {
	if f != nil {
		t = f.Resolve(t)
	}
	list := func(values []pyeval.Value) string {
		texts := make([]string, len(values))
		for i, value := range values {
			texts[i] = typeText(f, value)
		}
		return strings.Join(texts, ", ")
	}
	switch t := t.(type) {
	case pyeval.None:
		return "None"
	case pyeval.Str:
		return strconv.Quote(string(t))
	case pyeval.Ellipsis:
		return "..."
	case *pyeval.Native:
		return afterDot(t.Name)
	case *pyeval.Class:
		return t.Name
	case *pyeval.NamedTuple:
		return t.Name
	case *pyeval.NewType:
		return t.Name
	case *pyeval.TypeVar:
		return t.Name
	case *pyeval.TypeAliasValue:
		return t.Name
	case *pyeval.ForwardRef:
		return t.Text
	case *pyeval.Alias:
		spelled := t.Origin
		if t.Spelled != nil {
			spelled = t.Spelled
		}
		return typeText(f, spelled) + "[" + list(t.Args) + "]"
	case *pyeval.Union:
		if len(t.Args) == 2 && isOptional(t) {
			for _, arg := range t.Args {
				if _, none := arg.(pyeval.None); !none {
					return "Optional[" + typeText(f, arg) + "]"
				}
			}
		}
		return "Union[" + list(t.Args) + "]"
	case *pyeval.List:
		return "[" + list(t.Elems) + "]"
	case *pyeval.Tuple:
		return "(" + list(t.Elems) + ")"
	}
	if text, ok := printed(t); ok {
		return text
	}
	return ""
}
