package inputs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/pyyaml"
)

// given checks the value of an input. pyflyte hands a text over as it is, a bool
// as a switch, and all else as JSON, to click's converter of the type
// (YamlFileReadingCommand.parse_args).
func (c *checker) given(t *Type, n *pyyaml.Node) []Problem {
	switch n.Kind {
	case pyyaml.Other:
		return nil // whatever the tag says
	case pyyaml.Null:
		if t.optional() {
			return []Problem{{
				Span: n.Span, Severity: analysis.Hint, Code: CodeValue,
				Message: "pyflyte run takes null for a text: leave the input out there",
			}}
		}
		if t.Kind == Any {
			return nil
		}
		return c.isNot(t, n)
	case pyyaml.Bool:
		return c.switched(t, n)
	case pyyaml.List, pyyaml.Map:
		return c.structured(t, n)
	}
	return c.argument(t, n, argumentOf(n))
}

// argumentOf is a scalar as an argument of the command line.
func argumentOf(n *pyyaml.Node) string {
	if n.Kind == pyyaml.Int || n.Kind == pyyaml.Float {
		if text, err := json.Marshal(n.Scalar); err == nil {
			return string(text)
		}
		return strings.TrimPrefix(strings.ToLower(n.Text), ".") // inf and nan
	}
	return n.Text
}

// switched checks true and false: a switch without a value for pyflyte.
func (c *checker) switched(t *Type, n *pyyaml.Node) []Problem {
	quote := Fix{Title: "Quote it", Edits: []Edit{{n.Span, strconv.Quote(n.Text)}}}
	if t.Kind == Bool || t.Kind == Any && t.Literal == nil {
		return nil
	}
	for _, one := range t.alternatives() {
		switch one.Kind {
		case Bool, Int, Float, Any:
			return []Problem{c.warn(n, "pyflyte run takes true and false only for a bool, and this is "+t.Text)}
		case Str:
			return []Problem{c.warn(n, "pyflyte run takes true and false only for a bool: quote it", quote)}
		}
	}
	return c.isNot(t, n)
}

// argument checks a text that click converts.
func (c *checker) argument(t *Type, n *pyyaml.Node, text string) []Problem {
	fits := true
	switch t.Kind {
	case None:
		fits = false
	case Int:
		fits = intText.MatchString(text)
	case Float:
		fits = floatText.MatchString(text)
	case Bool:
		if boolText.MatchString(text) {
			value := strconv.FormatBool(trueText.MatchString(text))
			return []Problem{c.warn(n, "pyflyte run takes only true or false", Fix{Title: "Change to " + value, Edits: []Edit{{n.Span, value}}})}
		}
		fits = false
	case Datetime, Date:
		switch read := readDate(text); {
		case read == ourDate && n.Kind == pyyaml.Text:
			return []Problem{c.warn(n, "pyflyte run takes no zone and no fraction of a second with a T between: put a space there")}
		case read == noDate:
			fits = false
		}
	case Duration:
		fits = isDuration(text)
	case Enum:
		fits = slices.Contains(t.Values, text)
	case File, Directory:
		return c.path(t, n, text)
	case List, Dict, Object:
		return c.json(t, n, text)
	case Union:
		return c.either(t, n, func(t *Type) []Problem {
			if (t.Kind == Datetime || t.Kind == Date) && readDate(text) == ourDate {
				return c.isNot(t, n) // flyte-lsp takes it only where the type is no union
			}
			return c.argument(t, n, text)
		})
	}
	if !fits {
		return c.isNot(t, n)
	}
	return nil
}

// json checks a text that is JSON, or the path of a JSON or YAML file.
func (c *checker) json(t *Type, n *pyyaml.Node, text string) []Problem {
	if n.Kind == pyyaml.Int || n.Kind == pyyaml.Float {
		return c.isNot(t, n)
	}
	if json.Valid([]byte(text)) {
		inner, err := pyyaml.Parse(parser.NewSource([]byte(text)))
		if err != nil || inner == nil {
			return nil
		}
		if inner.Kind != pyyaml.List && inner.Kind != pyyaml.Map {
			return c.isNot(t, n)
		}
		problems := c.structured(t, inner)
		for i := range problems {
			problems[i].Span, problems[i].Fixes = n.Span, nil
		}
		return problems
	}
	if info, err := os.Stat(c.absolute(text)); err == nil && info.Mode().IsRegular() {
		return nil // what stands in it isn't looked at
	}
	return c.isNot(t, n)
}

func (c *checker) absolute(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.subject.Folder, path)
}

// path checks a path of this machine; one with a protocol isn't looked at.
func (c *checker) path(t *Type, n *pyyaml.Node, text string) []Problem {
	if strings.Contains(text, "://") || strings.Contains(text, "::") {
		return nil
	}
	what := "file"
	if t.Kind == Directory {
		what = "folder"
	}
	warn := func(format string, args ...any) []Problem {
		return []Problem{{Span: n.Span, Severity: analysis.Warning, Code: CodePath, Message: fmt.Sprintf(format, args...)}}
	}
	info, err := os.Stat(c.absolute(text))
	switch {
	case err != nil:
		return warn("there is no %s %s in %s", what, text, c.subject.Folder)
	case info.IsDir() != (t.Kind == Directory):
		return warn("%s is no %s", text, what)
	}
	return nil
}

