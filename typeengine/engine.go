// Package typeengine tells the Flyte types and literals that flytekit's
// TypeEngine (core/type_engine.py) makes of Python's, from what pyeval knows of
// them: exactly the same, or unknown with a reason.
//
// It goes the way of flytekit: find the type transformer of a Python type
// (transformer.go), have it make the type. Types of which flytekit and other
// libraries know more than their source tells are named as pyeval names
// natives: flytekit's by the module that defines them
// ("flytekit.types.file.file.FlyteFile"), others by the name that programs
// import ("pandas.DataFrame").
package typeengine

import (
	"fmt"
	"slices"
	"sync"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// UnknownError says why a type or a literal can't be told from the source. It
// is no mistake of the user's.
type UnknownError struct{ Reason string }

func (e *UnknownError) Error() string { return e.Reason }

// RejectedError is what flytekit would reject, with flytekit's words.
type RejectedError struct {
	Message string
	// Code is the kind of mistake, as package analysis calls its rule:
	// "constant-type". "" of what no rule tells of a value.
	Code string
	// Of is the type that is rejected, the one asked for or one in it; nil of a
	// value.
	Of pyeval.Value
}

func (e *RejectedError) Error() string { return e.Message }

func unknown(format string, args ...any) error {
	return &UnknownError{Reason: fmt.Sprintf(format, args...)}
}

func rejected(format string, args ...any) error {
	return &RejectedError{Message: fmt.Sprintf(format, args...)}
}

// rejectedType is what flytekit says of a type that it rejects, with the code of
// the mistake.
func rejectedType(code string, of pyeval.Value, format string, args ...any) error {
	return &RejectedError{Message: fmt.Sprintf(format, args...), Code: code, Of: of}
}

// rejectedAs is what flytekit rejects of a value, with the code of its rule.
func rejectedAs(code, format string, args ...any) error {
	return &RejectedError{Message: fmt.Sprintf(format, args...), Code: code}
}

// Engine makes Flyte types and literals. It is safe for concurrent use, and the
// zero value is ready: it reckons with what users of flytekit commonly have
// installed (Assumed tells). It remembers what it made of each class, so it
// should live as long as the program whose values it is given, and no longer.
type Engine struct {
	// Installed tells whether an import package is in the interpreter's
	// site-packages; known is false if there is no interpreter to ask.
	Installed func(pkg string) (installed, known bool)
	// Version is the installed version of a distribution, "" if it isn't known.
	Version func(distribution string) string
	// Python is the version of Python that is reckoned with, {3, 11} if zero.
	Python [2]int

	classes sync.Map // *pyeval.Class to *answer
}

// answer is what was made of a class.
type answer struct {
	literalType *core.LiteralType
	err         error
	assumed     []string
}

// maxDepth ends types that are nested without end.
const maxDepth = 60

// conversion is one question to an engine.
type conversion struct {
	*Engine
	frame *pyeval.Frame
	// assumed are the facts about the installation that were taken.
	assumed []string
	// building are the dataclasses and models that are being looked into.
	building []*pyeval.Class
	// met is set when one of them was met again: what is made then is true in
	// its place only.
	met   bool
	depth int
}

// LiteralType is the LiteralType of a Python type (TypeEngine.to_literal_type),
// with an *UnknownError or a *RejectedError where there is none. The frame is
// used to look into classes. The message is shared: callers must not change it.
func (e *Engine) LiteralType(f *pyeval.Frame, t pyeval.Value) (*core.LiteralType, error) {
	literalType, _, err := e.Explain(f, t)
	return literalType, err
}

// Explain is LiteralType with the facts about the installation that were taken
// because there is no interpreter to ask, e.g. "pandas is installed". None for
// most types.
func (e *Engine) Explain(f *pyeval.Frame, t pyeval.Value) (*core.LiteralType, []string, error) {
	if simple := Simple(t); simple != nil {
		return simple, nil, nil
	}
	c := &conversion{Engine: e, frame: f}
	literalType, err := c.literalType(t)
	return literalType, c.assumed, err
}

// assume notes a fact that is taken.
func (c *conversion) assume(fact string) {
	if !slices.Contains(c.assumed, fact) {
		c.assumed = append(c.assumed, fact)
	}
}

// installed tells whether a package is there, and takes the common case where
// there is no interpreter to ask.
func (c *conversion) installed(pkg string, commonly bool) bool {
	if c.Installed != nil {
		if installed, known := c.Installed(pkg); known {
			return installed
		}
	}
	if commonly {
		c.assume(pkg + " is installed")
	} else {
		c.assume(pkg + " isn't installed")
	}
	return commonly
}

// since tells whether a distribution has at least a version. Where it isn't
// known, the newest is taken.
func (c *conversion) since(distribution string, major, minor int) bool {
	version := ""
	if c.Version != nil {
		version = c.Version(distribution)
	}
	var have [2]int
	if n, _ := fmt.Sscanf(version, "%d.%d", &have[0], &have[1]); n < 2 {
		c.assume(fmt.Sprintf("%s is %d.%d or newer", distribution, major, minor))
		return true
	}
	return have[0] > major || have[0] == major && have[1] >= minor
}

func (c *conversion) python() [2]int {
	if c.Python == [2]int{} {
		return [2]int{3, 11}
	}
	return c.Python
}

// literalType is TypeEngine.to_literal_type.
func (c *conversion) literalType(t pyeval.Value) (*core.LiteralType, error) {
	t = c.resolve(t)
	class, ok := t.(*pyeval.Class)
	if !ok {
		return c.convert(t)
	}
	if known, ok := c.classes.Load(class); ok {
		answer := known.(*answer)
		for _, fact := range answer.assumed {
			c.assume(fact)
		}
		return answer.literalType, answer.err
	}
	inner := &conversion{Engine: c.Engine, frame: c.frame, building: c.building, depth: c.depth}
	literalType, err := inner.convert(class)
	for _, fact := range inner.assumed {
		c.assume(fact)
	}
	if inner.met && len(c.building) > 0 {
		c.met = true
	} else {
		c.classes.Store(class, &answer{literalType, err, inner.assumed})
	}
	return literalType, err
}

func (c *conversion) convert(t pyeval.Value) (*core.LiteralType, error) {
	if c.depth++; c.depth > maxDepth {
		return nil, unknown("the type is nested too deeply")
	}
	defer func() { c.depth-- }()
	tr, err := c.transformer(t)
	if err != nil {
		return nil, err
	}
	literalType, err := tr.literalType(c, t)
	if err != nil {
		return nil, err
	}
	return c.annotate(literalType, t)
}
