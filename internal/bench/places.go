package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
)

// A place is somewhere in examples/ where servers are asked for something.
type place struct {
	what   string
	method string // below textDocument/
	file   string // below examples/
	// before is the text that ends at the place; typed is typed there first.
	before, typed string
}

// places are what the servers are compared by. The last one is plain Python.
var places = []place{
	{"inputs of the task that is called", "completion", "quickstart/workflow.py", "reviews = fetch_reviews(", ""},
	{"keywords of @task", "completion", "quickstart/workflow.py", "@task", "(ca"},
	{"fields of a promise of a dataclass", "completion", "simulation/workflow.py", "read_log(log=result.", ""},
	{"inputs in a launch plan's defaults", "completion", "quickstart/workflow.py", "default_inputs={\"", ""},
	{"a quantity of memory", "completion", "housing/housing/data.py", "requests=Resources(mem=\"", ""},
	{"a cron schedule", "completion", "monorepo/ingest/ingest/workflows.py", "CronSchedule(schedule=\"", ""},
	{"the name of a task to refer to", "completion", "monorepo/report/report/upstream.py", "name=\"ingest", ""},
	{"the call of a task", "signatureHelp", "newsletter/newsletter.py", "return add_subject(", ""},
	{"the call of a map task", "signatureHelp", "wordcount/wordcount.py", "min_success_ratio=0.9)(", ""},
	{"the call of a launch plan", "signatureHelp", "quickstart/workflow.py", "reviews = fetch_reviews(limit=limit)", "\n    short_rating("},
	{"a task that is called", "hover", "quickstart/workflow.py", "return ra", ""},
	{"an input in a call", "hover", "quickstart/workflow.py", "fetch_reviews(lim", ""},
	{"a promise", "hover", "quickstart/workflow.py", "rate(reviews=rev", ""},
	{"a cron expression", "hover", "weather/weather.py", "CronSchedule(schedule=\"0 3", ""},
	{"a keyword of @task", "hover", "housing/housing/train.py", "shared_mem", ""},
	{"an input in a call", "definition", "quickstart/workflow.py", "return rate(rev", ""},
	{"a named output of a promise", "definition", "newsletter/newsletter.py", "deliver(subject=edition.sub", ""},
	{"the name in @reference_task", "definition", "monorepo/report/report/upstream.py", "name=\"ingest.work", ""},
	{"the promises of a workflow", "inlayHint", "quickstart/workflow.py", "reviews = fetch_reviews(limit=limit)", ""},
	{"a class of the module", "hover", "quickstart/workflow.py", "return Rat", ""},
}

const (
	// An empty answer may mean that the server isn't ready: it is asked again.
	askAgain   = 6
	askPause   = 250 * time.Millisecond
	cellLength = 48
)

// compare asks each server at the same places of the examples, and makes a
// table of the answers.
func (b *bench) compare(ctx context.Context, report *report) error {
	examples := filepath.Join(b.dir, "examples")
	if err := os.CopyFS(examples, os.DirFS(filepath.Dir(filepath.Dir(b.quick)))); err != nil {
		return err
	}
	servers := [][]string{
		{b.binary, "serve"}, {b.pyright, "--stdio"}, {filepath.Join(b.tools, "ty"), "server"}, {filepath.Join(b.tools, "pyrefly"), "lsp"},
	}
	report.places = [][]string{{"place", "asked for", "flyte-lsp", "pyright", "ty", "pyrefly"}}
	for _, place := range places {
		example, _, _ := strings.Cut(place.file, "/")
		row := []string{place.what + ", " + example, place.method}
		for _, command := range servers {
			answer, err := b.answer(ctx, command, examples, place)
			if err != nil {
				return fmt.Errorf("%s at %s: %w", filepath.Base(command[0]), place.what, err)
			}
			row = append(row, cell(answer))
		}
		report.places = append(report.places, row)
		tick()
	}
	return nil
}

// answer starts a server on the example that a place is in, and asks it there.
func (b *bench) answer(ctx context.Context, command []string, examples string, at place) (answer string, err error) {
	file := filepath.Join(examples, filepath.FromSlash(at.file))
	example, _, _ := strings.Cut(at.file, "/")
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	before, _, found := strings.Cut(string(text), at.before)
	if !found {
		return "", fmt.Errorf("%s has no %q any more", at.file, at.before)
	}
	before += at.before
	env := b.env("PATH=" + filepath.Dir(b.python) + string(os.PathListSeparator) + os.Getenv("PATH"))
	client, err := lspclient.Start(ctx, command, env, b.stderr, filepath.Join(examples, example), b.settings())
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, client.Close(ctx)) }()
	if err := client.OpenText(ctx, file, "python", string(text)); err != nil {
		return "", err
	}
	position := positionBehind(before)
	if at.typed != "" {
		if err := client.Replace(ctx, file, 2, protocol.Range{Start: position, End: position}, at.typed); err != nil {
			return "", err
		}
		position = positionBehind(before + at.typed)
	}
	params := map[string]any{
		"textDocument": map[string]any{"uri": lspclient.URI(file)}, "position": position,
		"range":   protocol.Range{Start: protocol.Position{Line: position.Line}, End: protocol.Position{Line: position.Line + 1}},
		"context": map[string]any{"triggerKind": 1, "isRetrigger": false},
	}
	for range askAgain {
		var raw json.RawMessage
		if err := client.Call(ctx, "textDocument/"+at.method, params, &raw); err != nil && ctx.Err() != nil {
			return "", err
		}
		// An error is no answer: some servers don't have the method.
		if answer = summaries[at.method](raw, typedWord(before+at.typed)); answer != "" {
			return answer, nil
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(askPause):
		}
	}
	return "", nil
}

