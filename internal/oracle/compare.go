package oracle

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/model/listing"
)

// Verdict says how an answer of the model differs from flytekit's.
type Verdict string

// The verdicts, from bad to harmless.
const (
	// Missing is an entity of flytekit's that the model didn't find.
	Missing Verdict = "missing"
	// Invented is an entity of the model's that flytekit doesn't have.
	Invented Verdict = "invented"
	// Wrong is a field with another value than flytekit's.
	Wrong Verdict = "wrong"
	// Unknown is a field that the model doesn't tell, with a reason.
	Unknown Verdict = "unknown"
)

// Difference is one difference between the model's and flytekit's answer.
type Difference struct {
	Verdict Verdict
	File    string
	Line    int
	Entity  string
	// Field is the path of what differs, `inputs.a.type.simple` for example,
	// and empty for a whole entity.
	Field string
	// Got and Want are what the model and flytekit say, shortened. Got is the
	// reason for a field that is unknown.
	Got, Want string
}

// String is a line for people, which starts with file:line.
func (d Difference) String() string {
	head := fmt.Sprintf("%s:%d: %s: %s", d.File, d.Line, d.Entity, d.Verdict)
	switch d.Verdict {
	case Missing, Invented:
		return head
	case Unknown:
		return fmt.Sprintf("%s %s: %s (flytekit: %s)", head, d.Field, d.Got, d.Want)
	default:
		return fmt.Sprintf("%s %s: got %s, flytekit has %s", head, d.Field, d.Got, d.Want)
	}
}

var (
	variable = regexp.MustCompile(`^(inputs|outputs)\.[^.]+`)
	position = regexp.MustCompile(`\[\d+\]`)
)

// Cause is what differences of one origin have in common: the verdict and the
// field without the names of variables, for what is unknown the reason too.
func (d Difference) Cause() string {
	field := position.ReplaceAllString(variable.ReplaceAllString(d.Field, "$1.*"), "[]")
	switch d.Verdict {
	case Unknown:
		return fmt.Sprintf("%s %s: %s", d.Verdict, field, d.Got)
	case Wrong:
		return fmt.Sprintf("%s %s", d.Verdict, field)
	default:
		return string(d.Verdict)
	}
}

// Compare compares the model's entities of one file with flytekit's, field by
// field. The Python types aren't compared: flytekit doesn't keep them as
// written.
func Compare(got []listing.Entity, want []Entity) []Difference {
	var all []Difference
	pairs, invented := match(got, want)
	for i, wanted := range want {
		if pairs[i] == nil {
			all = append(all, whole(Missing, wanted.Entity))
			continue
		}
		c := comparison{got: *pairs[i], want: wanted}
		c.entity()
		all = append(all, c.differences...)
	}
	for _, entity := range invented {
		all = append(all, whole(Invented, entity))
	}
	return all
}

func whole(verdict Verdict, entity listing.Entity) Difference {
	return Difference{Verdict: verdict, File: entity.File, Line: entity.Line, Entity: called(entity)}
}

// called is what people call an entity.
func called(entity listing.Entity) string {
	if entity.Name == "" {
		return fmt.Sprintf("%s %q", entity.Kind, entity.FullName)
	}
	return fmt.Sprintf("%s %s", entity.Kind, entity.Name)
}

// match finds for each wanted entity the one that was got: by its name, else by
// what it is registered under, else by its line. What is left of got comes second.
func match(got []listing.Entity, want []Entity) ([]*listing.Entity, []listing.Entity) {
	pairs := make([]*listing.Entity, len(want))
	left := slices.Clone(got)
	for _, same := range []func(a, b listing.Entity) bool{
		func(a, b listing.Entity) bool { return a.Name != "" && a.Name == b.Name },
		func(a, b listing.Entity) bool {
			return a.Name == "" && b.Name == "" && a.Kind == b.Kind && a.FullName == b.FullName
		},
		func(a, b listing.Entity) bool { return a.Kind == b.Kind && a.FullName == b.FullName },
		func(a, b listing.Entity) bool { return a.Kind == b.Kind && a.Line == b.Line },
	} {
		for i := range want {
			if pairs[i] != nil {
				continue
			}
			found := slices.IndexFunc(left, func(entity listing.Entity) bool { return same(entity, want[i].Entity) })
			if found >= 0 {
				entity := left[found]
				pairs[i] = &entity
				left = slices.Delete(left, found, found+1)
			}
		}
	}
	return pairs, left
}

