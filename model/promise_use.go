package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// misuse is what a function of Python does with an argument.
type misuse struct {
	// code is that of a promise that is given to the function itself, within that
	// of one in a list or dict that is given; "" where Python takes it.
	code, within string
}

// misuses are the functions that need a value where a promise has none.
var misuses = map[string]misuse{}

func init() {
	for functions, m := range map[string]misuse{
		"builtins.bool":               {"promise-truth", ""},
		"builtins.any builtins.all":   {"promise-iterate", "promise-truth"},
		"builtins.len builtins.range": {"promise-len-range", ""},
		"builtins.list builtins.tuple builtins.set builtins.frozenset builtins.reversed builtins.enumerate builtins.zip builtins.iter " +
			"builtins.sum builtins.map builtins.filter builtins.dict builtins.next builtins.bytes collections.deque collections.Counter " +
			"itertools.chain itertools.product itertools.cycle itertools.islice itertools.accumulate itertools.combinations itertools.permutations " +
			"list.extend set.update set.union set.intersection set.difference dict.update": {"promise-iterate", ""},
		"builtins.sorted str.join":  {"promise-iterate", "promise-convert"},
		"builtins.max builtins.min": {"promise-iterate", "promise-convert"},
		"builtins.int builtins.float builtins.complex builtins.round builtins.abs builtins.divmod builtins.pow builtins.chr builtins.ord " +
			"builtins.hex builtins.bin builtins.oct builtins.open os.path.join os.path.exists os.path.basename os.path.dirname " +
			"os.path.isfile os.path.isdir os.path.abspath os.path.splitext os.listdir os.makedirs pathlib.Path pathlib.PurePath " +
			"math.sqrt math.floor math.ceil math.log math.log2 math.log10 math.exp math.pow math.sin math.cos math.isnan math.fabs " +
			"datetime.timedelta datetime.datetime datetime.date json.loads list.pop list.insert str.startswith str.endswith str.replace " +
			"str.split str.find str.count str.strip str.removeprefix str.removesuffix": {"promise-convert", ""},
		"json.dumps": {"promise-convert", "promise-convert"},
		"builtins.str builtins.repr builtins.ascii builtins.print builtins.format": {"promise-to-text", "promise-to-text"},
		"builtins.isinstance": {"promise-is-none", ""},
		pyeval.AsIdentity:     {"promise-is-none", ""},
		pyeval.AsElement:      {"promise-truth", ""},
		pyeval.AsText:         {"promise-to-text", ""},
		pyeval.AsFormatted:    {"promise-to-text", ""},
		pyeval.AsIndex:        {"promise-convert", ""},
		pyeval.AsMapping:      {"promise-iterate", ""},
	} {
		for function := range strings.FieldsSeq(functions) {
			misuses[function] = m
		}
	}
}

// firstOnly are the functions that iterate over, or look at, their first argument
// only.
var firstOnly = map[string]bool{
	"builtins.sum": true, "builtins.next": true, "builtins.iter": true, "builtins.enumerate": true, "builtins.isinstance": true,
	"builtins.sorted": true, "list.insert": true, "itertools.accumulate": true,
}

// misused is the code of a use, "" if Python takes it.
func misused(use pyeval.Usage) string {
	m := misuses[use.How]
	switch {
	case use.At == nil:
		return "" // what asks is told elsewhere
	case use.Call == nil:
		return m.code
	case use.Within:
		return misusedWithin(use)
	}
	position := slices.IndexFunc(use.Call.Args, func(arg pyeval.Named) bool { return arg.Expr == use.At })
	switch use.How {
	case "builtins.max", "builtins.min":
		_, by := use.Call.Arg(-1, "key")
		switch {
		case position < 0 || by:
			return ""
		case len(use.Call.Args) > 1:
			return "promise-convert"
		}
	case "builtins.map", "builtins.filter":
		if position == 0 {
			return "" // it is the function
		}
	case "json.dumps":
		if position != 0 || converts(use.Call) {
			return ""
		}
	}
	if position < 0 && m.code == "promise-iterate" || position != 0 && firstOnly[use.How] {
		return ""
	}
	return m.code
}

