package model

import (
	"errors"
	"fmt"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// Mistake is a value that an input or an output doesn't take: flytekit rejects
// it or, of a promise, the backend's compiler.
type Mistake struct {
	// Code is the kind of mistake, as package analysis calls its rule.
	Code string
	// Expr is the smallest expression that stands for the value; nil where none
	// is written.
	Expr ast.Expr
	// Value is what is given, a part of the binding's value maybe, and Type the
	// Python type that is wanted in its place. TypeText is how one writes that.
	Value    pyeval.Value
	Type     pyeval.Value
	TypeText string
	// Part: it is an element of a list or dict that is given.
	Part bool
	// Said is flytekit's text.
	Said string
	// Gives and Wants are the types of a promise that doesn't fit; nil of others.
	Gives, Wants *core.LiteralType
}

// Mistakes are what is wrong with the value of a binding. What the source
// doesn't tell isn't among them.
func (m *Module) Mistakes(b Binding) []Mistake {
	if b.Variable == nil || plainlyOf(b.Variable.PyType, b.Value) || m.within([]pyeval.Value{b.Variable.PyType}) != nil {
		return nil
	}
	_, mistakes, _ := m.bind(b, false) // an error is among the mistakes, or tells that it isn't known
	return mistakes
}

// ReturnMistakes are what is wrong with a value that a task returns for an
// output, as Mistakes has them.
func (m *Module) ReturnMistakes(b Binding) []Mistake {
	if b.Variable == nil || plainlyOf(b.Variable.PyType, b.Value) || m.within([]pyeval.Value{b.Variable.PyType}) != nil {
		return nil
	}
	_, mistakes, _ := m.bind(b, true)
	return mistakes
}

// plainlyOf tells at a glance that a value is of a type: most are of simple
// ones.
func plainlyOf(t, value pyeval.Value) bool {
	switch t := t.(type) {
	case *pyeval.Native:
		switch v := value.(type) {
		case pyeval.Int:
			return t.Name == "builtins.int" && v.IsInt64()
		case pyeval.Float:
			return t.Name == "builtins.float"
		case pyeval.Str:
			return t.Name == "builtins.str"
		case pyeval.Bool:
			return t.Name == "builtins.bool"
		case *Promise:
			of, ok := v.Type.(*pyeval.Native)
			return ok && of.Name == t.Name && len(v.Path) == 0
		}
	case *pyeval.Alias:
		switch v := value.(type) {
		case *Promise:
			return v.Type == pyeval.Value(t) && len(v.Path) == 0
		case *pyeval.List:
			if v.Open || len(t.Args) != 1 || !isNative(t.Origin, "builtins.list") {
				return false
			}
			for _, elem := range v.Elems {
				if !plainlyOf(t.Args[0], elem) {
					return false
				}
			}
			return true
		}
	}
	return false
}

// mistake notes what flytekit rejects.
func (b *binder) mistake(rejection *typeengine.RejectedError, pyType, value pyeval.Value, at ast.Expr) {
	switch b.frame.Resolve(value).(type) {
	case *nodeHandle, *Outputs, *Void, *section, *coroutine:
		return // that has a rule of its own
	}
	code := rejection.Code
	if code == "constant-type" && b.within != "" {
		code = b.within
	}
	if code != "" {
		b.note(Mistake{Code: code, Expr: at, Value: b.frame.Resolve(value), Type: pyType, Said: rejection.Message})
	}
}

func (b *binder) note(m Mistake) {
	m.TypeText, m.Part = typeText(b.frame, m.Type), b.within != ""
	b.mistakes = append(b.mistakes, m)
}

// checkDict notes a dict that isn't taken for a dataclass or a model when the
// workflow runs. The workflow can be compiled all the same.
func (b *binder) checkDict(pyType pyeval.Value, dict *pyeval.Dict, at ast.Expr) {
	if rejection := (*typeengine.RejectedError)(nil); errors.As(b.module.engine.DictFor(b.frame, pyType, dict), &rejection) {
		b.mistake(rejection, pyType, dict, at)
	}
}

// written is a value that isn't looked into any further. It notes what
// flytekit takes although it looks wrong: a value that a Literal doesn't list,
// and a path of this machine.
func (b *binder) written(expected *core.LiteralType, pyType, value pyeval.Value, at ast.Expr) (*core.BindingData, error) {
	data, err := b.scalar(pyType, value)
	if alias, ok := pyType.(*pyeval.Alias); ok && err == nil && isNative(alias.Origin, "typing.Literal") && !b.lists(alias, value) {
		b.note(Mistake{Code: "constant-literal-value", Expr: at, Value: value, Type: pyType})
	}
	if object, ok := value.(*pyeval.Instance); ok && err == nil && expected.GetSimple() == core.SimpleType_STRUCT && !b.tries {
		for _, m := range b.module.engine.Unreadable(b.frame, object) {
			b.note(Mistake{
				Code: "constant-dataclass", Expr: fieldAt(at, object, m.Field), Value: m.Value, Type: m.Type,
				Said: fmt.Sprintf("%s can't be read as %s", m.Field, typeText(b.frame, m.Type)),
			})
		}
	}
	if path, ok := b.localPath(value); ok && !b.returned && !b.tries && expected.GetBlob() != nil && isFileType(pyType) {
		b.note(Mistake{Code: "constant-file-local", Expr: at, Value: value, Type: pyType, Said: path})
	}
	return data, err
}

// fieldAt is what is written for a field of an object: the whole where that
// isn't a call which names it.
func fieldAt(at ast.Expr, object *pyeval.Instance, name string) ast.Expr {
	if call, ok := at.(*ast.Call); ok && call == object.Call {
		for _, keyword := range call.Keywords {
			if keyword.Arg == name {
				return keyword.Value
			}
		}
	}
	return at
}

// lists tells whether a Literal lists a value, or may do so.
func (b *binder) lists(alias *pyeval.Alias, value pyeval.Value) bool {
	for _, arg := range alias.Args {
		switch arg := b.frame.Resolve(arg).(type) {
		case pyeval.Str, pyeval.Int, pyeval.Float, pyeval.Bool:
			if pyeval.Same(arg, value) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// isFileType tells whether a type is FlyteFile or FlyteDirectory, with a format
// or without.
func isFileType(t pyeval.Value) bool {
	if alias, ok := t.(*pyeval.Alias); ok {
		t = alias.Origin
	}
	return isNative(t, fileClass) || isNative(t, directoryClass)
}

const (
	fileClass      = "flytekit.types.file.file.FlyteFile"
	directoryClass = "flytekit.types.directory.types.FlyteDirectory"
)

// localPath is a path of the machine that compiles the workflow: a text, or
// what a FlyteFile or FlyteDirectory is made with.
func (b *binder) localPath(value pyeval.Value) (string, bool) {
	if instance, ok := value.(*pyeval.Instance); ok && isFileType(instance.Class) && !instance.Open && len(instance.Args)+len(instance.Keywords) == 1 {
		call := &pyeval.Call{Args: positional(instance.Args), Keywords: instance.Keywords}
		value = b.frame.Resolve(call.Value(0, "path", pyeval.None{}))
	}
	text, ok := value.(pyeval.Str)
	if !ok || text == "" || strings.Contains(string(text), "://") || strings.Contains(string(text), "::") {
		return "", false
	}
	return string(text), true
}

// codeOf is the code of a value that isn't one of a type.
func codeOf(expected *core.LiteralType) string {
	switch {
	case expected.GetCollectionType() != nil:
		return "constant-list"
	case expected.GetMapValueType() != nil:
		return "constant-dict"
	}
	return "constant-type"
}

// key is a key of a dict that is bound to Dict[str, T].
func (b *binder) key(key pyeval.Value, at ast.Expr) (string, error) {
	switch key := b.frame.Resolve(key).(type) {
	case pyeval.Str:
		return string(key), nil
	case pyeval.None, pyeval.Bool, pyeval.Int, pyeval.Float, pyeval.Bytes, *pyeval.Tuple:
		rejection := &typeengine.RejectedError{Message: "Flyte MapType expects all keys to be strings", Code: "constant-dict"}
		b.mistake(rejection, &pyeval.Native{Name: "builtins.str"}, key, at)
		return "", rejection
	}
	return "", unknownError("the source doesn't tell a key of a dict")
}

// worse is the error that tells more: what is rejected is so, whatever else
// isn't known.
func worse(a, b error) error {
	if rejection := (*typeengine.RejectedError)(nil); a == nil || errors.As(b, &rejection) && !errors.As(a, &rejection) {
		return b
	}
	return a
}

// elementsOf gives what is written for each of n elements of a list: the whole
// where they aren't written one by one.
func elementsOf(at ast.Expr, n int) func(int) ast.Expr {
	list, ok := at.(*ast.List)
	if !ok || len(list.Elts) != n {
		return func(int) ast.Expr { return at }
	}
	for _, element := range list.Elts {
		if _, starred := element.(*ast.Starred); starred {
			return func(int) ast.Expr { return at }
		}
	}
	return func(i int) ast.Expr { return list.Elts[i] }
}

// entryAt is what is written for the key and the value of one of n entries of
// a dict.
func entryAt(at ast.Expr, i, n int) (key, value ast.Expr) {
	dict, ok := at.(*ast.Dict)
	if !ok || len(dict.Values) != n || dict.Keys[i] == nil {
		return at, at
	}
	return dict.Keys[i], dict.Values[i]
}
