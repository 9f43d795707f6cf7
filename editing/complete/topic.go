package complete

import (
	"fmt"
	"strings"
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

// nextTimes is how many times of a schedule are told.
const nextTimes = 5

// Documentation is Markdown about a topic, as the module at a path sees it; "" if
// there is nothing to say.
func Documentation(snapshot *workspace.Snapshot, path string, topic Topic, now time.Time) string {
	if topic.Cron != "" {
		return cronText(topic.Cron, now)
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
	text := "```python\n" + param.Name
	if param.Type != "" {
		text += ": " + param.Type
	}
	if param.Default != "" {
		text += " = " + param.Default
	}
	return strings.TrimSpace(text + "\n```\n\n" + param.Doc)
}

// cronText says when a cron expression fires.
func cronText(expression string, now time.Time) string {
	said, next, ok := words.Cron(expression, now, nextTimes)
	if !ok {
		return ""
	}
	var text strings.Builder
	fmt.Fprintf(&text, "`%s`: %s, UTC. Next:\n", expression, said)
	for _, at := range next {
		fmt.Fprintf(&text, "\n- %s · %s", at.Format("Mon 2006-01-02 15:04 MST"), at.In(now.Location()).Format("Mon 15:04 MST"))
	}
	return text.String()
}