// misusedWithin is the code of the use of an element of an argument.
func misusedWithin(use pyeval.Usage) string {
	code := misuses[use.How].within
	if code == "" || code == "promise-to-text" {
		return code
	}
	if len(use.Call.Args) == 0 || use.Call.Args[0].Expr != use.At {
		return ""
	}
	elements := 0
	switch container := use.Call.Args[0].Value.(type) {
	case *pyeval.List:
		elements = len(container.Elems)
	case *pyeval.Tuple:
		elements = len(container.Elems)
	}
	switch use.How {
	case "json.dumps":
		if converts(use.Call) {
			return ""
		}
	case "builtins.sorted", "builtins.max", "builtins.min":
		// They compare the elements with each other, if that isn't left to a key.
		if _, by := use.Call.Arg(-1, "key"); by || elements < 2 || len(use.Call.Args) > 1 {
			return ""
		}
	default:
		if elements == 0 {
			return "" // of a dict they look at the keys
		}
	}
	return code
}

// converts tells whether json.dumps is told what to make of other objects.
func converts(call *pyeval.Call) bool {
	_, by := call.Arg(-1, "default")
	_, class := call.Arg(-1, "cls")
	return by || class || call.Open
}

// doings say in a sentence what a use does, by its code.
var doings = map[string]string{
	"promise-truth":     "is neither true nor false",
	"promise-iterate":   "can't be iterated over or unpacked",
	"promise-len-range": "has no length and is no number",
	"promise-convert":   "is no value that Python could compute with",
}

// Used tells of a function or an operator that needs a value.
func (p *Promise) Used(f *pyeval.Frame, use pyeval.Usage) {
	code := misused(use)
	switch {
	case code == "" || !p.certain(f):
	case code == "promise-is-none":
		p.decided(f, use)
	case code == "promise-to-text":
		p.text(f, use.At, formatted(use))
	default:
		p.refuse(f, code, use.At, doings[code])
	}
}

// formatted tells whether a use wants another form than the text.
func formatted(use pyeval.Usage) bool {
	if use.How == "builtins.format" {
		spec, ok := use.Call.Value(1, "format_spec", pyeval.Str("")).(pyeval.Str)
		return ok && spec != ""
	}
	return use.How == pyeval.AsFormatted
}

// text tells of the text that is taken of a promise. A form that isn't that of
// any object is rejected (Python's object.__format__).
func (p *Promise) text(f *pyeval.Frame, at ast.Expr, formatted bool) {
	b, ok := f.Context.(*builder)
	if !ok || !b.compiles {
		return
	}
	remark := Remark{Span: span(at), Code: "promise-to-text", Related: p.comesFrom(f)}
	if formatted {
		remark.Rejects = true
		remark.Message = fmt.Sprintf("%s can't be formatted: %s", p.Describe(), b.notYet())
		b.reject(f, remark)
		return
	}
	remark.Message = fmt.Sprintf("the text of %s is Promise(...), and not its value: %s", p.Describe(), b.notYet())
	b.remark(f, remark)
}

// remark remarks what flytekit accepts.
func (b *builder) remark(f *pyeval.Frame, remark Remark) {
	remark.Module, remark.Certain = f.Module(), b.certainly(f)
	b.body.Remarks = addRemark(b.body.Remarks, remark)
}

// decided tells of a test whose answer has nothing to do with the value. In
// another function than the workflow's own it may tell promises from other
// arguments.
func (p *Promise) decided(f *pyeval.Frame, use pyeval.Usage) {
	b, ok := f.Context.(*builder)
	if !ok || !b.compiles || f.Function() == nil || b.body.Entity.Function == nil || f.Function().Def != b.body.Entity.Function.Def {
		return
	}
	at, what := use.At, "compares the promise itself"
	if use.How == "builtins.isinstance" {
		if types := use.Call.Value(1, "", nil); isFlytekits(types) {
			return
		}
		at, what = callExpr(use.Call), "looks at the type Promise"
	}
	b.remark(f, Remark{
		Span: span(at), Code: "promise-is-none", Related: p.comesFrom(f),
		Message: fmt.Sprintf("this %s, and its answer is the same whatever %s is: %s", what, p.Describe(), b.notYet()),
	})
}

