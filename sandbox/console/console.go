// Package console serves plain pages that tell how an execution went, at the
// addresses that Flyte's clients print. The pages need no scripts.
package console

import (
	"embed"
	"errors"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/sandbox/engine"
	"github.com/flyte-lsp/flyte-lsp/sandbox/store"
)

//go:embed pages.html
var files embed.FS

var pages = template.Must(template.New("").ParseFS(files, "pages.html"))

// ExecutionPath is the path of an execution's page.
func ExecutionPath(id *core.WorkflowExecutionIdentifier) string {
	return "/console/projects/" + url.PathEscape(id.GetProject()) + "/domains/" + url.PathEscape(id.GetDomain()) + "/executions/" + url.PathEscape(id.GetName())
}

type console struct {
	store  *store.Store
	layout engine.Layout
}

// New serves the pages below /console/.
func New(s *store.Store, layout engine.Layout) http.Handler {
	c := &console{store: s, layout: layout}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /console/{$}", c.list)
	mux.HandleFunc("GET /console/projects/{project}/domains/{domain}/executions/{name}", c.execution)
	return mux
}

func (c *console) render(w http.ResponseWriter, page string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if err := pages.ExecuteTemplate(w, page, data); err != nil {
		// The head is sent already: only the reader's end of the page is lost.
		return
	}
}

type listRow struct {
	Name, Path, Of, Project, Domain, Phase, Created, Took string
}

// list is the page of the newest executions.
func (c *console) list(w http.ResponseWriter, r *http.Request) {
	rows, _, err := c.store.Executions.List(r.Context(), store.Query{Limit: 100, Sort: &admin.Sort{Key: "created_at", Direction: admin.Sort_DESCENDING}})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	list := make([]listRow, 0, len(rows))
	for _, row := range rows {
		id, closure := row.Message.GetId(), row.Message.GetClosure()
		list = append(list, listRow{
			Name: id.GetName(), Path: ExecutionPath(id), Of: row.Message.GetSpec().GetLaunchPlan().GetName(),
			Project: id.GetProject(), Domain: id.GetDomain(), Phase: closure.GetPhase().String(),
			Created: closure.GetCreatedAt().AsTime().Local().Format(time.DateTime), Took: took(closure.GetDuration().AsDuration()),
		})
	}
	c.render(w, "list", list)
}

type value struct{ Name, Text string }

type nodeView struct {
	ID, Phase, Took, Error, Child string
	Depth                         int
	Outputs                       []value
	Logs                          []string
}

type executionView struct {
	Name, Project, Domain, Of, Version, Phase, Created, Took string
	Error, Aborted                                           string
	Running                                                  bool
	Inputs, Outputs                                          []value
	Nodes                                                    []nodeView
}

// execution is the page of one execution.
func (c *console) execution(w http.ResponseWriter, r *http.Request) {
	id := &core.WorkflowExecutionIdentifier{Project: r.PathValue("project"), Domain: r.PathValue("domain"), Name: r.PathValue("name")}
	execution, err := c.store.Execution(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		http.Error(w, "there is no execution "+id.GetName()+" in this sandbox", http.StatusNotFound)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	closure, plan := execution.GetClosure(), execution.GetSpec().GetLaunchPlan()
	view := executionView{
		Name: id.GetName(), Project: id.GetProject(), Domain: id.GetDomain(), Of: plan.GetName(), Version: plan.GetVersion(),
		Phase: closure.GetPhase().String(), Created: closure.GetCreatedAt().AsTime().Local().Format(time.DateTime),
		Took: took(closure.GetDuration().AsDuration()), Error: closure.GetError().GetMessage(), Aborted: closure.GetAbortMetadata().GetCause(),
		Running: closure.GetDuration() == nil,
		Inputs:  values(c.layout.Inputs(id)), Outputs: values(closure.GetOutputs().GetUri()),
	}
	if view.Nodes, err = c.nodes(r, id); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	c.render(w, "execution", view)
}

// nodes are the execution's node executions, each followed by those below it.
func (c *console) nodes(r *http.Request, id *core.WorkflowExecutionIdentifier) ([]nodeView, error) {
	rows, err := c.store.NodesOf(r.Context(), id)
	if err != nil {
		return nil, err
	}
	below := map[string][]*admin.NodeExecution{}
	for _, row := range rows {
		below[row.Note] = append(below[row.Note], row.Message)
	}
	var views []nodeView
	var visit func(parent string, depth int) error
	visit = func(parent string, depth int) error {
		for _, node := range below[parent] {
			view, err := c.node(r, node, depth)
			if err != nil {
				return err
			}
			views = append(views, view)
			if err := visit(node.GetId().GetNodeId(), depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return views, visit("", 0)
}

func (c *console) node(r *http.Request, node *admin.NodeExecution, depth int) (nodeView, error) {
	closure := node.GetClosure()
	view := nodeView{
		ID: node.GetId().GetNodeId(), Depth: depth, Phase: closure.GetPhase().String(), Took: took(closure.GetDuration().AsDuration()),
		Error: closure.GetError().GetMessage(), Outputs: values(closure.GetOutputUri()),
	}
	if child := closure.GetWorkflowNodeMetadata().GetExecutionId(); child != nil {
		view.Child = ExecutionPath(child)
	}
	attempts, err := c.store.AttemptsOf(r.Context(), node.GetId())
	for _, attempt := range attempts {
		for _, log := range attempt.Message.GetClosure().GetLogs() {
			view.Logs = append(view.Logs, log.GetUri())
		}
		for _, item := range attempt.Message.GetClosure().GetMetadata().GetExternalResources() {
			for _, log := range item.GetLogs() {
				view.Logs = append(view.Logs, log.GetUri())
			}
		}
	}
	return view, err
}

func values(file string) []value {
	literals, err := engine.ReadLiterals(file)
	if err != nil {
		return []value{{Name: "(can't be read)", Text: err.Error()}}
	}
	var all []value
	for _, name := range sortedNames(literals) {
		all = append(all, value{Name: name, Text: literal.Text(literals.GetLiterals()[name])})
	}
	return all
}

func took(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.Round(10 * time.Millisecond).String()
}

func sortedNames(literals *core.LiteralMap) []string {
	return slices.Sorted(maps.Keys(literals.GetLiterals()))
}
