package complete

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/editing/flytekit"
)

// configs are the classes that flytekit's own plugins take as the task_config of a
// function: offered where the plugin isn't installed, too.
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
	var installed []class
	for _, one := range flytekit.TaskConfigs(c.snapshot, c.file.Path) {
		installed = append(installed, class{one.Module, one.Name})
		c.class(installed[len(installed)-1], one.Module)
	}
	for _, one := range configs {
		if !slices.Contains(installed, one) {
			c.class(one, one.module+", which isn't installed")
		}
	}
}

// accelerators offers the GPUs and TPUs that flytekit knows: the constants of
// flytekit.extras.accelerators.
func (c *completer) accelerators() {
	for _, one := range flytekit.Accelerators(c.snapshot, c.file.Path) {
		item := Item{Label: one.Name, Detail: one.Device, Kind: Constant, Text: one.Name, Doc: one.Doc}
		name, _, part := strings.Cut(one.Name, ".")
		if part {
			item.Kind = Member
		}
		item.Edits = c.imports(flytekit.AcceleratorModule, name)
		c.add(item)
	}
}