// IsInstance tells what flytekit's class Promise derives from.
func (p *Promise) IsInstance(class pyeval.Value) (is, known bool) {
	switch class := class.(type) {
	case *pyeval.Class:
		return false, p.Var != ""
	case *pyeval.Native:
		if class.Name == "flytekit.core.promise.Promise" || class.Name == "builtins.object" {
			return p.Var != "", p.Var != ""
		}
		library, _, _ := strings.Cut(class.Name, ".")
		return false, p.Var != "" && class.Missing == "" && library != "collections" && library != "typing"
	}
	return false, false
}

// isFlytekits tells whether a type, or one of several, is a class of flytekit.
func isFlytekits(types pyeval.Value) bool {
	switch t := types.(type) {
	case *pyeval.Native:
		return strings.HasPrefix(t.Name, "flytekit.")
	case *pyeval.Tuple:
		return slices.ContainsFunc(t.Elems, isFlytekits)
	}
	return false
}

// notYet says why there is no value.
func (b *builder) notYet() string {
	if b.body.Entity.Kind == Dynamic {
		return "it has no value yet, only the inputs of a dynamic workflow have"
	}
	return "it has no value yet when the workflow is compiled"
}

// certain tells that the source tells for certain that it is a promise.
func (p *Promise) certain(f *pyeval.Frame) bool {
	if p.Node != nil {
		return p.Var != "" && p.Node.certain()
	}
	b, ok := f.Context.(*builder)
	return ok && b.body.Entity.Opaque == ""
}

// comesFrom is the place where the promise is made: the call, or the workflow's
// input.
func (p *Promise) comesFrom(f *pyeval.Frame) []Place {
	if p.Node != nil {
		return p.origin()
	}
	if b, ok := f.Context.(*builder); ok {
		if input := b.body.Entity.Input(p.Var); input != nil && input.NameSpan != (ast.Span{}) {
			return []Place{{b.body.Entity.Module, input.NameSpan, fmt.Sprintf("%s is an input of %s", input.Name, b.body.Entity.Describe())}}
		}
	}
	return nil
}

// refuse remarks that flytekit rejects what is done with the promise. In a
// dynamic workflow that has a code of its own.
func (p *Promise) refuse(f *pyeval.Frame, code string, at ast.Expr, what string) pyeval.Value {
	b, ok := f.Context.(*builder)
	if !ok || !b.compiles {
		return &pyeval.Unknown{Reason: p.Describe() + " has no value", Expr: at}
	}
	message := fmt.Sprintf("%s %s: %s", p.Describe(), what, b.notYet())
	if p.certain(f) && at != nil {
		b.operand(at, p)
		b.reject(f, Remark{Span: span(at), Message: message, Code: b.promiseCode(code), Related: p.comesFrom(f), Rejects: true})
	}
	return &pyeval.Unknown{Reason: message, Expr: at}
}

// promiseCode is the code of a promise that is used as a value.
func (b *builder) promiseCode(code string) string {
	if b.body.Entity.Kind == Dynamic {
		return "dynamic-promise-as-value"
	}
	return code
}

// Iterate has no answer: a promise can't be iterated over
// (core/promise.py:Promise.__iter__).
func (p *Promise) Iterate(f *pyeval.Frame) ([]pyeval.Value, bool) {
	p.refuse(f, "promise-iterate", f.Asked(), doings["promise-iterate"])
	return nil, false
}

// Unpack has no answer either.
func (p *Promise) Unpack(f *pyeval.Frame, targets, _ int) ([]pyeval.Value, bool) {
	what := doings["promise-iterate"]
	if p.Node != nil && p.Node.Entity != nil && len(p.Path) == 0 && len(p.Node.Entity.Outputs) == 1 {
		what = fmt.Sprintf("can't be unpacked to %s, it is the only one", counted(targets, "name"))
	}
	p.refuse(f, "promise-iterate", f.Asked(), what)
	return nil, false
}

