package analysis

var _ = register(&Rule{
	Code:     "resources-keyword",
	Summary:  "Resources is given a keyword that it doesn't have.",
	Details:  "Resources takes cpu, mem, gpu and ephemeral_storage. Any other keyword is a TypeError when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "resources.py:Resources",
	Bad: `from flytekit import Resources, task


@task(requests=Resources(cpu="1", «memory»="1Gi"))
def train(epochs: int) -> int:
    return epochs
`,
	Fixed: `from flytekit import Resources, task


@task(requests=Resources(cpu="1", mem="1Gi"))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) { p.constructed(resourcesClass, resourceNames) },
})

// resourceNames are what people call resources elsewhere.
var resourceNames = map[string]string{
	"memory": "mem", "gpus": "gpu", "cpus": "cpu", "storage": "ephemeral_storage", "disk": "ephemeral_storage",
}
