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

// Backend is what Compile needs to know of the backend while it works. The
// version that flytekit computes depends on the address the bundle was
// uploaded to, so the upload comes first (flytekit/remote/remote.py, register_script).
type Backend interface {
	// Upload stores the code bundle and returns its address. The file is gone when Compile returns.
	Upload(ctx context.Context, file string) (uri string, err error)
	// Registered tells whether an entity is known already, so that it needn't be serialised.
	Registered(ctx context.Context, id *core.Identifier) (bool, error)
	// UploadInputs replaces paths of this machine in the inputs by the
	// addresses that their content was uploaded to.
	UploadInputs(ctx context.Context, inputs *core.LiteralMap) error
}

// Compiled holds what is to be registered, in the order of registration.
type Compiled struct {
	Tasks       []*admin.TaskCreateRequest
	Workflows   []*admin.WorkflowCreateRequest
	LaunchPlans []*admin.LaunchPlanCreateRequest
	// Entity is what is executed: a task or a launch plan.
	Entity *core.Identifier
	Inputs *core.LiteralMap
	// Skipped tells that Entity was registered already: there is nothing to register.
	Skipped bool
}

// Compile loads the module, makes its bundle and serialises the entity and
// all that it needs, with the user's flytekit. Errors are those of Run, and
// those of the backend as they come.
func (p *Pool) Compile(ctx context.Context, python string, job CompileJob, backend Backend) (*Compiled, error) {
	return nil, errors.New("not built yet")
}
