package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

// cached is one task node's use of the cache.
type cached struct {
	node     *nodeRun
	template *core.TaskTemplate
	key      string // "" where the task isn't cached
}

// cacheOf reads what the task, and the node's overrides, say about caching.
func (n *nodeRun) cacheOf(template *core.TaskTemplate) *cached {
	c := &cached{node: n, template: template}
	meta, over := template.GetMetadata(), n.node.GetMetadata()
	enabled, version := meta.GetDiscoverable(), meta.GetDiscoveryVersion()
	if _, set := over.GetCacheableValue().(*core.NodeMetadata_Cacheable); set {
		enabled = over.GetCacheable()
	}
	if over.GetCacheVersion() != "" {
		version = over.GetCacheVersion()
	}
	if enabled && len(template.GetInterface().GetOutputs().GetVariables()) > 0 {
		c.key = cacheKey(template, version, n.inputs)
	}
	status := core.CatalogCacheStatus_CACHE_DISABLED
	if c.key != "" {
		status = core.CatalogCacheStatus_CACHE_MISS
	}
	c.report(status, nil)
	return c
}

func (c *cached) report(status core.CatalogCacheStatus, source *core.TaskExecutionIdentifier) {
	meta := &admin.TaskNodeMetadata{CacheStatus: status}
	if c.key != "" {
		id := c.template.GetId()
		meta.CatalogKey = &core.CatalogMetadata{
			DatasetId:   &core.Identifier{ResourceType: core.ResourceType_DATASET, Project: id.GetProject(), Domain: id.GetDomain(), Name: "flyte_task-" + id.GetName(), Version: id.GetVersion()},
			ArtifactTag: &core.CatalogArtifactTag{Name: c.key},
		}
		if source != nil {
			meta.CatalogKey.SourceExecution = &core.CatalogMetadata_SourceTaskExecution{SourceTaskExecution: source}
		}
	}
	c.node.row.Closure.TargetMetadata = &admin.NodeExecutionClosure_TaskNodeMetadata{TaskNodeMetadata: meta}
}

// lookup gives the outputs of an earlier run, nil if there are none.
func (c *cached) lookup(ctx context.Context) (*core.LiteralMap, error) {
	if c.key == "" {
		return nil, nil
	}
	if c.node.scope.run.execution.GetSpec().GetOverwriteCache() {
		c.report(core.CatalogCacheStatus_CACHE_SKIPPED, nil)
		return nil, nil
	}
	outputs, source, err := c.node.engine().Store.Cached(ctx, c.key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c.report(core.CatalogCacheStatus_CACHE_HIT, source)
	return outputs, nil
}

// store keeps the outputs for later runs. That it can't is no failure of the
// task.
func (c *cached) store(ctx context.Context, outputs *core.LiteralMap, source *core.TaskExecutionIdentifier) error {
	if c.key == "" {
		return nil
	}
	if err := c.node.engine().Store.Cache(ctx, c.key, outputs, source); err != nil {
		c.node.engine().Log.Warn("outputs can't be cached", "task", c.template.GetId().GetName(), "err", err)
		c.report(core.CatalogCacheStatus_CACHE_PUT_FAILURE, nil)
		return nil
	}
	c.report(core.CatalogCacheStatus_CACHE_POPULATED, source)
	return nil
}

// cacheKey is a hash of what decides a task's outputs: its project, domain and
// name, its cache version, its interface without descriptions, and the inputs
// without the ignored ones (propeller catalog/datacatalog/transformer.go).
func cacheKey(template *core.TaskTemplate, version string, inputs *core.LiteralMap) string {
	h := sha256.New()
	id := template.GetId()
	fmt.Fprintf(h, "%q %q %q %q\n", id.GetProject(), id.GetDomain(), id.GetName(), version)
	for _, variables := range []*core.VariableMap{template.GetInterface().GetInputs(), template.GetInterface().GetOutputs()} {
		plain := &core.VariableMap{Variables: map[string]*core.Variable{}}
		for name, variable := range variables.GetVariables() {
			plain.Variables[name] = &core.Variable{Type: withoutMetadata(variable.GetType())}
		}
		h.Write(canonical(plain))
	}
	relevant := &core.LiteralMap{Literals: map[string]*core.Literal{}}
	for name, literal := range inputs.GetLiterals() {
		if !slices.Contains(template.GetMetadata().GetCacheIgnoreInputVars(), name) {
			relevant.Literals[name] = hashed(literal)
		}
	}
	h.Write(canonical(relevant))
	return hex.EncodeToString(h.Sum(nil))
}

func canonical(m proto.Message) []byte {
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return []byte(err.Error()) // only invalid UTF-8, which no client can send
	}
	return append(data, '\n')
}

func withoutMetadata(t *core.LiteralType) *core.LiteralType {
	plain := proto.CloneOf(t)
	plain.Metadata, plain.Annotation = nil, nil
	return plain
}

// hashed is the literal with each value that has a hash of its own replaced by
// that hash.
func hashed(literal *core.Literal) *core.Literal {
	if literal.GetHash() != "" {
		return &core.Literal{Hash: literal.GetHash()}
	}
	switch value := literal.GetValue().(type) {
	case *core.Literal_Collection:
		items := make([]*core.Literal, len(value.Collection.GetLiterals()))
		for i, item := range value.Collection.GetLiterals() {
			items[i] = hashed(item)
		}
		return collection(items)
	case *core.Literal_Map:
		entries := make(map[string]*core.Literal, len(value.Map.GetLiterals()))
		for key, item := range value.Map.GetLiterals() {
			entries[key] = hashed(item)
		}
		return &core.Literal{Value: &core.Literal_Map{Map: &core.LiteralMap{Literals: entries}}}
	}
	return literal
}
