package model

import (
	"iter"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Body is what the function of an entity does: of a workflow and of a dynamic
// workflow the nodes that flytekit compiles it to
// (core/workflow.py:PythonFunctionWorkflow.compile), of a task and of an eager
// workflow the entities that it calls. It is immutable.
type Body struct {
	Entity *Entity
	// Nodes are made in this order. Those within a branch are in Node.Branch:
	// All gives every one.
	Nodes []*Node
	// Outputs are bound to what the function returns, in the order of the
	// interface. A task and an eager workflow have none: they return plain
	// values.
	Outputs []Binding
	// Failure is the node of the on_failure handler, nil if there is none.
	Failure *Node
	// Incomplete says what isn't known of the body, in the order of the source.
	// Without, Nodes are exactly those that flytekit makes.
	Incomplete []Remark
	// Rejected is what flytekit certainly raises when it compiles the body,
	// besides what the arguments of a node tell (Node.Missing and others).
	Rejected []Remark
	// Remarks are all remarks that have a code: those of Rejected, those of
	// which it isn't certain that the place is reached, and those about what
	// flytekit accepts.
	Remarks []Remark
	// NativeCalls, Returns and Exceptions are what happens in the body.
	NativeCalls []*NativeCall
	// Operands are the values of what stands in arithmetic with promises, and of
	// the promises that are used as values otherwise: flytekit rejects both.
	Operands   map[ast.Expr]pyeval.Value
	Returns    []*Return
	Exceptions []*Exception
}

// Remark is a sentence about a place in the source.
type Remark struct {
	Module  *pyeval.Module // that the place is in; nil where there is none
	Span    ast.Span
	Message string
	// Code is the kind of mistake, as package analysis calls its rule; "" of what
	// isn't a mistake of the user.
	Code string
	// Certain: the place is reached whenever the module is imported, or the body
	// compiled, and nothing may catch an exception there.
	Certain bool
	// Rejects: flytekit or Python raises an exception there, of a code that
	// stands for what they accept, too.
	Rejects bool
	// Related are other places that it has to do with.
	Related []Place
	// Instead is what to write in place of Span: it means what the author meant,
	// and is accepted. "" where the source doesn't tell.
	Instead string
	// Candidates are the names that Span may have been meant to be.
	Candidates []string
}

// Place is a place in the source, and what is there.
type Place struct {
	Module  *pyeval.Module
	Span    ast.Span
	Message string
}

// NodeKind says what a node runs.
type NodeKind string

// The kinds of nodes.
const (
	TaskNode       NodeKind = "task"
	WorkflowNode   NodeKind = "workflow"
	LaunchPlanNode NodeKind = "launchplan"
	ArrayNode      NodeKind = "array"
	BranchNode     NodeKind = "branch"
	GateNode       NodeKind = "gate"
)

// Node is one step of a workflow: an entity that is called, a conditional or a
// gate. In the body of a task or an eager workflow it is a call that runs the
// entity there and then.
type Node struct {
	// ID is the node's id as flytekit numbers them within the workflow or the
	// conditional: n0, n1, ... ("dn0" in a dynamic workflow, "fn0" of a failure
	// handler), or what with_overrides(node_name=...) makes of it. "" where it
	// isn't known, because it isn't known which nodes are made before it.
	ID   string
	Kind NodeKind
	// Name is the name in the node's metadata (construct_node_metadata, or
	// with_overrides(name=...)); "" if it isn't known.
	Name string
	// Entity is what is called; nil of a branch and of a gate.
	Entity *Entity
	// Call is the call that makes it, in Module's text. It is another module's
	// where a function of that module makes the call. A branch has that of
	// conditional(). Nil of a failure handler.
	Call   *ast.Call
	Module *pyeval.Module
	// Inputs are bound, in the order of their names. Inputs that aren't given
	// have their defaults.
	Inputs []Binding
	// Arguments are those of the call as they are written, in order, and those
	// that functools.partial or a mapping has added.
	Arguments []Argument
	// Open: *x or **x give further arguments that aren't known.
	Open bool
	// Missing are inputs without default that aren't given. Surplus are
	// positional arguments for which there is no input, Unexpected keyword
	// arguments of which there is no input, Twice those which are also given
	// at a position. flytekit rejects each of them
	// (core/promise.py:flyte_entity_call_handler, create_and_link_node).
	Missing                    []*Variable
	Surplus, Unexpected, Twice []Argument
	// Overrides are the arguments of with_overrides, from the first call.
	Overrides []pyeval.Named
	// Upstream are the nodes that must be done before: those that give inputs,
	// then those of `>>` and runs_before.
	Upstream []*Node
	// Conditional: it may not be made when the body runs, or more than once: it
	// stands in a branch or in a loop of which the source doesn't tell.
	Conditional bool
	// Guarded: a try or a with statement around may catch an exception of the
	// call.
	Guarded bool
	// Branch is what a branch node has, Gate what a gate has; nil of others.
	Branch *Branch
	Gate   *Gate

	builder *builder // that has made it
}

// Argument is an argument of a call.
type Argument struct {
	// Name is "" of a positional argument.
	Name     string
	NameSpan ast.Span
	Value    pyeval.Value
	// Span is where the value is written in the node's call, and Expr what is
	// written there; empty and nil where it isn't.
	Span ast.Span
	Expr ast.Expr
}

// Binding gives an input or an output its value.
type Binding struct {
	// Name is the input's or output's. Those of a branch node are the variables
	// of its conditions: "n0.o0", ".x" of a workflow's input
	// (core/condition.py:create_branch_node_promise_var).
	Name string
	// Value is a *Promise, a constant, a list or dict of both, or Unknown.
	Value pyeval.Value
	// Variable is the input or output with its type; nil of branches and gates,
	// and where the interface isn't known.
	Variable *Variable
	// Span is where the value is written, and Expr what is written there; empty
	// and nil where it comes from a default or from elsewhere.
	Span ast.Span
	Expr ast.Expr
	// Default: it isn't given, and has the input's default.
	Default bool
}

// Branch is a conditional: the first case whose condition holds.
type Branch struct {
	// Cases are those of if_, elif_ and else_, in order.
	Cases []*Case
	// Nodes are those that were made since conditional() was called: the cases'
	// own, and those that give their inputs.
	Nodes []*Node
	// Ended: else_() was reached. flytekit rejects a conditional without.
	Ended bool
	// Lost are the outputs that some case has, but not all that don't fail.
	Lost []string
}

// Case is one case of a conditional.
type Case struct {
	// Condition is nil of else_(), and where it isn't known: then Unknown says
	// why.
	Condition *Condition
	Unknown   string
	// Node is what then() was given; nil of fail(), and where it isn't known.
	Node *Node
	// Fail is the message of fail(); Fails tells that it is called.
	Fail  string
	Fails bool
	Span  ast.Span
	// Step is then() or fail(), from the method's name on; empty where neither
	// is called.
	Step ast.Span
	// Value is what is written in then(); nil where nothing is.
	Value ast.Expr
}

// Gate is what a gate waits for.
type Gate struct {
	// Waits is "approve", "sleep" or "signal" (wait_for_input), as Flyte calls
	// the conditions.
	Waits string
	// Type is the Python type of the input that a signal brings, Duration how
	// long a sleep takes, and Timeout how long the others wait; nil if not given.
	Type, Duration, Timeout pyeval.Value
}

// All gives the nodes of the body, those within branches too, each behind the
// nodes that it was made after. The failure handler comes last.
func (b *Body) All() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		if eachNode(b.Nodes, yield) && b.Failure != nil {
			yield(b.Failure)
		}
	}
}

