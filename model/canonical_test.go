package model_test

import (
	"bytes"
	"os"
	"os/exec"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/model"
)

// The table of flytekit's names is that of the pinned flytekit: `go generate
// ./model` makes it.
func TestCanonicalNamesAreFresh(t *testing.T) {
	want, err := exec.CommandContext(t.Context(), testenv.Python(t), "canonical.py").Output()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("canonical.txt")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("canonical.txt is stale: run `go generate ./model`")
	}
}

func TestCanonical(t *testing.T) {
	for name, want := range map[string]string{
		"flytekit.task":                             "flytekit.core.task.task",
		"flytekit.dynamic":                          "flytekit.core.dynamic_workflow_task.dynamic",
		"flytekit.Workflow":                         "flytekit.core.workflow.ImperativeWorkflow",
		"flytekit.LaunchPlan.get_or_create":         "flytekit.core.launch_plan.LaunchPlan.get_or_create",
		"flytekit.core.task":                        "flytekit.core.task",
		"flytekit.current_context":                  "flytekit.current_context",
		"flytekit.types.file.FlyteFile":             "flytekit.types.file.file.FlyteFile",
		"flytekit.extras.pytorch.PyTorchCheckpoint": "flytekit.extras.pytorch.checkpoint.PyTorchCheckpoint",
		"pandas.core.frame.DataFrame":               "pandas.DataFrame",
		"pandas.DataFrame":                          "pandas.DataFrame",
		"unknown.library.Name":                      "unknown.library.Name",
	} {
		if got := model.Canonical(name); got != want {
			t.Errorf("Canonical(%s) = %s, want %s", name, got, want)
		}
	}
}
