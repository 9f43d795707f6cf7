package lspclient

import (
	"context"
	"encoding/json"
	"fmt"

	"go.lsp.dev/protocol"
)

// Progress is a step of a progress display.
type Progress struct {
	Kind, Title, Message string
}

// FollowRun gives each step of a run's progress display, sent since a mark, to
// onStep and returns when the display ends.
func (c *Client) FollowRun(ctx context.Context, since int, run string, onStep func(Progress)) error {
	for {
		message, err := c.Wait(ctx, since, func(message Message) bool {
			since++
			return message.Method == protocol.MethodProgress
		})
		if err != nil {
			return fmt.Errorf("run %s: %w", run, err)
		}
		var params struct {
			Token string   `json:"token"`
			Value Progress `json:"value"`
		}
		if json.Unmarshal(message.Params, &params) != nil || params.Token != "flyte-run-"+run {
			continue
		}
		onStep(params.Value)
		if params.Value.Kind == string(protocol.WorkDoneProgressKindEnd) {
			return nil
		}
	}
}
