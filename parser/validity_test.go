package parser_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// compileOracle prints which of the texts, a JSON list, Python compiles.
const compileOracle = `
import json, sys, warnings
warnings.simplefilter("ignore")
def compiles(text):
    try:
        compile(text, "x.py", "exec")
        return True
    except (SyntaxError, ValueError):
        return False
print(json.dumps([compiles(text) for text in json.load(sys.stdin)]))
`

// refusedTexts are texts that look like Python, each with one mistake.
var refusedTexts = []string{
	"return 1\n", "class A:\n    return 1\n", "def f():\n    class A:\n        return 1\n", "yield 1\n", "x = yield\n", "x = [(yield)]\n",
	"await x\n", "def f():\n    await x\n", "def f():\n    async with a: pass\n", "def f():\n    async for a in b: pass\n", "async with a: pass\n",
	"break\n", "continue\n", "def f():\n    break\n", "for x in y:\n    def f():\n        continue\n", "for x in y: pass\nelse:\n    break\n",
	"nonlocal x\n", "def f():\n    from a import *\n", "class A:\n    from a import *\n",
	"def f(a, a): pass\n", "def f(a, *a): pass\n", "def f(a, *, b, **a): pass\n", "x = lambda a, a: a\n", "def f(a=1, b): pass\n", "x = lambda a=1, b: a\n",
	"f(a=1, a=2)\n", "f(a=1, 2)\n", "f(**a, 1)\n", "f(**a, *b)\n", "class A(B, m=1, m=2): pass\n", "@f(a=1, 2)\ndef g(): pass\n",
	"def f():\n", "def f():\nx = 1\n", "class A:\n    # only a comment\nx = 1\n", "if a:\nelse:\n    pass\n", "for x in y:\n", "while a:\n\n", "with a:\nx = 1\n",
	"try:\n    pass\nx = 1\n", "try:\nexcept A:\n    pass\n", "try:\n    pass\nexcept A:\nx = 1\n", "try:\n    pass\nfinally:\n", "if a:\n    pass\nelse:\n",
	"  x = 1\n", "x = 1\n  y = 2\n", "def f():\n    x = 1\n      y = 2\n", "def f():\n    x = 1\n  y = 2\n", "def f():\n    if x:\n        y\n      z\n",
	"if x:\n        y = 1\n\tz = 2\n", "class A:\n    x = 1\n   def f(self): pass\n", "def f():\n    pass\n  # comment\n  x = 1\n",
	"print 'x'\n", "exec 'x'\n", "x = 010\n", "x = 10L\n", "x := 1\n", "a, b: int = 1\n", "(a, b): int\n", "[a]: int\n", "a, b += 1\n", "raise A, 'b'\n",
	"x = (\n", "x = 'a\n", "x = \"\"\"a\n", "x = a.\ny = 1\n", "x =\ny = 1\n", "x = a +\ny\n", "def f(:\n    pass\n", "x = = 1\n", "x = 1 2\n", "import\n", "f(a b)\n",
}

// acceptedTexts are texts that are right though they look like the others.
var acceptedTexts = []string{
	"def f():\n    return 1\n", "class A:\n    def f(self):\n        yield 1\n", "x = lambda: (yield)\n", "async def f():\n    await x\n    async with a: pass\n    return [await b async for b in c]\n",
	"for x in y:\n    if x: break\n    else: continue\n", "while a:\n    with b:\n        try: break\n        finally: pass\n", "for x in y:\n    for z in w: pass\n    else:\n        break\n",
	"def f():\n    x = 1\n    def g():\n        nonlocal x\n", "from a import *\nif x:\n    from b import *\n",
	"def f(a, b=1, *c, d, e=2, **g): pass\n", "def f(a, /, b=1, *, c): pass\n", "x = lambda *a, b=1, c: a\n",
	"f(a=1, *b, **c)\n", "f(*a, b=1, *c, **d, e=2, **g)\n", "f(*a.b, c)\n", "f(1, (a := 2), b=3)\n", "f(g(a=1), a=2)\n",
	"def f(): pass\n", "def f():\n    'doc'\n", "class A: x = 1\n", "if a:\n    # c\n    pass\n\n  # odd comment\nelse: pass\n",
	"if a:\n\tx = 1\n\ty = 2\n", "def f():\n  if a:\n          b\n          c\n  d\n", "x = (1,\n  2)\ny = [\n3]\n", "x = 1; y = 2\n", "if a: b; c\n", "if a: \\\n  b\n", "x = \\\n1\n",
	"def f():\n    x = '''\na\n'''\n    y = 1\n", "def f(\n  a,\n b):\n    pass\n", "@a\n@b\n\ndef f(): pass\n", "\f\nx = 1\n\f\ny = 2\n", "class A:\n    x = 1\n\n\n    y = 2\n",
	"try: pass\nexcept A: pass\n", "try: pass\nfinally: pass\n", "print('x')\n", "print\n", "print -1\n", "exec('x')\n", "x = 0, 00, 0_0, 0o10\n", "(x := 1)\n", "(a): int = 1\n", "a.b: int\n", "a, b = c\n",
	"match x:\n    case 1:\n        pass\n    case _: pass\n", "with (a as b, c): pass\n", "async def f():\n    async for x in y:\n        break\n", "x = 5.\ny = 1\n", "from . import a\n", "x = ...\ny = 1\n",
}

// What Python certainly refuses has an error, what it accepts has none.
func TestErrorsEqualPythons(t *testing.T) {
	texts := append(append([]string{}, refusedTexts...), acceptedTexts...)
	input, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	oracle := exec.Command(testenv.Python(t), "-c", compileOracle)
	oracle.Stdin = strings.NewReader(string(input))
	printed, err := oracle.Output()
	if err != nil {
		t.Fatal(err)
	}
	var compiles []bool
	if err := json.Unmarshal(printed, &compiles); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		if want := i >= len(refusedTexts); compiles[i] != want {
			t.Errorf("%q: Python compiles it: %v", text, compiles[i])
			continue
		}
		module := parsed(t, parser.Python, text)
		if got := len(module.Errors) == 0; got != compiles[i] {
			t.Errorf("%q: Python compiles it: %v, the errors are %v", text, compiles[i], module.Errors)
		}
		if len(module.Errors) > 1 {
			t.Errorf("%q has more than one error: %v", text, module.Errors)
		}
	}
}