// positionBehind is the position behind an ASCII text.
func positionBehind(text string) protocol.Position {
	return protocol.Position{Line: uint32(strings.Count(text, "\n")), Character: uint32(len(text) - strings.LastIndex(text, "\n") - 1)}
}

// typedWord is the start of a name at the end of a text, by which editors
// filter completions.
func typedWord(text string) string {
	return text[strings.LastIndexFunc(text, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})+1:]
}

// cell is an answer in a line of a table.
func cell(answer string) string {
	answer = strings.Join(strings.Fields(answer), " ")
	if runes := []rune(answer); len(runes) > cellLength {
		answer = string(runes[:cellLength-1]) + "…"
	}
	return cmp.Or(strings.NewReplacer("|", "\\|", "`", "").Replace(answer), "–")
}

// summaries make one line of an answer, "" of an empty one.
var summaries = map[string]func(raw json.RawMessage, typed string) string{
	"completion": completions, "signatureHelp": signature, "hover": hovered, "definition": defined, "inlayHint": hinted,
}

// completions are the first that an editor would show for what is typed.
func completions(raw json.RawMessage, typed string) string {
	type item struct {
		Label      string `json:"label"`
		SortText   string `json:"sortText"`
		FilterText string `json:"filterText"`
	}
	var list struct {
		Items []item `json:"items"`
	}
	if json.Unmarshal(raw, &list) != nil && json.Unmarshal(raw, &list.Items) != nil {
		return ""
	}
	list.Items = slices.DeleteFunc(list.Items, func(i item) bool {
		return !strings.HasPrefix(strings.ToLower(cmp.Or(i.FilterText, i.Label)), strings.ToLower(typed))
	})
	slices.SortStableFunc(list.Items, func(a, b item) int {
		return cmp.Compare(cmp.Or(a.SortText, a.Label), cmp.Or(b.SortText, b.Label))
	})
	var labels []string
	for _, item := range list.Items[:min(3, len(list.Items))] {
		labels = append(labels, item.Label)
	}
	if more := len(list.Items) - len(labels); more > 0 {
		labels = append(labels, fmt.Sprintf("%d more", more))
	}
	return strings.Join(labels, ", ")
}

func signature(raw json.RawMessage, _ string) string {
	var help struct {
		Signatures []struct {
			Label string `json:"label"`
		} `json:"signatures"`
	}
	if json.Unmarshal(raw, &help) != nil || len(help.Signatures) == 0 {
		return ""
	}
	return help.Signatures[0].Label
}

// hovered is the text of a hover, without the fences of its code.
func hovered(raw json.RawMessage, _ string) string {
	var hover struct {
		Contents json.RawMessage `json:"contents"`
	}
	if json.Unmarshal(raw, &hover) != nil {
		return ""
	}
	var text string
	var content struct {
		Value string `json:"value"`
	}
	if json.Unmarshal(hover.Contents, &text) != nil && json.Unmarshal(hover.Contents, &content) == nil {
		text = content.Value
	}
	return strings.NewReplacer("```python", "", "```", "", "**", "").Replace(text)
}

// defined is the file and line of the first definition.
func defined(raw json.RawMessage, _ string) string {
	type link struct {
		URI         string         `json:"uri"`
		Range       protocol.Range `json:"range"`
		TargetURI   string         `json:"targetUri"`
		TargetRange protocol.Range `json:"targetSelectionRange"`
	}
	var links []link
	if json.Unmarshal(raw, &links) != nil {
		var one link
		if json.Unmarshal(raw, &one) != nil {
			return ""
		}
		links = []link{one}
	}
	if len(links) == 0 || links[0].URI+links[0].TargetURI == "" {
		return ""
	}
	first := links[0]
	if first.URI == "" {
		first.URI, first.Range = first.TargetURI, first.TargetRange
	}
	return fmt.Sprintf("%s:%d", path.Base(first.URI), first.Range.Start.Line+1)
}

// hinted are the labels of the hints of a line.
func hinted(raw json.RawMessage, _ string) string {
	var hints []struct {
		Label json.RawMessage `json:"label"`
	}
	if json.Unmarshal(raw, &hints) != nil {
		return ""
	}
	var labels []string
	for _, hint := range hints {
		var text string
		var parts []struct {
			Value string `json:"value"`
		}
		if json.Unmarshal(hint.Label, &text) != nil && json.Unmarshal(hint.Label, &parts) == nil {
			for _, part := range parts {
				text += part.Value
			}
		}
		labels = append(labels, text)
	}
	return strings.Join(labels, ", ")
}
