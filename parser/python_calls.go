package parser

import "github.com/flyte-lsp/flyte-lsp/parser/syntax"

type workflowBody struct {
	entity           *Entity
	parameters, body syntax.Node
}

// callReader reads the calls of a workflow's body.
type callReader struct {
	*pythonReader
	enclosing *Entity
	// hidden counts the scopes around the node that is read that have a local
	// variable of a name.
	hidden map[string]int
	// conditional: what is read may not be run when the body is.
	conditional bool
}

// readCalls collects the calls in the bodies of workflows whose callee is an
// entity of the module or comes from an import.
func (r *pythonReader) readCalls() {
	for _, body := range r.bodies {
		c := &callReader{pythonReader: r, enclosing: body.entity, hidden: map[string]int{}}
		c.scoped(r.functionNames(body.parameters, body.body), func() { c.read(body.body) })
	}
}

// functionNames are a function's local variables.
func (r *pythonReader) functionNames(parameters, body syntax.Node) map[string]bool {
	names := r.localNames(body)
	for child := range parameters.Children() {
		names[r.text(r.parameterName(child))] = true
	}
	return names
}

// scoped reads with the names hidden.
func (c *callReader) scoped(names map[string]bool, read func()) {
	for name := range names {
		c.hidden[name]++
	}
	read()
	for name := range names {
		c.hidden[name]--
	}
}

// maybe reads what may not be run.
func (c *callReader) maybe(read func()) {
	before := c.conditional
	c.conditional = true
	read()
	c.conditional = before
}

// read takes the calls of a node and below it.
func (c *callReader) read(n syntax.Node) {
	switch n.Kind() {
	case "call":
		c.take(n)
	case "block":
		c.block(n)
		return
	case "function_definition", "lambda":
		names := c.functionNames(n.Child("parameters"), n.Child("body"))
		c.maybe(func() { c.scoped(names, func() { c.below(n) }) })
		return
	case "class_definition":
		c.scoped(c.localNames(n.Child("body")), func() { c.below(n) })
		return
	case "list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression":
		names := map[string]bool{}
		for child := range n.Children() {
			if child.Kind() == "for_in_clause" {
				for name := range targets(child.Child("left")) {
					names[c.text(name)] = true
				}
			}
		}
		c.maybe(func() { c.scoped(names, func() { c.below(n) }) })
		return
	case "if_statement", "for_statement", "while_statement", "try_statement", "match_statement",
		"conditional_expression", "boolean_operator":
		c.maybe(func() { c.below(n) })
		return
	}
	c.below(n)
}

func (c *callReader) below(n syntax.Node) {
	for child := range n.Children() {
		c.read(child)
	}
}

// block reads statements; what follows one that leaves the block isn't run.
func (c *callReader) block(n syntax.Node) {
	before := c.conditional
	for child := range n.Children() {
		c.read(child)
		switch child.Kind() {
		case "return_statement", "raise_statement", "break_statement", "continue_statement":
			c.conditional = true
		case "if_statement", "try_statement", "match_statement", "with_statement":
			c.conditional = c.conditional || leaves(child)
		}
	}
	c.conditional = before
}

// leaves reports whether the function may end in a statement.
func leaves(n syntax.Node) bool {
	for child := range n.Descendants() {
		switch child.Kind() {
		case "return_statement", "raise_statement", "break_statement", "continue_statement":
			return true
		}
	}
	return false
}

// take adds a call that may be one of an entity.
func (c *callReader) take(n syntax.Node) {
	function := n.Child("function")
	first := function
	for first.Kind() == "attribute" {
		first = first.Child("object")
	}
	if first.Kind() != "identifier" || c.hidden[c.text(first)] > 0 {
		return
	}
	bound, ok := c.scope[c.text(first)]
	if !ok && len(c.stars) == 0 || ok && bound.entity == nil && !bound.imported {
		return
	}
	if c.flyteName(function) != "" || c.dotted(expression{Node: function}) == "" {
		return
	}
	call := c.call(n)
	call.Enclosing, call.Conditional = c.enclosing, c.conditional
	c.module.Calls = append(c.module.Calls, *call)
}