// structured checks a list or a map that JsonParamType reads.
func (c *checker) structured(t *Type, n *pyyaml.Node) []Problem {
	switch {
	case t.Kind == Any || t.Kind == Dataset && n.Kind == pyyaml.Map:
		return nil
	case t.Kind == Str:
		return []Problem{c.warn(n, "this is taken for the text of its JSON")}
	case t.Kind == Union:
		return c.either(t, n, func(t *Type) []Problem { return c.structured(t, n) })
	case t.Kind == List && n.Kind == pyyaml.List, t.Kind == Dict && n.Kind == pyyaml.Map:
		if t.Of.holdsObject() {
			return c.parts(n, func(part *pyyaml.Node) []Problem { return c.converted(t.Of, part) })
		}
		return c.parts(n, func(part *pyyaml.Node) []Problem { return c.item(t.Of, part) })
	case t.Kind == Object && n.Kind == pyyaml.Map:
		return c.object(t, n)
	}
	return c.isNot(t, n)
}

func (c *checker) parts(n *pyyaml.Node, check func(*pyyaml.Node) []Problem) []Problem {
	var problems []Problem
	for _, item := range n.Items {
		problems = append(problems, check(item)...)
	}
	for _, entry := range n.Entries {
		problems = append(problems, check(entry.Value)...)
	}
	return problems
}

// holdsObject is JsonParamType's has_nested_dataclass.
func (t *Type) holdsObject() bool {
	return t.Kind == Object || t.Of != nil && t.Of.holdsObject() || slices.ContainsFunc(t.Variants, (*Type).holdsObject)
}

// converted checks a part of a list or dict that has dataclasses in it: it is read
// as an input of its own would be.
func (c *checker) converted(t *Type, n *pyyaml.Node) []Problem {
	switch {
	case t.Kind == Union || n.Kind == pyyaml.Other:
		return nil // which variant dataclasses_json takes isn't known
	case n.Kind == pyyaml.List || n.Kind == pyyaml.Map:
		return c.structured(t, n)
	case n.Kind == pyyaml.Text:
		return c.json(t, n, n.Text)
	}
	return c.isNot(t, n)
}

// item checks a part of a list or dict, which TypeEngine.to_literal takes without
// any conversion (core/type_engine.py:SimpleTransformer.to_literal).
func (c *checker) item(t *Type, n *pyyaml.Node) []Problem {
	if n.Kind == pyyaml.Other {
		return nil
	}
	fits := true
	switch t.Kind {
	case None:
		fits = n.Kind == pyyaml.Null
	case Int:
		fits = n.Kind == pyyaml.Int
	case Float:
		if n.Kind == pyyaml.Int {
			return []Problem{c.fails(n, "within a list or dict flytekit takes no int for a float", Fix{
				Title: "Change to " + n.Text + ".0", Edits: []Edit{{n.Span, n.Text + ".0"}},
			})}
		}
		fits = n.Kind == pyyaml.Float
	case Str:
		if n.Kind == pyyaml.Int || n.Kind == pyyaml.Float || n.Kind == pyyaml.Bool {
			problems := c.isNot(t, n)
			problems[0].Fixes = []Fix{{Title: "Quote it", Edits: []Edit{{n.Span, strconv.Quote(n.Text)}}}}
			return problems
		}
		fits = n.Kind == pyyaml.Text || n.Kind == pyyaml.Time
	case Bool:
		fits = n.Kind == pyyaml.Bool
	case Datetime, Date, Duration:
		return []Problem{c.fails(n, fmt.Sprintf("flytekit reads no %s within a list or dict: there is no way to write one there", t.Text))}
	case Enum:
		fits = n.Kind == pyyaml.Text && slices.Contains(t.Values, n.Text)
	case List:
		if n.Kind == pyyaml.List {
			return c.parts(n, func(part *pyyaml.Node) []Problem { return c.item(t.Of, part) })
		}
		fits = false
	case Dict:
		if n.Kind == pyyaml.Map {
			return c.parts(n, func(part *pyyaml.Node) []Problem { return c.item(t.Of, part) })
		}
		fits = false
	case Union:
		return c.either(t, n, func(t *Type) []Problem { return c.item(t, n) })
	case File, Directory:
		if n.Kind == pyyaml.Text {
			return c.path(t, n, n.Text)
		}
		fits = false
	}
	if !fits {
		return c.isNot(t, n)
	}
	return nil
}

// either checks a value against the variants of a union: it is one of them, or
// what is wrong is told of the one that it looks like.
func (c *checker) either(t *Type, n *pyyaml.Node, check func(*Type) []Problem) []Problem {
	isError := func(p Problem) bool { return p.Severity == analysis.Error }
	var warned []Problem
	found := false
	for _, variant := range t.alternatives() {
		problems := check(variant)
		if len(problems) == 0 {
			return nil
		}
		if !found && !slices.ContainsFunc(problems, isError) {
			warned, found = problems, true
		}
	}
	if found {
		return warned
	}
	var like *Type
	switch n.Kind {
	case pyyaml.List:
		like = t.only(List)
	case pyyaml.Map:
		like = t.only(Dict, Object)
	default:
		like = t.only(Enum)
	}
	if like != nil {
		return check(like)
	}
	return c.isNot(t, n)
}
