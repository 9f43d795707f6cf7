package flytekit

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Accelerator is a GPU or TPU that flytekit has a name for, or a part of one.
type Accelerator struct {
	// Name is that in the module AcceleratorModule: "T4", "A100.partition_2g_10gb".
	Name string
	// Device is what nodes of the cluster call it: "nvidia-tesla-t4".
	Device string
	// Doc is Markdown, "" where there is none.
	Doc string
}

// AcceleratorModule has flytekit's names for accelerators.
const AcceleratorModule = "flytekit.extras.accelerators"

// Accelerators are those that the installed flytekit knows, in the order of its
// source, parts behind the whole.
func Accelerators(snapshot *workspace.Snapshot, from string) []Accelerator {
	core := snapshot.ModulePath(from, "flytekit")
	if core == "" {
		return nil
	}
	return remembered(snapshot, question{core, "accelerators"}, func() *answer {
		r, made := newReader(snapshot, from), &answer{}
		if m := r.module(AcceleratorModule); m != nil {
			for _, one := range m.assigned(m.file.AST.Body) {
				made.accelerators = append(made.accelerators, r.accelerator(m, one)...)
			}
		}
		made.files = r.files
		return made
	}).accelerators
}

// accelerator is the one that a name of a module is assigned, with its parts; none
// if something else is assigned.
func (r *reader) accelerator(m *module, assigned Member) []Accelerator {
	bound := m.names()[assigned.Name]
	call, ok := bound.node.(*ast.Call)
	if !ok {
		return nil
	}
	class := r.resolve(m, call.Func)
	if class == nil || !isClass(class) {
		return nil
	}
	lineage := r.lineage(class)
	if !slices.ContainsFunc(lineage, func(d *definition) bool { return d.node.(*ast.ClassDef).Name.ID == "BaseAccelerator" }) {
		return nil
	}
	whole := Accelerator{Name: assigned.Name}
	if len(call.Args) > 0 {
		whole.Device = textIn(call.Args[0])
	}
	var parts []Accelerator
	for _, of := range lineage {
		for _, member := range of.module.assigned(of.node.(*ast.ClassDef).Body) {
			switch made := member.expr.(type) {
			case *ast.Constant:
				if member.Name == "device" && whole.Device == "" {
					whole.Device = made.Text
				}
			case *ast.Call:
				if lastName(made.Func) == "partitioned" {
					parts = append(parts, Accelerator{Name: assigned.Name + "." + member.Name, Doc: member.Doc})
				}
			}
		}
	}
	if whole.Device == "" {
		return nil
	}
	for i := range parts {
		parts[i].Device = whole.Device
	}
	return append([]Accelerator{whole}, parts...)
}

func isClass(d *definition) bool {
	_, ok := d.node.(*ast.ClassDef)
	return ok
}

// textIn is the text of a string literal, "" of another expression.
func textIn(expr ast.Expr) string {
	if constant, ok := expr.(*ast.Constant); ok && constant.Kind == ast.StringConst {
		return constant.Text
	}
	return ""
}
