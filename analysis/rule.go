package analysis

import (
	"cmp"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/editing/edits"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Severity is a diagnostic's severity, numbered as in the LSP.
type Severity int

// The severities. An Error certainly fails, a Warning may or surprises, a Hint
// could be better. Off is what a user may choose for a rule that is to say
// nothing.
const (
	Off     Severity = 0
	Error   Severity = 1
	Warning Severity = 2
	Hint    Severity = 4
)

// Stage is the moment at which a mistake comes to light without us.
type Stage string

// The stages, in their order.
const (
	AtImport   Stage = "import"   // Python imports the module
	AtRegister Stage = "register" // flytekit compiles and serializes an entity, or calls it locally
	AtBackend  Stage = "backend"  // flyteadmin checks what is registered
	AtRun      Stage = "run"      // it runs, locally too
	OnCluster  Stage = "cluster"  // a container runs it; locally it works
	NeverFails Stage = "never"    // it does what one doesn't expect, and nothing tells
)

// A Rule finds one kind of mistake.
type Rule struct {
	// Code is stable over releases.
	Code string
	// Summary says in one sentence what is wrong.
	Summary string
	// Details tell, as Markdown, what flytekit or the backend makes of it, and
	// what to write instead.
	Details string
	// Severity is that of its findings, unless one says otherwise.
	Severity Severity
	Stage    Stage
	// Source is what rejects it: flytekit's file and function, below
	// flytekit/core where no other folder is named, or the backend's package.
	Source string
	// Backend is the code of the backend's workflow compiler, where that rejects
	// it: "MismatchingTypes".
	Backend string
	// OfModules: it speaks of what follows from a module being imported, by a
	// container or with others, and finds nothing in notebooks: there IPython runs
	// the cells, and flytekit ships what they made.
	OfModules bool
	// Unnecessary and Deprecated are the tags of its findings.
	Unnecessary, Deprecated bool
	// Bad is a module in which it finds what stands between « and », and nothing
	// else is found; Good one in which nothing is found. Fixed is what its first
	// fixes make of Bad, "" where it has none; it stands for Good where there is
	// none.
	Bad, Good, Fixed string

	check func(*pass)
}

// Rules are all rules, in the order of their codes.
var Rules []*Rule

// register adds a rule to Rules.
func register(rule *Rule) *Rule {
	i, _ := slices.BinarySearchFunc(Rules, rule.Code, func(r *Rule, code string) int { return cmp.Compare(r.Code, code) })
	Rules = slices.Insert(Rules, i, rule)
	return rule
}

// RuleOf is the rule of a code, nil if there is none.
func RuleOf(code string) *Rule {
	i, found := slices.BinarySearchFunc(Rules, code, func(r *Rule, code string) int { return cmp.Compare(r.Code, code) })
	if !found {
		return nil
	}
	return Rules[i]
}

// Diagnostic is one finding in a file.
type Diagnostic struct {
	Rule     *Rule
	Severity Severity
	Span     parser.Span
	Message  string
	Related  []Related
	// Fixes are ways to mend it, the best first.
	Fixes []Fix
}

// Related is another place that a finding has to do with.
type Related struct {
	File    *workspace.File
	Span    parser.Span
	Message string
}

// Fix is a way to mend what is found.
type Fix struct {
	// Title says what it does: "Add cache_version".
	Title string
	Edits []Edit
	// Safe: the file does what its author meant, without a decision of hers.
	// Such fixes are made on save, for a whole file at once.
	Safe bool
}

// Edit replaces a span of a file.
type Edit = edits.Edit
