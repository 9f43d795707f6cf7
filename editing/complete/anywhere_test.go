package complete_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/editing/complete"
	"github.com/flyte-lsp/flyte-lsp/editing/signature"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// TestAnywhere: no offset makes completion or signature help fail, in a text or in
// what is left of it while it is typed; what is inserted stands at the offset.
func TestAnywhere(t *testing.T) {
	text := head + `@workflow
def w(n: int, s: str = 'ä') -> Out:
    x = t2(a=n)
    t1(1, b=f"{s}", *[], **{"flag": True}).with_overrides(requests=Resources(cpu="1", mem=("1Gi", '2Gi')))
    p = map_task(partial(paint, mode="fast"))(color=[Color.RED])
    return Out(x.count, x.text)

lp = LaunchPlan.get_or_create(w, "lp", default_inputs={"n": 1}, schedule=CronSchedule(schedule="0 * * * *"))
`
	w := workspace.New()
	path := filepath.Join(t.TempDir(), "flow.py")
	for end := len(head); end <= len(text); end += 7 {
		for _, now := range []string{text, text[:end]} {
			if strings.ToValidUTF8(now, "") != now {
				continue
			}
			w.Open(path, int32(end), []byte(now))
			list, err := complete.At(t.Context(), w.Snapshot(), path, end, complete.Options{Words: new(complete.Words)})
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range list.Items {
				if end > len(now) || item.Insert.End != end || item.Insert.Start > end || item.Replace.Start != item.Insert.Start || item.Replace.End < end {
					t.Errorf("at %d of %d, %q replaces %v or %v", end, len(now), item.Label, item.Insert, item.Replace)
				}
			}
			if _, err := signature.At(t.Context(), w.Snapshot(), path, end); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, offset := range []int{-1, len(text) + 1} {
		if list, err := complete.At(t.Context(), w.Snapshot(), path, offset, complete.Options{}); err != nil || len(list.Items) > 0 {
			t.Errorf("at %d there are %v, %v", offset, list.Items, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := complete.At(ctx, w.Snapshot(), path, len(head), complete.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled completion gives %v", err)
	}
}