func eachNode(nodes []*Node, yield func(*Node) bool) bool {
	for _, node := range nodes {
		if node.Branch != nil && !eachNode(node.Branch.Nodes, yield) {
			return false
		}
		if !yield(node) {
			return false
		}
	}
	return true
}

// Calls gives the calls of entities in the bodies of the module's entities, each
// with the entity around. Those that it makes in another module are among them:
// Node.Module tells.
func (m *Module) Calls() iter.Seq2[*Entity, *Node] {
	return func(yield func(*Entity, *Node) bool) {
		for _, e := range m.Entities {
			for node := range m.Body(e).All() {
				if node.Entity != nil && !yield(e, node) {
					return
				}
			}
		}
	}
}

// Input returns the binding of an input.
func (n *Node) Input(name string) (Binding, bool) {
	for _, binding := range n.Inputs {
		if binding.Name == name {
			return binding, true
		}
	}
	return Binding{}, false
}

// Promises gives the promises in a value: itself, or those in a list, a dict or
// among the values of which it may be one.
func Promises(value pyeval.Value) iter.Seq[*Promise] {
	return func(yield func(*Promise) bool) {
		s := &search{left: maxSearched, yield: yield}
		s.in(value)
	}
}

// maxSearched bounds the values that are looked through for promises: a list
// may have itself as an element.
const maxSearched = 200_000

type search struct {
	left  int
	yield func(*Promise) bool
}

// in looks through a value; false ends the search.
func (s *search) in(value pyeval.Value) bool {
	if s.left--; s.left < 0 {
		return false
	}
	switch value := value.(type) {
	case *Promise:
		return s.yield(value)
	case *Outputs:
		return s.all(value.elements())
	case *pyeval.List:
		return s.all(value.Elems)
	case *pyeval.Tuple:
		return s.all(value.Elems)
	case *pyeval.Uncertain:
		return s.all(value.Values)
	case *pyeval.Dict:
		for _, item := range value.Items {
			if !s.in(item.Value) {
				return false
			}
		}
	}
	return true
}

func (s *search) all(values []pyeval.Value) bool {
	for _, value := range values {
		if !s.in(value) {
			return false
		}
	}
	return true
}
