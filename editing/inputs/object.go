package inputs

import (
	"fmt"
	"math"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/parser/pyyaml"
)

// object checks the fields of a dataclass. dataclasses_json makes the object, which
// takes most values as they are; the task then gets what mashumaro reads of it,
// which converts with int, float and str.
func (c *checker) object(t *Type, n *pyyaml.Node) []Problem {
	var problems []Problem
	given := map[string]bool{}
	for _, entry := range n.Entries {
		given[entry.Key.Text] = true
	}
	for _, entry := range n.Entries {
		field := t.Field(entry.Key.Text)
		switch {
		case field != nil && t.Exact:
			problems = append(problems, c.field(field.Type, entry.Value)...)
		case field == nil && t.Exact:
			problems = append(problems, c.unknownField(t, entry, given))
		}
	}
	var missing []string
	for _, field := range t.Fields {
		if field.Needed && !given[field.Name] {
			missing = append(missing, field.Name)
		}
	}
	if len(missing) > 0 && t.Exact {
		problem := c.fails(n, fmt.Sprintf("%s needs %s", t.Text, list(missing)))
		problem.Code = CodeMissing
		if len(n.Entries) > 0 {
			problem.Span = n.Entries[0].Key.Span
		}
		problems = append(problems, problem)
	}
	return problems
}

func (c *checker) unknownField(t *Type, entry pyyaml.Entry, given map[string]bool) Problem {
	problem := Problem{
		Span: entry.Key.Span, Severity: analysis.Warning, Code: CodeUnknown,
		Message: fmt.Sprintf("%s has no field %s: flytekit leaves it out", t.Text, entry.Key.Text),
	}
	var free []string
	for _, field := range t.Fields {
		if !given[field.Name] {
			free = append(free, field.Name)
		}
	}
	if meant := nearest(entry.Key.Text, free); meant != "" {
		problem.Fixes = []Fix{{Title: "Rename to " + meant, Edits: []Edit{{entry.Key.Span, pyyaml.Quote(meant)}}}}
	}
	return problem
}

// field checks the value of a dataclass's field.
func (c *checker) field(t *Type, n *pyyaml.Node) []Problem {
	collection := n.Kind == pyyaml.List || n.Kind == pyyaml.Map
	switch t.Kind {
	case Any, Date, Duration, File, Directory, Dataset, None:
		return nil
	case Union:
		return c.optionalField(t, n)
	}
	if n.Kind == pyyaml.Other {
		return nil
	}
	switch t.Kind {
	case Int:
		switch {
		case n.Kind == pyyaml.Int:
			return nil
		case n.Kind == pyyaml.Bool, n.Kind == pyyaml.Float && isFinite(n.Scalar), n.Kind == pyyaml.Text && intText.MatchString(n.Text):
			return c.converts(t, n)
		}
	case Float:
		switch {
		case n.Kind == pyyaml.Int, n.Kind == pyyaml.Float:
			return nil
		case n.Kind == pyyaml.Bool, n.Kind == pyyaml.Text && floatText.MatchString(n.Text):
			return c.converts(t, n)
		}
	case Str:
		if n.Kind == pyyaml.Text || n.Kind == pyyaml.Time {
			return nil
		}
		return c.converts(t, n)
	case Bool:
		if n.Kind == pyyaml.Bool {
			return nil
		}
		return c.converts(t, n)
	case Enum:
		if n.Kind == pyyaml.Text && slices.Contains(t.Values, n.Text) {
			return nil
		}
	case List:
		switch {
		case n.Kind == pyyaml.List:
			return c.parts(n, func(part *pyyaml.Node) []Problem { return c.field(t.Of, part) })
		case (n.Kind == pyyaml.Text || n.Kind == pyyaml.Map) && !t.Of.holdsObject():
			return c.converts(t, n)
		}
	case Dict:
		if n.Kind == pyyaml.Map {
			return c.parts(n, func(part *pyyaml.Node) []Problem { return c.field(t.Of, part) })
		}
	case Object:
		if n.Kind == pyyaml.Map {
			return c.object(t, n)
		}
	case Datetime:
		return c.moment(t, n, collection)
	}
	return c.isNot(t, n)
}

// moment checks a datetime in a dataclass: dataclasses_json takes seconds since
// 1970 only, a class with a mixin of mashumaro's reads texts itself.
func (c *checker) moment(t *Type, n *pyyaml.Node, collection bool) []Problem {
	switch {
	case n.Kind == pyyaml.Int || n.Kind == pyyaml.Float || n.Kind == pyyaml.Null:
		return nil
	case collection || n.Kind == pyyaml.Text && readDate(n.Text) == noDate:
		return c.isNot(t, n)
	}
	return nil
}

func isFinite(scalar any) bool {
	value, ok := scalar.(float64)
	return ok && !math.IsInf(value, 0) && !math.IsNaN(value)
}

// optionalField checks a field that may be null. Of other unions flytekit takes the
// first variant that fits in its own way, which isn't looked at.
func (c *checker) optionalField(t *Type, n *pyyaml.Node) []Problem {
	if !t.optional() || len(t.alternatives()) != 2 || n.Kind == pyyaml.Null {
		return nil
	}
	for _, variant := range t.alternatives() {
		if variant.Kind != None {
			return c.field(variant, n)
		}
	}
	return nil
}

// converts is the warning that flytekit takes a value for something else.
func (c *checker) converts(t *Type, n *pyyaml.Node) []Problem {
	return []Problem{c.warn(n, fmt.Sprintf("want %s: flytekit takes this by Python's %s(...) of %s", wanted(t), converter(t), c.shown(n)))}
}

func converter(t *Type) string {
	switch t.Kind {
	case Int:
		return "int"
	case Float:
		return "float"
	case Str:
		return "str"
	case Bool:
		return "bool"
	}
	return "list"
}
