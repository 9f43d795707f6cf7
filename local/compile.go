package local

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

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
	// addresses that their content was uploaded to. What flytekit wrote itself
	// (pickled inputs, files that are defaults) is gone when Compile returns,
	// so a backend on this machine has to copy it too.
	UploadInputs(ctx context.Context, inputs *core.LiteralMap) error
}

// Compiled holds what is to be registered: the tasks in any order, then the
// workflows and launch plans in theirs. It is what `pyflyte run --remote` of
// the same flytekit would send.
type Compiled struct {
	Tasks       []*admin.TaskCreateRequest
	Workflows   []*admin.WorkflowCreateRequest
	LaunchPlans []*admin.LaunchPlanCreateRequest
	// Activations make launch plans active that are declared with auto_activate.
	Activations []*admin.LaunchPlanUpdateRequest
	// Entity is what is executed: a task, or a launch plan (of a workflow its
	// default one, which has the workflow's name).
	Entity *core.Identifier
	// Inputs are those of the execution, with the declared defaults.
	Inputs *core.LiteralMap
	// Skipped tells that Entity was registered already: there is nothing to register.
	Skipped bool
}

// Compile loads the module, makes its bundle and serialises the entity and all
// that it needs, with the user's flytekit. Errors are those of Run, and those
// of the backend as they come.
func (p *Pool) Compile(ctx context.Context, python string, job CompileJob, backend Backend) (*Compiled, error) {
	if job.Project == "" || job.Domain == "" {
		return nil, errors.New("compiling needs a project and a domain")
	}
	what := order{
		Kind: "compile", File: job.File, Entity: job.Entity, WorkDir: job.WorkDir, Inputs: job.Inputs,
		Project: job.Project, Domain: job.Domain, Version: job.Version, Image: job.Image,
	}
	var compiled *Compiled
	err := p.do(ctx, python, job.Env, job.Log, what, func(m message) (*reply, error) {
		switch m.Kind {
		case "upload":
			uri, err := backend.Upload(ctx, m.Path)
			return &reply{URI: uri}, err
		case "registered":
			id, err := decode(m.Entity, &core.Identifier{})
			if err != nil {
				return nil, err
			}
			known, err := backend.Registered(ctx, id)
			return &reply{Registered: known}, err
		case "compiled":
			var err error
			if compiled, err = decodeAll(m); err != nil {
				return nil, err
			}
			return &reply{}, upload(ctx, backend, compiled)
		case "log":
			p.log.Warn((&LogError{Path: job.Log, Err: errors.New(m.Problem)}).Error(), "log", job.Log)
		}
		return nil, nil
	})
	if err != nil {
		return nil, err
	}
	return compiled, nil
}

// upload brings the files of this machine that inputs, and defaults of launch
// plans, point to into the backend's store, while the child keeps them.
func upload(ctx context.Context, backend Backend, c *Compiled) error {
	if err := backend.UploadInputs(ctx, c.Inputs); err != nil {
		return err
	}
	for _, plan := range c.LaunchPlans {
		if err := backend.UploadInputs(ctx, plan.GetSpec().GetFixedInputs()); err != nil {
			return err
		}
		parameters := plan.GetSpec().GetDefaultInputs().GetParameters()
		defaults := &core.LiteralMap{Literals: map[string]*core.Literal{}}
		for name, parameter := range parameters {
			if literal := parameter.GetDefault(); literal != nil {
				defaults.Literals[name] = literal
			}
		}
		if err := backend.UploadInputs(ctx, defaults); err != nil {
			return err
		}
		for name, literal := range defaults.Literals {
			parameters[name].Behavior = &core.Parameter_Default{Default: literal}
		}
	}
	return nil
}

func decodeAll(m message) (*Compiled, error) {
	c := &Compiled{Skipped: m.Skipped}
	var failures [6]error
	c.Entity, failures[0] = decode(m.Entity, &core.Identifier{})
	c.Inputs, failures[1] = decode(m.Inputs, &core.LiteralMap{})
	c.Tasks, failures[2] = decodeList(m.Tasks, func() *admin.TaskCreateRequest { return &admin.TaskCreateRequest{} })
	c.Workflows, failures[3] = decodeList(m.Workflows, func() *admin.WorkflowCreateRequest { return &admin.WorkflowCreateRequest{} })
	c.LaunchPlans, failures[4] = decodeList(m.LaunchPlans, func() *admin.LaunchPlanCreateRequest { return &admin.LaunchPlanCreateRequest{} })
	c.Activations, failures[5] = decodeList(m.Activations, func() *admin.LaunchPlanUpdateRequest { return &admin.LaunchPlanUpdateRequest{} })
	return c, errors.Join(failures[:]...)
}

func decode[M proto.Message](data []byte, into M) (M, error) {
	if err := proto.Unmarshal(data, into); err != nil {
		return into, fmt.Errorf("what flytekit compiled can't be read: %w", err)
	}
	return into, nil
}

func decodeList[M proto.Message](data [][]byte, empty func() M) ([]M, error) {
	list := make([]M, len(data))
	for i := range data {
		var err error
		if list[i], err = decode(data[i], empty()); err != nil {
			return nil, err
		}
	}
	return list, nil
}
