package analysis

import (
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

const executionPhase = "flytekit.models.core.execution.WorkflowExecutionPhase"

// notificationClasses take phases first, and then recipients_email
// (core/notification.py).
var notificationClasses = []string{
	"flytekit.core.notification.Email", "flytekit.core.notification.Slack", "flytekit.core.notification.PagerDuty",
}

// eachNotification gives the calls in the file that make notifications.
func (p *pass) eachNotification(f func(call *model.NativeCall)) {
	for _, call := range p.calls(notificationClasses...) {
		if call.Expr != nil {
			f(call)
		}
	}
}

// elements are those of a list or tuple that is known.
func elements(value pyeval.Value) ([]pyeval.Value, bool) {
	switch value := value.(type) {
	case *pyeval.List:
		return value.Elems, !value.Open
	case *pyeval.Tuple:
		return value.Elems, true
	}
	return nil, false
}
