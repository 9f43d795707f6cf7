package complete

import (
	"time"

	"github.com/flyte-lsp/flyte-lsp/editing/flytekit"
	"github.com/flyte-lsp/flyte-lsp/editing/words"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Topic is what the documentation of an item is about. It is what an editor sends
// back to have the item resolved.
type Topic struct {
	// Callable is the canonical name of a function or class, and Param one of its
	// parameters, "" if it is the whole.
	Callable string `json:"callable,omitempty"`
	Param    string `json:"param,omitempty"`
	// Cron is a cron expression.
	Cron string `json:"cron,omitempty"`
}

// Documentation is Markdown about a topic, as the module at a path sees it; "" if
// there is nothing to say.
func Documentation(snapshot *workspace.Snapshot, path string, topic Topic, now time.Time) string {
	if topic.Cron != "" {
		return words.Schedule(topic.Cron, now)
	}
	callable := flytekit.Named(snapshot, path, topic.Callable)
	if callable == nil {
		return ""
	}
	if topic.Param == "" {
		return callable.Doc
	}
	param := callable.Param(topic.Param)
	if param == nil {
		return ""
	}
	return param.Markdown()
}
