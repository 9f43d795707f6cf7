package syntax

import (
	"runtime"
	"testing"
	"time"
)

// Trees that are closed, and trees that are forgotten, are freed.
func TestNoTreeIsLeaked(t *testing.T) {
	var last *Parsed
	for range 100 {
		next := ParseValid(PythonGrammar(), []byte("def f(): pass\n"), last)
		if last != nil {
			last.Close()
		}
		last = next
	}
	kept := last.Retain()
	last.Close()
	if kept.Tree() == nil {
		t.Error("a tree with an owner left was freed")
	}
	kept.Close()
	if kept.Tree() != nil {
		t.Error("a closed tree can still be read")
	}
	for range 100 {
		Parse(GoGrammar(), []byte("package p\n")) // forgotten
	}
	deadline := time.Now().Add(10 * time.Second)
	for live.Load() > 0 && time.Now().Before(deadline) {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	if n := live.Load(); n != 0 {
		t.Errorf("%d trees are left", n)
	}
}

// A node tells its place, its role and its children as the grammar names them.
func TestNodes(t *testing.T) {
	text := "f(a, b=1)\n"
	parsed := Parse(PythonGrammar(), []byte(text))
	defer parsed.Close()
	call := parsed.Tree().Root().First().First()
	arguments := call.Child("arguments")
	if call.Kind() != "call" || arguments.Field() != "arguments" || arguments.Leaf() {
		t.Errorf("got %s with %s", call.Kind(), arguments.Kind())
	}
	var kinds []string
	for child := range arguments.Children() {
		kinds = append(kinds, child.Kind())
	}
	if len(kinds) != 2 || kinds[0] != "identifier" || kinds[1] != "keyword_argument" {
		t.Errorf("the arguments are %v", kinds)
	}
	if got := text[arguments.Start():arguments.End()]; got != "(a, b=1)" {
		t.Errorf("the arguments' text is %q", got)
	}
	if none := call.Child("nothing"); none.OK() || none.Kind() != "" || none.First().OK() {
		t.Error("a child that isn't there is a node")
	}
}
