package lsp_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// typed are texts that somebody types, character by character, in the place of
// a comment of flickering.
var typed = []struct{ name, at, text string }{
	{"a call", "# within", `z = add(a=x, b=[1, (2, {"k": 'v'})])`},
	{"a chain", "# within", `z = add(a=x).with_overrides(node_name="n", retries=3)`},
	{"a condition", "# within", `z = conditional("c").if_((x == 1) & (x > 0)).then(add(a=x)).else_().fail("no")`},
	{"statements", "# within", "if x is None:\n        pass\n    elif x:\n        return 1\n    for i in [1]:\n        while i: break\n    with open('f') as f:\n        f.read()"},
	{"a try", "# within", "try:\n        y = x\n    except ValueError as e:\n        raise\n    finally:\n        pass"},
	{"strings", "# within", "s = f\"{x!r:>{2}}\" 'a' b'c' r\"\\\"\n    t = \"\"\"long\n    text\"\"\""},
	{"comprehensions", "# within", "z = [i for i in {k: v for k, v in {}.items()} if (lambda q: q)(i)]"},
	{"a decorator", "# above", `@dynamic(cache=True, cache_version="1", retries=[1, (2)])`},
	{"a function", "# between", "def made(a: int, *, b: Dict[str, List[int]] = None) -> Tuple[int, str]:\n    \"\"\"Says it.\"\"\"\n    return a, \"b\""},
	{"a class", "# between", "class Made(Dict[str, int]):\n    a: int = 1\n\n    @property\n    async def f(self) -> \"Made\":\n        return await self"},
	{"names", "# between", "LIMIT: int = (1 +\n    2)\nglobal LIMIT\ndel LIMIT, x\nassert LIMIT, \"no\""},
	{"an import", "# between", "from os.path import (join as j,\n    exists)\nimport json, re as r"},
}

const flickering = `from typing import Dict, List, Tuple

from flytekit import conditional, dynamic, task, workflow


@task
def add(a: int, b: int = 1) -> int:
    return a + b


@workflow
def first(x: int) -> int:
    return add(a=x, c=1)


# above
@task
def second(x: int) -> int:
    # within
    return x


# between


@workflow
def third(x: int) -> int:
    return add(a=x, d=1)


@task
def fourth(e) -> int:
    return 1
`

// While somebody types in one place, no finding elsewhere comes or goes: not in
// the file, and not in one that imports it. That this one's import fails is as
// true as it is short.
func TestNothingFlickers(t *testing.T) {
	t.Parallel()
	const importer = `from flytekit import workflow

from flow import add, first, third


@workflow
def fifth(x: int) -> int:
    first(x=x, f=1)
    return add(a=third(y=x))
`
	for _, one := range typed {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			path, other := filepath.Join(root, "flow.py"), filepath.Join(root, "other.py")
			before, after, _ := strings.Cut(flickering, one.at)
			s := pulling(t, root, nil, false)
			s.must(s.OpenText(s.ctx, path, "python", before+after))
			s.must(s.OpenText(s.ctx, other, "python", importer))
			near := strings.Count(before, "\n")
			findings := func(text string) string {
				var found []string
				for _, item := range s.pull(path, "").Items {
					line, end := int(item.Range.Start.Line), near+strings.Count(text, "\n")
					switch {
					case line > end+3: // beyond the function that is typed at
						line -= end - near
					case line >= near-1:
						continue
					}
					found = append(found, fmt.Sprint(line, " ", item.Code, ": ", item.Message))
				}
				for _, item := range s.pull(other, "").Items {
					if item.Code != "import-error" {
						found = append(found, fmt.Sprint("other ", item.Range.Start.Line, " ", item.Code, ": ", item.Message))
					}
				}
				return strings.Join(found, "\n")
			}
			want := findings("")
			if strings.Count(want, "\n") != 5 {
				t.Fatalf("found are\n%s\nwant six", want)
			}
			for i := range one.text {
				end := parser.NewSource([]byte(before + one.text[:i])).Position(len(before) + i)
				at := protocol.Position{Line: uint32(end.Line), Character: uint32(end.Character)}
				s.must(s.Replace(s.ctx, path, i+2, protocol.Range{Start: at, End: at}, one.text[i:i+1]))
				if got := findings(one.text[:i+1]); got != want {
					t.Errorf("with %q there is\n%s\nwant\n%s", one.text[:i+1], got, want)
				}
			}
		})
	}
}