// Truth isn't known: flytekit rejects the question
// (core/promise.py:Promise.__bool__).
func (p *Promise) Truth(f *pyeval.Frame) (truth, known bool) {
	p.refuse(f, "promise-truth", f.Asked(), doings["promise-truth"])
	return false, false
}

// Call is what flytekit rejects: a promise can't be called, nor what seems to be
// a method of its value.
func (p *Promise) Call(f *pyeval.Frame, c *pyeval.Call) pyeval.Value {
	b, ok := f.Context.(*builder)
	if !ok || !b.compiles || c.Expr == nil || !p.certain(f) {
		return &pyeval.Unknown{Reason: p.Describe() + " has no value", Expr: callExpr(c)}
	}
	remark := Remark{Span: c.Expr.Func.Span(), Code: b.promiseCode("promise-method"), Related: p.comesFrom(f), Rejects: true}
	whole := *p
	if n := len(p.Path); n > 0 {
		whole.Path = p.Path[:n-1]
		remark.Message = fmt.Sprintf("%s has no methods: %s", whole.Describe(), b.notYet())
		method, _ := p.Path[n-1].(pyeval.Str)
		attribute, ok := c.Expr.Func.(*ast.Attribute)
		if ok && method == "runs_before" && len(c.Args) == 1 && c.Args[0].Expr != nil {
			remark.Span, remark.Code = c.Expr.Span(), "promise-method"
			remark.Message = "only nodes of create_node have runs_before: write >> between promises"
			remark.Instead = sourceText(f.Module(), attribute.Value) + " >> " + sourceText(f.Module(), c.Args[0].Expr)
		}
	} else {
		remark.Message = p.Describe() + " can't be called"
		if e := shadowed(f, c); e != nil {
			remark.Code = "entity-shadowed"
			remark.Message = fmt.Sprintf("%s here is %s, and not %s of the module: give one of them another name", e.Name, p.Describe(), e.Describe())
			remark.Related = append(remark.Related, Place{e.Module, e.NameSpan, e.Describe() + " is defined here"})
		}
	}
	b.reject(f, remark)
	return &pyeval.Unknown{Reason: remark.Message, Expr: c.Expr}
}

// shadowed is the entity that the module has under the name that is called; nil
// if there is none.
func shadowed(f *pyeval.Frame, c *pyeval.Call) *Entity {
	name, ok := c.Expr.Func.(*ast.Name)
	if !ok {
		return nil
	}
	binding, ok := f.Module().Scope.Get(name.ID)
	if !ok {
		return nil
	}
	e, ok := EntityOf(f.Resolve(binding.Value))
	if !ok {
		return nil
	}
	return e
}

// SetAttr changes nothing of what the promise stands for.
func (p *Promise) SetAttr(f *pyeval.Frame, name string, _ pyeval.Value) {
	b, ok := f.Context.(*builder)
	if !ok || !b.compiles || f.Asked() == nil || !p.certain(f) {
		return
	}
	b.remark(f, Remark{
		Span: span(f.Asked()), Code: "promise-assign", Related: p.comesFrom(f),
		Message: fmt.Sprintf("setting %s changes nothing of %s: %s", name, p.Describe(), b.notYet()),
	})
}

// SetIndex is what Python rejects.
func (p *Promise) SetIndex(f *pyeval.Frame, _, _ pyeval.Value) {
	p.refuse(f, "promise-assign", f.Asked(), "can't be changed")
}

// DeleteIndex is what Python rejects.
func (p *Promise) DeleteIndex(f *pyeval.Frame, _ pyeval.Value) {
	p.refuse(f, "promise-assign", f.Asked(), "can't be changed")
}

// Used tells of the truth of a comparison.
func (c *Condition) Used(f *pyeval.Frame, use pyeval.Usage) {
	if misused(use) == "promise-truth" {
		c.refuse(f, use.At)
	}
}
