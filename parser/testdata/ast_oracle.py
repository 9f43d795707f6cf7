"""Writes down Python's own syntax trees of files, in the words of package ast.

Arguments: the files, or none to read their names from standard input. Each
gives a line with its name, a line for each statement of the module, and an
empty line; of one that Python doesn't accept there is no statement.
"""

import ast
import re
import sys

OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.MatMult: "@", ast.Div: "/", ast.Mod: "%", ast.Pow: "**",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^", ast.BitAnd: "&", ast.FloorDiv: "//",
    ast.Not: "not", ast.Invert: "~", ast.UAdd: "+", ast.USub: "-", ast.And: "and", ast.Or: "or",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}


def op(node):
    return text(OPERATORS[type(node)])


def text(value):
    """A string, readable if it is plain."""
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass")
    if re.fullmatch(rb"[\w .*+/%@<>=!|^&~-]*", value):
        return "'" + value.decode() + "'"
    return value.hex()


def docstring(node):
    """The docstring; what is behind a line's last word says nothing."""
    doc = ast.get_docstring(node) or ""
    return text("\n".join(line.rstrip(" ") for line in doc.split("\n")).strip("\n"))


class Writer:
    def __init__(self, source):
        self.source = source
        self.starts = [3 if source.startswith(b"\xef\xbb\xbf") else 0]
        end = source.find(b"\n")
        while end >= 0:
            self.starts.append(end + 1)
            end = source.find(b"\n", end + 1)
        self.spans = True

    def offset(self, line, column):
        return self.starts[line - 1] + column

    def bounds(self, node):
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def span(self, node):
        return "[%d:%d]" % self.bounds(node) if self.spans else ""

    def many(self, nodes):
        return "[" + " ".join(self.write(n) for n in nodes) + "]"

    def node(self, name, node, *fields):
        return name + self.span(node) + "(" + " ".join(fields) + ")"

    def write(self, node):
        if node is None:
            return "nil"
        return getattr(self, type(node).__name__)(node)

    def name(self, id):
        return "Name(" + text(id) + ")"

    def names(self, ids):
        return "[" + " ".join(self.name(id) for id in ids) + "]"

    def Expr(self, n):
        return self.node("ExprStmt", n, self.write(n.value))

    def Return(self, n):
        return self.node("Return", n, self.write(n.value))

    def Delete(self, n):
        return self.node("Delete", n, self.many(n.targets))

    def Assign(self, n):
        return self.node("Assign", n, self.many(n.targets), self.write(n.value))

    def AnnAssign(self, n):
        return self.node("AnnAssign", n, self.write(n.target), self.write(n.annotation), self.write(n.value))

    def AugAssign(self, n):
        return self.node("AugAssign", n, self.write(n.target), op(n.op), self.write(n.value))

    def For(self, n):
        is_async = str(isinstance(n, ast.AsyncFor)).lower()
        return self.node("For", n, self.write(n.target), self.write(n.iter), self.many(n.body), self.many(n.orelse), is_async)

    AsyncFor = For

    def While(self, n):
        return self.node("While", n, self.write(n.test), self.many(n.body), self.many(n.orelse))

    def If(self, n):
        return self.node("If", n, self.write(n.test), self.many(n.body), self.many(n.orelse))

    def With(self, n):
        items = " ".join("WithItem(%s %s)" % (self.write(i.context_expr), self.write(i.optional_vars)) for i in n.items)
        return self.node("With", n, "[" + items + "]", self.many(n.body), str(isinstance(n, ast.AsyncWith)).lower())

    AsyncWith = With

    def Match(self, n):
        cases = []
        for case in n.cases:
            binds = self.names(self.binds(case.pattern))
            cases.append("MatchCase(%s %s %s %s)" % (self.pattern(case.pattern), binds, self.write(case.guard), self.many(case.body)))
        return self.node("Match", n, self.write(n.subject), "[" + " ".join(cases) + "]")

    def pattern(self, p):
        kind, value, name, parts, keys, keywords = 0, None, getattr(p, "name", None), [], [], []
        if isinstance(p, ast.MatchAs):
            kind, parts = 1, [p.pattern] if p.pattern else []
        elif isinstance(p, ast.MatchValue):
            kind, value = 2, self.write(p.value)
        elif isinstance(p, ast.MatchSingleton):
            kind, value = 2, self.write(ast.copy_location(ast.Constant(p.value), p))
        elif isinstance(p, ast.MatchOr):
            kind, parts = 3, p.patterns
        elif isinstance(p, ast.MatchSequence):
            kind, parts = 4, p.patterns
        elif isinstance(p, ast.MatchStar):
            kind = 5
        elif isinstance(p, ast.MatchMapping):
            kind, parts, keys, name = 6, p.patterns, p.keys, p.rest
        elif isinstance(p, ast.MatchClass):
            kind, value, parts, keywords = 7, self.write(p.cls), p.patterns + p.kwd_patterns, p.kwd_attrs
        return "Pattern(%s %s %s %s %s %s)" % (
            kind, value or "nil", self.name(name) if name else "nil",
            "[" + " ".join(self.pattern(part) for part in parts) + "]", self.many(keys),
            "[" + " ".join(text(keyword) for keyword in keywords) + "]",
        )

    def binds(self, pattern):
        for child in ast.iter_child_nodes(pattern):
            if isinstance(child, ast.pattern):
                yield from self.binds(child)
        name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
        if name:
            yield name

    def Raise(self, n):
        return self.node("Raise", n, self.write(n.exc), self.write(n.cause))

    def Try(self, n):
        handlers = []
        for h in n.handlers:
            name = self.name(h.name) if h.name else "nil"
            handlers.append(self.node("ExceptHandler", h, self.write(h.type), name, self.many(h.body)))
        return self.node("Try", n, self.many(n.body), "[" + " ".join(handlers) + "]", self.many(n.orelse), self.many(n.finalbody))

    TryStar = Try

    def Assert(self, n):
        return self.node("Assert", n, self.write(n.test), self.write(n.msg))

    def aliases(self, names):
        return "[" + " ".join(self.node("Alias", a, text(a.name), text(a.asname or "")) for a in names) + "]"

    def Import(self, n):
        return self.node("Import", n, self.aliases(n.names))

    def ImportFrom(self, n):
        return self.node("ImportFrom", n, text(n.module or ""), str(n.level), self.aliases(n.names))

    def Global(self, n):
        names = "[" + " ".join(text(name) for name in n.names) + "]"
        return self.node("Global", n, names, str(isinstance(n, ast.Nonlocal)).lower())

    Nonlocal = Global

    def Pass(self, n):
        return self.node("Pass", n)

    def Break(self, n):
        return self.node("Break", n)

    def Continue(self, n):
        return self.node("Continue", n)

    def decorated(self, n):
        if not n.decorator_list:
            return self.span(n)
        first = n.decorator_list[0]
        start, _ = self.bounds(first)
        start = self.source.rindex(b"@", 0, start)
        return "[%d:%d]" % (start, self.bounds(n)[1])

    def FunctionDef(self, n):
        is_async = str(isinstance(n, ast.AsyncFunctionDef)).lower()
        return "FunctionDef" + self.decorated(n) + "(" + " ".join([
            self.name(n.name), self.many(n.decorator_list), self.params(n.args), self.write(n.returns),
            docstring(n), is_async, self.many(n.body)]) + ")"

    AsyncFunctionDef = FunctionDef

    def ClassDef(self, n):
        return "ClassDef" + self.decorated(n) + "(" + " ".join([
            self.name(n.name), self.many(n.decorator_list), self.many(n.bases), self.keywords(n.keywords),
            self.many(n.body), docstring(n)]) + ")"

    def params(self, args):
        positional = args.posonlyargs + args.args
        defaults = [None] * (len(positional) - len(args.defaults)) + args.defaults
        params = []

        def add(kind, arg, default):
            params.append("Param(%s %d %s %s)" % (self.name(arg.arg), kind, self.write(arg.annotation), self.write(default)))

        for i, arg in enumerate(positional):
            add(1 if i < len(args.posonlyargs) else 0, arg, defaults[i])
        if args.vararg:
            add(2, args.vararg, None)
        for arg, default in zip(args.kwonlyargs, args.kw_defaults):
            add(3, arg, default)
        if args.kwarg:
            add(4, args.kwarg, None)
        return "Params([" + " ".join(params) + "])"

    def keywords(self, keywords):
        return "[" + " ".join(self.node("Keyword", k, text(k.arg or ""), self.write(k.value)) for k in keywords) + "]"

    def Name(self, n):
        return self.node("Name", n, text(n.id))

    def Constant(self, n):
        kinds = {type(None): 0, int: 3, float: 4, complex: 5, str: 6, bytes: 7, type(...): 8}
        value = n.value
        kind = (1 if value else 2) if isinstance(value, bool) else kinds[type(value)]
        written = b""
        if kind in (3, 4, 5):
            start, end = self.bounds(n)
            written = self.source[start:end] if self.spans else b"?"
        elif kind in (6, 7):
            written = value
        return self.node("Constant", n, str(kind), text(written))

    def JoinedStr(self, n):
        written = "JoinedStr" + self.span(n)
        before, self.spans = self.spans, False
        written += "(" + self.many(n.values) + ")"
        self.spans = before
        return written

    def FormattedValue(self, n):
        if n.conversion == -1 and n.format_spec is None:
            return self.write(n.value)
        return "FormattedValue(%s %d %s)" % (self.write(n.value), max(n.conversion, 0), self.write(n.format_spec))

    def List(self, n):
        return self.node("List", n, self.many(n.elts))

    def Tuple(self, n):
        return self.node("Tuple", n, self.many(n.elts))

    def Set(self, n):
        return self.node("Set", n, self.many(n.elts))

    def Dict(self, n):
        return self.node("Dict", n, self.many(n.keys), self.many(n.values))

    def Call(self, n):
        return self.node("Call", n, self.write(n.func), self.many(n.args), self.keywords(n.keywords))

    def Attribute(self, n):
        return self.node("Attribute", n, self.write(n.value), text(n.attr))

    def Subscript(self, n):
        return self.node("Subscript", n, self.write(n.value), self.write(n.slice))

    def Slice(self, n):
        return self.node("Slice", n, self.write(n.lower), self.write(n.upper), self.write(n.step))

    def Starred(self, n):
        return self.node("Starred", n, self.write(n.value))

    def BinOp(self, n):
        return self.node("BinOp", n, self.write(n.left), op(n.op), self.write(n.right))

    def UnaryOp(self, n):
        return self.node("UnaryOp", n, op(n.op), self.write(n.operand))

    def BoolOp(self, n):
        return self.node("BoolOp", n, op(n.op), self.many(n.values))

    def Compare(self, n):
        ops = "[" + " ".join(op(o) for o in n.ops) + "]"
        return self.node("Compare", n, self.write(n.left), ops, self.many(n.comparators))

    def IfExp(self, n):
        return self.node("IfExp", n, self.write(n.test), self.write(n.body), self.write(n.orelse))

    def Lambda(self, n):
        return self.node("Lambda", n, self.params(n.args), self.write(n.body))

    def comprehension(self, kind, n, key, element):
        generators = []
        for g in n.generators:
            is_async = str(bool(g.is_async)).lower()
            generators.append("Generator(%s %s %s %s)" % (self.write(g.target), self.write(g.iter), self.many(g.ifs), is_async))
        return self.node("Comprehension", n, str(kind), self.write(key), self.write(element), "[" + " ".join(generators) + "]")

    def ListComp(self, n):
        return self.comprehension(0, n, None, n.elt)

    def SetComp(self, n):
        return self.comprehension(1, n, None, n.elt)

    def DictComp(self, n):
        return self.comprehension(2, n, n.key, n.value)

    def GeneratorExp(self, n):
        return self.comprehension(3, n, None, n.elt)

    def NamedExpr(self, n):
        return self.node("NamedExpr", n, self.name(n.target.id), self.write(n.value))

    def Await(self, n):
        return self.node("Await", n, self.write(n.value))

    def Yield(self, n):
        return self.node("Yield", n, self.write(n.value), str(isinstance(n, ast.YieldFrom)).lower())

    YieldFrom = Yield


def main():
    sys.setrecursionlimit(100_000)
    for path in sys.argv[1:] or sys.stdin.read().split("\n"):
        if not path:
            continue
        print(path)
        with open(path, "rb") as file:
            source = file.read()
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            print()
            continue
        writer = Writer(source)
        print("Doc " + docstring(tree))
        for statement in tree.body:
            print(writer.write(statement))
        print()


main()
