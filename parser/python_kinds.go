package parser

import (
	"sync"

	"github.com/flyte-lsp/flyte-lsp/parser/syntax"
)

// kind is what a node of Python's grammar is, as a number: comparing names for
// each of the thousands of nodes of a file would cost more than all the rest.
type kind uint8

// The kinds of nodes that the reading of a tree tells apart, and nodeOther.
const (
	nodeOther kind = iota
	nodeError
	nodeAliasedImport
	nodeArgumentList
	nodeAsPattern
	nodeAsPatternTarget
	nodeAssertStatement
	nodeAssignment
	nodeAttribute
	nodeAugmentedAssignment
	nodeAwait
	nodeBinaryOperator
	nodeBlock
	nodeBooleanOperator
	nodeBreakStatement
	nodeCall
	nodeCaseClause
	nodeCasePattern
	nodeClassDefinition
	nodeClassPattern
	nodeComment
	nodeComparisonOperator
	nodeConcatenatedString
	nodeConditionalExpression
	nodeConstrainedType
	nodeContinueStatement
	nodeDecoratedDefinition
	nodeDecorator
	nodeDefaultParameter
	nodeDeleteStatement
	nodeDictPattern
	nodeDictionary
	nodeDictionaryComprehension
	nodeDictionarySplat
	nodeDictionarySplatPattern
	nodeComplexPattern
	nodeDottedName
	nodeElifClause
	nodeEllipsis
	nodeElseClause
	nodeEscapeInterpolation
	nodeEscapeSequence
	nodeExceptClause
	nodeExecStatement
	nodeExpressionList
	nodeExpressionStatement
	nodeFalse
	nodeFinallyClause
	nodeFloat
	nodeForInClause
	nodeForStatement
	nodeFormatExpression
	nodeFormatSpecifier
	nodeFunctionDefinition
	nodeFutureImportStatement
	nodeGeneratorExpression
	nodeGenericType
	nodeGlobalStatement
	nodeIdentifier
	nodeIfClause
	nodeIfStatement
	nodeImportFromStatement
	nodeImportStatement
	nodeInteger
	nodeInterpolation
	nodeKeywordArgument
	nodeKeywordPattern
	nodeKeywordSeparator
	nodeLambda
	nodeLineContinuation
	nodeList
	nodeListComprehension
	nodeListPattern
	nodeListSplat
	nodeListSplatPattern
	nodeMatchStatement
	nodeMemberType
	nodeNamedExpression
	nodeNone
	nodeNonlocalStatement
	nodeNotOperator
	nodePair
	nodeParameters
	nodeParenthesizedExpression
	nodePassStatement
	nodePatternList
	nodePositionalSeparator
	nodePrintStatement
	nodeRaiseStatement
	nodeRelativeImport
	nodeReturnStatement
	nodeSet
	nodeSetComprehension
	nodeSlice
	nodeSplatPattern
	nodeSplatType
	nodeStringContent
	nodeString
	nodeSubscript
	nodeTrue
	nodeTryStatement
	nodeTuple
	nodeTuplePattern
	nodeTypeAliasStatement
	nodeTypedDefaultParameter
	nodeTypedParameter
	nodeType
	nodeTypeParameter
	nodeUnaryOperator
	nodeUnionPattern
	nodeUnionType
	nodeWhileStatement
	nodeWildcardImport
	nodeWithClause
	nodeWithItem
	nodeWithStatement
	nodeYield
)

