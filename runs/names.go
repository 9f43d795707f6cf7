package runs

import (
	"cmp"
	"context"
	"errors"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/remote"
	"github.com/flyte-lsp/flyte-lsp/sandbox"
)

// maxNames bounds how many names of a backend are asked for.
const maxNames = 5000

// ErrNoBackend says that no backend is configured and no sandbox runs.
var ErrNoBackend = errors.New("no Flyte backend is configured and the sandbox doesn't run")

// Names are the names of entities that are registered on the backend that runs of a
// folder go to, in a project and domain; empty ones are those of the configuration.
// Nothing is started for it: without a backend it is ErrNoBackend. Other errors are
// those of remote.LoadConfig and remote.Client.Names.
func Names(ctx context.Context, workDir string, settings Settings, kind core.ResourceType, project, domain string) ([]string, error) {
	config, err := connected(ctx, workDir, settings)
	if err != nil {
		return nil, err
	}
	client, err := remote.Dial(config)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	return client.Names(ctx, kind, cmp.Or(project, settings.Project, config.Project), cmp.Or(domain, settings.Domain, config.Domain), maxNames)
}

// connected is the configuration of the backend that there is.
func connected(ctx context.Context, workDir string, settings Settings) (remote.Config, error) {
	if settings.Config != SandboxConfig {
		config, err := FindConfig(settings.Config, workDir)
		var none *remote.NoConfigError
		if !errors.As(err, &none) {
			return config, err
		}
	}
	status, err := sandbox.Find(ctx, "")
	if err != nil || !status.Running {
		return remote.Config{}, ErrNoBackend
	}
	return remote.LoadConfig(remote.LoadOptions{File: status.ConfigFile, Getenv: func(string) string { return "" }})
}