// comparison gathers the differences of one entity.
type comparison struct {
	got         listing.Entity
	want        Entity
	differences []Difference
}

func (c *comparison) add(verdict Verdict, field, got, want string) {
	difference := whole(verdict, c.want.Entity)
	difference.Field, difference.Got, difference.Want = field, short(got), short(want)
	c.differences = append(c.differences, difference)
}

// text compares a field that is unknown where it is empty and a reason is given.
func (c *comparison) text(field, got, want string) {
	switch {
	case got == want:
	case got == "" && c.got.Reason != "":
		c.add(Unknown, field, c.got.Reason, fmt.Sprintf("%q", want))
	default:
		c.add(Wrong, field, fmt.Sprintf("%q", got), fmt.Sprintf("%q", want))
	}
}

func (c *comparison) entity() {
	got, want := c.got, c.want
	if got.Line != want.Line {
		c.add(Wrong, "line", fmt.Sprint(got.Line), fmt.Sprint(want.Line))
	}
	if got.Name != want.Name {
		c.add(Wrong, "name", fmt.Sprintf("%q", got.Name), fmt.Sprintf("%q", want.Name))
	}
	c.text("full_name", got.FullName, want.FullName)
	c.text("kind", string(got.Kind), string(want.Kind))
	c.text("class", got.Class, want.Class)
	// flytekit tells no arguments for a task that it couldn't load again.
	if len(want.Loader) > 0 {
		c.text("loader", strings.Join(got.Loader, " "), strings.Join(want.Loader, " "))
	}
	if want.Error != "" {
		return
	}
	if got.Reason != "" && len(got.Inputs)+len(got.Outputs) == 0 && len(want.Inputs)+len(want.Outputs) > 0 {
		c.add(Unknown, "interface", got.Reason, fmt.Sprintf("%d inputs, %d outputs", len(want.Inputs), len(want.Outputs)))
		return
	}
	c.variables("inputs", got.Inputs, want.Inputs)
	c.variables("outputs", outputs(got), outputs(want.Entity))
}

// outputs are the outputs of an entity as inputs that have no default.
func outputs(entity listing.Entity) []listing.Input {
	var all []listing.Input
	for _, output := range entity.Outputs {
		all = append(all, listing.Input{Name: output.Name, Type: output.Type, Reason: output.Reason})
	}
	return all
}

func (c *comparison) variables(side string, got, want []listing.Input) {
	if g, w := names(got), names(want); !slices.Equal(g, w) {
		c.add(Wrong, side, "("+strings.Join(g, ", ")+")", "("+strings.Join(w, ", ")+")")
	}
	for _, wanted := range want {
		i := slices.IndexFunc(got, func(variable listing.Input) bool { return variable.Name == wanted.Name })
		if i < 0 {
			continue
		}
		path := side + "." + wanted.Name
		c.value(path+".type", &core.LiteralType{}, &core.LiteralType{}, got[i].Type, wanted.Type, got[i].Reason)
		c.value(path+".default", &core.Literal{}, &core.Literal{}, got[i].Default, wanted.Default, got[i].Reason)
		// Whether an input without a default is required follows from its type.
		if got[i].Required != wanted.Required && (!null(got[i].Type) || got[i].Reason == "") {
			c.add(Wrong, path+".required", fmt.Sprint(got[i].Required), fmt.Sprint(wanted.Required))
		}
	}
}

func names(variables []listing.Input) []string {
	var all []string
	for _, variable := range variables {
		all = append(all, variable.Name)
	}
	return all
}

// value compares two messages in proto JSON, which g and w are to read into.
func (c *comparison) value(field string, g, w proto.Message, got, want json.RawMessage, reason string) {
	switch {
	case null(got) && null(want):
		return
	case null(got) && reason != "":
		c.add(Unknown, field, reason, string(want))
		return
	case null(got) || null(want):
		c.add(Wrong, field, string(got), string(want))
		return
	}
	if err := protojson.Unmarshal(want, w); err != nil {
		c.add(Wrong, field, string(got), fmt.Sprintf("%s, which can't be read: %v", want, err))
		return
	}
	if err := protojson.Unmarshal(got, g); err != nil {
		c.add(Wrong, field, fmt.Sprintf("%s, which can't be read: %v", got, err), string(want))
		return
	}
	settle(g)
	settle(w)
	if proto.Equal(g, w) {
		return
	}
	path, a, b := firstDifference(field, canonical(g), canonical(w))
	c.add(Wrong, path, a, b)
}

func null(value json.RawMessage) bool { return len(value) == 0 || string(value) == "null" }
