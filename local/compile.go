package local

import (
	"context"
	"errors"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// CompileJob asks for the specs of one entity as `pyflyte run --remote` would register them.
type CompileJob struct {
	File, Entity, WorkDir string
	Project, Domain       string
	// Version is computed as pyflyte does where it is empty.
	Version string
	// Image is the default image; empty means flytekit's own default.
	Image  string
	Inputs map[string]any
	// Env holds KEY=VALUE pairs that are added to the environment.
	Env []string
	// Log is the file that stdout and stderr of the module go to.
	Log string
}

// Bundle is the code that a fast registration uploads.
type Bundle struct {
	// Path is the archive, which is removed when Compile returns.
	Path string
	MD5  []byte
	// Version is what the entities will be registered with.
	Version string
	// Entity is what would be executed: a task or a launch plan.
	Entity *core.Identifier
}

// Compiled holds what is to be registered, in the order of registration.
type Compiled struct {
	Tasks       []*admin.TaskCreateRequest
	Workflows   []*admin.WorkflowCreateRequest
	LaunchPlans []*admin.LaunchPlanCreateRequest
	Inputs      *core.LiteralMap
	Entity      *core.Identifier
	// Skipped tells that negotiate asked for no specs: only Inputs and Entity are set.
	Skipped bool
}

// Compile loads the module, makes its bundle, asks negotiate where it was
// uploaded to (or whether the version is registered already) and serialises.
// Errors are those of Run and of negotiate.
func (p *Pool) Compile(ctx context.Context, python string, job CompileJob, negotiate func(ctx context.Context, bundle Bundle) (distribution string, skip bool, err error)) (*Compiled, error) {
	return nil, errors.New("not built yet")
}
