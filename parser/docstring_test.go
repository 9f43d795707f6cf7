package parser_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

const docstrings = `
def google():
    """Do it.

    A longer text: with a colon.

    Args:
        first (int): the first one,
            over two lines.
        second: the second one.

    Returns:
        Both of them.
    """

def sphinx():
    """
    Do it.

    :param first: the first one
    :param str second: the second one,
        over two lines
    :return: the first
    """

def numpy():
    """Do it.

    Parameters
    ----------
    first : int
        The first one,
        over two lines.
    second
        The second one.

    Returns
    -------
    int
        The first.
    """

def raw():
    r"""No \section.

    Args:
        first: the first one
    """

def plain():
    """Args are none."""

def nothing():
    pass
`

// What a docstring says of parameters, and of what is returned, is what
// flytekit takes from it, as one paragraph where flytekit keeps the lines.
func TestDocstringsAreFlytekits(t *testing.T) {
	const script = `import json, sys
from flytekit.core.docstring import Docstring

def texts(doc):
    found = Docstring(docstring=doc)
    outputs = {"return": text for text in found.output_descriptions.values()}
    return {name: " ".join(text.split()) for name, text in {**outputs, **found.input_descriptions}.items()}

print("\n" + json.dumps([texts(doc) for doc in json.load(sys.stdin)]))`
	module := parsed(t, parser.Python, docstrings)
	var docs []string
	for _, statement := range module.AST.Body {
		docs = append(docs, statement.(*ast.FunctionDef).Doc)
	}
	input, err := json.Marshal(docs)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(testenv.Python(t), "-c", script)
	command.Stdin, command.Stderr = strings.NewReader(string(input)), os.Stderr
	printed, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(printed)), "\n")
	var want []map[string]string
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &want); err != nil {
		t.Fatalf("%v in %s", err, printed)
	}
	for i, statement := range module.AST.Body {
		got := parser.Docstring(docs[i])
		delete(got, "int") // the type of what NumPy's style says is returned
		if name := statement.(*ast.FunctionDef).Name.ID; !reflect.DeepEqual(got, want[i]) {
			t.Errorf("%s: got %q, want %q", name, got, want[i])
		}
	}
}