var kindNames = map[string]kind{
	"aliased_import": nodeAliasedImport, "argument_list": nodeArgumentList, "as_pattern": nodeAsPattern,
	"as_pattern_target": nodeAsPatternTarget, "assert_statement": nodeAssertStatement, "assignment": nodeAssignment,
	"attribute": nodeAttribute, "augmented_assignment": nodeAugmentedAssignment, "await": nodeAwait,
	"binary_operator": nodeBinaryOperator, "block": nodeBlock, "boolean_operator": nodeBooleanOperator,
	"break_statement": nodeBreakStatement, "call": nodeCall, "case_clause": nodeCaseClause, "case_pattern": nodeCasePattern,
	"class_definition": nodeClassDefinition, "class_pattern": nodeClassPattern, "comment": nodeComment,
	"comparison_operator": nodeComparisonOperator, "concatenated_string": nodeConcatenatedString,
	"conditional_expression": nodeConditionalExpression, "constrained_type": nodeConstrainedType,
	"continue_statement": nodeContinueStatement, "decorated_definition": nodeDecoratedDefinition, "decorator": nodeDecorator,
	"default_parameter": nodeDefaultParameter, "delete_statement": nodeDeleteStatement, "dict_pattern": nodeDictPattern,
	"dictionary": nodeDictionary, "dictionary_comprehension": nodeDictionaryComprehension,
	"dictionary_splat": nodeDictionarySplat, "dictionary_splat_pattern": nodeDictionarySplatPattern,
	"complex_pattern": nodeComplexPattern, "dotted_name": nodeDottedName, "elif_clause": nodeElifClause, "ellipsis": nodeEllipsis, "else_clause": nodeElseClause,
	"escape_interpolation": nodeEscapeInterpolation, "escape_sequence": nodeEscapeSequence, "except_clause": nodeExceptClause,
	"exec_statement": nodeExecStatement, "expression_list": nodeExpressionList, "expression_statement": nodeExpressionStatement,
	"false": nodeFalse, "finally_clause": nodeFinallyClause, "float": nodeFloat, "for_in_clause": nodeForInClause,
	"for_statement": nodeForStatement, "format_expression": nodeFormatExpression, "format_specifier": nodeFormatSpecifier,
	"function_definition": nodeFunctionDefinition, "future_import_statement": nodeFutureImportStatement,
	"generator_expression": nodeGeneratorExpression, "generic_type": nodeGenericType, "global_statement": nodeGlobalStatement,
	"identifier": nodeIdentifier, "if_clause": nodeIfClause, "if_statement": nodeIfStatement,
	"import_from_statement": nodeImportFromStatement, "import_statement": nodeImportStatement, "integer": nodeInteger,
	"interpolation": nodeInterpolation, "keyword_argument": nodeKeywordArgument, "keyword_pattern": nodeKeywordPattern,
	"keyword_separator": nodeKeywordSeparator, "lambda": nodeLambda, "line_continuation": nodeLineContinuation, "list": nodeList,
	"list_comprehension": nodeListComprehension, "list_pattern": nodeListPattern, "list_splat": nodeListSplat,
	"list_splat_pattern": nodeListSplatPattern, "match_statement": nodeMatchStatement, "member_type": nodeMemberType,
	"named_expression": nodeNamedExpression, "none": nodeNone, "nonlocal_statement": nodeNonlocalStatement,
	"not_operator": nodeNotOperator, "pair": nodePair, "parameters": nodeParameters, "lambda_parameters": nodeParameters,
	"parenthesized_expression": nodeParenthesizedExpression, "pass_statement": nodePassStatement, "pattern_list": nodePatternList,
	"positional_separator": nodePositionalSeparator, "print_statement": nodePrintStatement, "raise_statement": nodeRaiseStatement,
	"relative_import": nodeRelativeImport, "return_statement": nodeReturnStatement, "set": nodeSet,
	"set_comprehension": nodeSetComprehension, "slice": nodeSlice, "splat_pattern": nodeSplatPattern, "splat_type": nodeSplatType,
	"string": nodeString, "string_content": nodeStringContent, "subscript": nodeSubscript, "true": nodeTrue,
	"try_statement": nodeTryStatement, "tuple": nodeTuple, "tuple_pattern": nodeTuplePattern,
	"type_alias_statement": nodeTypeAliasStatement, "typed_default_parameter": nodeTypedDefaultParameter,
	"typed_parameter": nodeTypedParameter, "type": nodeType, "type_parameter": nodeTypeParameter,
	"unary_operator": nodeUnaryOperator, "union_pattern": nodeUnionPattern, "union_type": nodeUnionType, "while_statement": nodeWhileStatement,
	"wildcard_import": nodeWildcardImport, "with_clause": nodeWithClause, "with_item": nodeWithItem,
	"with_statement": nodeWithStatement, "yield": nodeYield,
}

// pythonNames has what the grammar numbers.
type pythonNames struct {
	kinds []kind // by symbol
	// The roles of nodes in their parent.
	name, parameters, typeParameters, returnType, body, superclasses, definition uint8
	left, right, typ, operator, operators, argument, value, function, arguments  uint8
	condition, consequence, alternative, object, attribute, subscript, alias     uint8
	moduleName, subject, guard, cause, key, code, expression                     uint8
}

var python = sync.OnceValue(func() *pythonNames {
	g := syntax.PythonGrammar()
	names := &pythonNames{
		name: g.FieldID("name"), parameters: g.FieldID("parameters"), typeParameters: g.FieldID("type_parameters"),
		returnType: g.FieldID("return_type"), body: g.FieldID("body"), superclasses: g.FieldID("superclasses"),
		definition: g.FieldID("definition"), left: g.FieldID("left"), right: g.FieldID("right"),
		typ: g.FieldID("type"), operator: g.FieldID("operator"), operators: g.FieldID("operators"),
		argument: g.FieldID("argument"), value: g.FieldID("value"), function: g.FieldID("function"),
		arguments: g.FieldID("arguments"), condition: g.FieldID("condition"), consequence: g.FieldID("consequence"),
		alternative: g.FieldID("alternative"), object: g.FieldID("object"), attribute: g.FieldID("attribute"),
		subscript: g.FieldID("subscript"), alias: g.FieldID("alias"), moduleName: g.FieldID("module_name"),
		subject: g.FieldID("subject"), guard: g.FieldID("guard"), cause: g.FieldID("cause"), key: g.FieldID("key"),
		code: g.FieldID("code"), expression: g.FieldID("expression"),
	}
	for _, symbol := range g.Symbols() {
		names.kinds = append(names.kinds, kindNames[symbol])
	}
	return names
})

// kindOf is the kind of a node that has a name.
func (p *pythonNames) kindOf(n syntax.Node) kind {
	switch symbol := n.Symbol(); {
	case !n.OK() || !n.Named():
		return nodeOther
	case symbol == syntax.ErrorSymbol:
		return nodeError
	default:
		return p.kinds[symbol]
	}
}
