package model

import (
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// Module is what a file defines. It is immutable and safe for concurrent use.
type Module struct {
	// Module is the evaluated module; nil of a Go file.
	*pyeval.Module
	// Entities are those that importing the file makes, in the order of their
	// definitions. Of a name that is defined more than once all are there, all
	// but the last Shadowed.
	Entities []*Entity

	program *pyeval.Program
	engine  *typeengine.Engine
}

// Of is the module of a source, evaluated by a program that was made with
// Natives and Options. The engine tells its types.
func Of(program *pyeval.Program, engine *typeengine.Engine, source *pyeval.Source) *Module {
	m := &Module{Module: program.Module(source), program: program, engine: engine}
	for _, made := range m.Made {
		if e, ok := made.(*Entity); ok {
			m.Entities = append(m.Entities, e)
		}
	}
	slices.SortStableFunc(m.Entities, func(a, b *Entity) int { return a.Definition - b.Definition })
	return m
}

// Entity is the entity that a name of the module stands for when the module is
// loaded; nil if there is none that the module makes.
func (m *Module) Entity(name string) *Entity {
	for i := len(m.Entities) - 1; i >= 0; i-- {
		if e := m.Entities[i]; e.Name == name && !e.Shadowed {
			return e
		}
	}
	return nil
}

// Version is the installed version of a distribution, "1.16.3"; "" if it isn't
// installed, or if there is no interpreter to ask.
func (m *Module) Version(distribution string) string {
	if m.engine == nil || m.engine.Version == nil {
		return ""
	}
	return m.engine.Version(distribution)
}

// Installed tells whether an import package is in the interpreter's
// site-packages; known is false if there is no interpreter to ask.
func (m *Module) Installed(pkg string) (installed, known bool) {
	if m.engine == nil || m.engine.Installed == nil {
		return false, false
	}
	return m.engine.Installed(pkg)
}

// typeCache has the types and literals of a variable once they are asked for.
type typeCache struct {
	typeMemo, defaultMemo memo
	literalType           *core.LiteralType
	assumed               []string
	typeErr               error
	literal               *core.Literal
	defaultErr            error
}

// clone is the variable without what was made of it.
func (v *Variable) clone() *Variable {
	return &Variable{
		Name: v.Name, NameSpan: v.NameSpan, Type: v.Type, TypeSpan: v.TypeSpan, PyType: v.PyType,
		Default: v.Default, DefaultSpan: v.DefaultSpan, DefaultValue: v.DefaultValue,
		Required: v.Required, Doc: v.Doc, annotation: v.annotation, in: v.in,
	}
}

// LiteralType is the Flyte type of a variable of one of the module's entities:
// a *typeengine.UnknownError says why it can't be told, a
// *typeengine.RejectedError that flytekit rejects it. Callers must not change
// it.
func (m *Module) LiteralType(v *Variable) (*core.LiteralType, error) {
	v.types.typeMemo.do(func() {
		switch t := v.PyType.(type) {
		case nil:
			v.types.typeErr = &typeengine.UnknownError{Reason: "the type of " + v.Name + " isn't known"}
		case *goType:
			v.types.literalType, v.types.typeErr = t.literalType()
		default:
			if v.types.literalType = typeengine.Simple(t); v.types.literalType != nil {
				return
			}
			var known bool
			if v.types.literalType, known, v.types.typeErr = m.ownType(t); known || v.types.typeErr != nil {
				return
			}
			v.types.literalType, v.types.assumed, v.types.typeErr = m.engine.Explain(m.program.Frame(m.Module), t)
		}
	})
	return v.types.literalType, v.types.typeErr
}

// Assumed are the facts about the installation that LiteralType takes, because
// there is no interpreter to ask: "pandas is installed". None as a rule.
func (m *Module) Assumed(v *Variable) []string {
	_, _ = m.LiteralType(v) // what it tells isn't asked for
	return v.types.assumed
}

// Default is the Literal of a variable's default: nil if it has none, with
// errors as LiteralType has them. An Optional without a default has None
// (core/interface.py:transform_inputs_to_parameters).
func (m *Module) Default(v *Variable) (*core.Literal, error) {
	v.types.defaultMemo.do(func() {
		value := v.DefaultValue
		if _, none := value.(pyeval.None); none || value == nil {
			if !isOptional(v.PyType) {
				return
			}
			v.types.literal = &core.Literal{Value: &core.Literal_Scalar{Scalar: &core.Scalar{
				Value: &core.Scalar_NoneType{NoneType: &core.Void{}},
			}}}
			return
		}
		if artifact(value) {
			return
		}
		if _, ok := value.(*goValue); ok {
			v.types.defaultErr = &typeengine.UnknownError{Reason: "the default is read when " + v.Name + " is used"}
			return
		}
		if v.types.defaultErr = m.within([]pyeval.Value{v.PyType}); v.types.defaultErr != nil {
			return
		}
		v.types.literal, v.types.defaultErr = m.engine.Literal(m.program.Frame(m.Module), v.PyType, value)
	})
	return v.types.literal, v.types.defaultErr
}

// artifact tells whether a default is a query for an artifact, which is no
// literal.
func artifact(value pyeval.Value) bool {
	instance, ok := value.(*pyeval.Instance)
	if !ok {
		return false
	}
	native, ok := instance.Class.(*pyeval.Native)
	return ok && (native.Name == artifactQuery || native.Name == "flytekit.core.artifact.Artifact")
}
