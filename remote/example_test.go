package remote_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/remote"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// Run a registered launch plan and print what it returns.
func Example() {
	ctx := context.Background()
	cfg, err := remote.LoadConfig(remote.LoadOptions{})
	if err != nil {
		log.Fatal(err)
	}
	client, err := remote.Dial(cfg)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	id, err := client.Execute(ctx, remote.ExecuteRequest{
		Project: cfg.Project, Domain: cfg.Domain,
		Entity: &core.Identifier{
			ResourceType: core.ResourceType_LAUNCH_PLAN, Project: cfg.Project, Domain: cfg.Domain,
			Name: "workflow.product_rating", Version: "v1",
		},
	})
	if err != nil {
		log.Print(err)
		return
	}
	fmt.Println(client.ExecutionURL(id))
	end, err := client.Watch(ctx, id, func(now remote.Execution) { fmt.Println(now.Phase) })
	if err != nil || end.Phase != core.WorkflowExecution_SUCCEEDED {
		log.Print(err, end.Error.GetMessage(), end.AbortCause)
		return
	}
	outputs, err := client.Outputs(ctx, id)
	if err != nil {
		log.Print(err)
		return
	}
	for name, value := range outputs.GetLiterals() {
		fmt.Println(name, literal.Text(value))
	}
}

// Without any file the environment is enough; without either, the error says
// where a configuration was looked for.
func ExampleLoadConfig() {
	environment := map[string]string{"FLYTE_PLATFORM_URL": "dns:///localhost:30080", "FLYTE_PLATFORM_INSECURE": "true"}
	getenv := func(name string) string { return environment[name] }

	cfg, err := remote.LoadConfig(remote.LoadOptions{Getenv: getenv, Home: "/nobody", WorkDir: "/nowhere"})
	fmt.Println(cfg.Endpoint, cfg.Insecure, cfg.Project, cfg.Domain, err)

	clear(environment)
	_, err = remote.LoadConfig(remote.LoadOptions{Getenv: getenv, Home: "/nobody", WorkDir: "/nowhere"})
	var none *remote.NoConfigError
	if errors.As(err, &none) {
		fmt.Println(none.Looked[len(none.Looked)-2])
	}
	// Output:
	// localhost:30080 true flytesnacks development <nil>
	// /nobody/.flyte/config.yaml (doesn't exist)
}
