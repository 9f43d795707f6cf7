package complete

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// configs are the classes of flytekit's plugins that a task's task_config may be
// an object of: those that TaskPlugins.register_pythontask_plugin is given.
var configs = []class{
	{"flytekitplugins.spark", "Spark"}, {"flytekitplugins.spark", "Databricks"}, {"flytekitplugins.spark", "DatabricksV2"},
	{"flytekitplugins.ray", "RayJobConfig"}, {"flytekitplugins.dask", "Dask"},
	{"flytekitplugins.kfpytorch", "PyTorch"}, {"flytekitplugins.kfpytorch", "Elastic"},
	{"flytekitplugins.kftensorflow", "TfJob"}, {"flytekitplugins.kfmpi", "MPIJob"}, {"flytekitplugins.kfmpi", "HorovodJob"},
	{"flytekitplugins.pod", "Pod"}, {"flytekitplugins.awsbatch", "AWSBatchConfig"}, {"flytekitplugins.mmcloud", "MMCloudConfig"},
	{"flytekitplugins.perian_job", "PerianConfig"}, {"flytekitplugins.slurm", "SlurmFunctionConfig"},
}

// taskConfigs offers the classes of configurations, those of installed plugins
// first.
func (c *completer) taskConfigs() {
	sorted := slices.Clone(configs)
	installed := func(one class) bool {
		is, known := c.Module.Installed(one.module)
		return is && known
	}
	slices.SortStableFunc(sorted, func(a, b class) int {
		switch first, second := installed(a), installed(b); {
		case first && !second:
			return -1
		case second && !first:
			return 1
		}
		return 0
	})
	for _, one := range sorted {
		detail := one.module
		if !installed(one) {
			detail += " (isn't installed)"
		}
		c.class(one, detail)
	}
}

// accelerators offers the GPUs and TPUs that flytekit knows: the constants of
// flytekit.extras.accelerators.
func (c *completer) accelerators() {
	const module = "flytekit.extras.accelerators"
	file, err := c.snapshot.File(c.snapshot.ModulePath(c.file.Path, module))
	if err != nil || file.AST == nil {
		return
	}
	for _, stmt := range file.AST.Body {
		assign, ok := stmt.(*ast.Assign)
		if !ok || len(assign.Targets) != 1 {
			continue
		}
		made, isCall := assign.Value.(*ast.Call)
		target, isName := assign.Targets[0].(*ast.Name)
		if !isCall || !isName || target.ID != strings.ToUpper(target.ID) {
			continue
		}
		if of, ok := made.Func.(*ast.Name); ok && of.ID == "TypeVar" {
			continue
		}
		name := target.ID
		c.add(Item{Label: name, Detail: module, Kind: Constant, Text: name, Edits: c.imports(module, name)})
	}
}
