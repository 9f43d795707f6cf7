package generate

import (
	"fmt"
	"slices"
	"strings"
)

// other defines an entity that isn't a decorated task.
func (g *generator) other(m *module) {
	switch n := g.IntN(100); {
	case n < 35:
		g.workflow(m)
	case n < 55:
		g.launchPlan(m)
	case n < 65:
		g.reference(m)
	case n < 78:
		g.instance(m)
	case n < 90:
		g.mapped(m)
	case n < 96:
		g.imperative(m)
	default:
		g.inClass(m)
	}
}

// arguments passes something to each input of an entity: the caller's inputs,
// which it adds, or values. Nothing is passed for some that have a default.
func (g *generator) arguments(m *module, e *entity, own *[]param) string {
	var all []string
	for _, input := range e.inputs {
		switch {
		case input.initial != "" && g.chance(50):
		case input.typ.value != nil && g.chance(20):
			all = append(all, input.name+"="+input.typ.value(m))
		default:
			p := param{name: g.fresh("given", "raw", "wanted"), typ: input.typ}
			if p.typ.value != nil && g.chance(40) {
				p.initial, p.built = g.initial(m, p.typ)
			}
			*own = append(*own, p)
			all = append(all, input.name+"="+p.name)
		}
	}
	return strings.Join(all, ", ")
}

func (g *generator) workflow(m *module) {
	callees := m.callable(func(e *entity) bool { return e.plain || e.workflow })
	if len(callees) == 0 {
		return
	}
	callee := one(g, callees...)
	e := &entity{workflow: true}
	call := m.local(callee.module, callee.name) + "(" + g.arguments(m, callee, &e.inputs) + ")"
	if g.chance(40) {
		e.inputs = append(e.inputs, g.params(m, 2)...)
	}
	decorator := "@" + m.use("flytekit", "workflow") + one(g, "", "", "()", "(interruptible=True)",
		"(failure_policy="+m.use("flytekit", "WorkflowFailurePolicy")+".FAIL_AFTER_EXECUTABLE_NODES_COMPLETE)")
	name := m.added(e, "flow", "pipeline_of", "nightly", "daily")
	arrow, body := "", "    "+call
	if callee.result != nil && g.chance(85) {
		e.result, e.several = callee.result, callee.several
		arrow, body = " -> "+callee.result(m), "    return "+call
		if callee.result(m) == "None" {
			body = "    " + call
		}
	}
	m.block(fmt.Sprintf("%s\ndef %s(%s)%s:\n%s", decorator, name, g.signature(m, e.inputs), arrow, body))
}

func (g *generator) launchPlan(m *module) {
	// flytekit hangs where a launch plan has to make a literal of a dataclass
	// whose module is being imported: mashumaro, in the thread of flytekit's
	// event loop, imports the module, and waits for its lock.
	workflows := m.callable(func(e *entity) bool {
		return e.workflow && !slices.ContainsFunc(e.inputs, func(p param) bool { return p.built })
	})
	if len(workflows) == 0 {
		g.workflow(m)
		return
	}
	w := one(g, workflows...)
	target := m.local(w.module, w.name)
	plan := m.use("flytekit", "LaunchPlan")
	if g.chance(15) {
		name := m.define(symbol{kind: callable}, "plan", "default_of")
		m.block(fmt.Sprintf("%s = %s.get_or_create(%s)", name, plan, one(g, target, "workflow="+target)))
		return
	}
	title := g.fresh("nightly_plan", "hourly_plan")
	arguments := []string{fmt.Sprintf("name=%q", title), "workflow=" + target}
	arguments = append(arguments, g.planInputs(m, w)...)
	switch g.IntN(6) {
	case 0:
		arguments = append(arguments, "schedule="+m.use("flytekit", "CronSchedule")+`(schedule="0 3 * * *")`)
	case 1:
		arguments = append(arguments, fmt.Sprintf("schedule=%s(duration=%s(hours=6))", m.use("flytekit", "FixedRate"), m.use("datetime", "timedelta")))
	case 2:
		arguments = append(arguments, "max_parallelism=3")
	}
	call := plan + one(g, ".get_or_create(", ".create(") + strings.Join(arguments, ", ") + ")"
	if g.chance(10) {
		m.block(call)
		return
	}
	name := m.define(symbol{kind: callable}, "plan", "schedule_of")
	if g.chance(90) {
		m.block(name + " = " + call)
		return
	}
	m.block(fmt.Sprintf("def make_%s():\n    return %s\n\n\n%s = make_%s()", name, call, name, name))
}

// planInputs are default_inputs and fixed_inputs of a launch plan.
func (g *generator) planInputs(m *module, w *entity) []string {
	var defaults, fixed []string
	for _, input := range w.inputs {
		if input.typ.value == nil {
			continue
		}
		value := input.typ.value(m)
		if m.builds(value) {
			continue
		}
		item := fmt.Sprintf("%q: %s", input.name, value)
		switch g.IntN(4) {
		case 0:
			defaults = append(defaults, item)
		case 1:
			fixed = append(fixed, item)
		}
	}
	var all []string
	if len(defaults) > 0 {
		all = append(all, "default_inputs={"+strings.Join(defaults, ", ")+"}")
	}
	if len(fixed) > 0 {
		all = append(all, "fixed_inputs={"+strings.Join(fixed, ", ")+"}")
	}
	return all
}

func (g *generator) reference(m *module) {
	decorator := one(g, "reference_task", "reference_workflow", "reference_launch_plan")
	params := g.params(m, 3)
	output, _, _ := g.output(m)
	arrow := ""
	if output != nil {
		arrow = " -> " + output(m)
	}
	name := m.define(symbol{kind: callable}, "remote", "elsewhere")
	body := " ..."
	if decorator == "reference_workflow" {
		body = "\n    return ..." // flytekit looks for it here alone
	}
	m.block(fmt.Sprintf("@%s(project=\"p\", domain=\"development\", name=\"other.%s\", version=\"v1\")\ndef %s(%s)%s:%s",
		m.use("flytekit", decorator), one(g, "a", "b"), name, g.signature(m, params), arrow, body))
}

// kwtypes is a call of flytekit's kwtypes with chosen names.
func (g *generator) kwtypes(m *module, words ...string) string {
	var all []string
	for _, word := range words {
		all = append(all, word+"="+g.typ(m, 1).spell(m))
	}
	return m.use("flytekit", "kwtypes") + "(" + strings.Join(all, ", ") + ")"
}

// instance makes a task that isn't a function.
func (g *generator) instance(m *module) {
	name := m.define(symbol{kind: callable}, "shell", "box", "query")
	inputs := ""
	if g.chance(70) {
		inputs = ", inputs=" + g.kwtypes(m, []string{"a", "b"}[:1+g.IntN(2)]...)
	}
	switch g.IntN(4) {
	case 0:
		outputs := ""
		if g.chance(60) {
			outputs = ", outputs=" + g.kwtypes(m, "out")
		}
		m.block(fmt.Sprintf("%s = %s(\n    name=%q, image=\"alpine\", command=[\"ls\"], input_data_dir=\"/in\", output_data_dir=\"/out\"%s%s,\n)",
			name, m.use("flytekit", "ContainerTask"), name, inputs, outputs))
	case 1:
		locations := ""
		if g.chance(60) {
			locations = fmt.Sprintf(", output_locs=[%s(var=\"o\", var_type=%s, location=\"/tmp/o\")]",
				m.use("flytekit.extras.tasks.shell", "OutputLocation"), m.use("flytekit.types.file", "FlyteFile"))
		}
		m.block(fmt.Sprintf("%s = %s(name=%q, script=\"\"\"\nset -e\nls\n\"\"\"%s%s)", name, m.use("flytekit.extras.tasks.shell", "ShellTask"), name,
			inputs, locations))
	case 2:
		schema := ""
		if g.chance(50) {
			schema = ", output_schema_type=" + m.use("flytekit.types.schema", "FlyteSchema")
		}
		m.block(fmt.Sprintf("%s = %s(name=%q, query_template=\"select 1\"%s%s)", name, m.use("flytekit", "SQLTask"), name, inputs, schema))
	default:
		m.block(fmt.Sprintf("%s = %s(name=%q, query_template=\"select 1\"%s, task_config=%s(uri=\"a.db\"))", name,
			m.use("flytekit.extras.sqlite3.task", "SQLite3Task"), name, inputs, m.use("flytekit.extras.sqlite3.task", "SQLite3Config")))
	}
}

// mapped makes a map task, or a partial of a task.
func (g *generator) mapped(m *module) {
	tasks := m.callable(func(e *entity) bool { return e.plain && !e.several })
	if len(tasks) == 0 {
		return
	}
	e := one(g, tasks...)
	target := m.local(e.module, e.name)
	var bound []string
	for _, input := range e.inputs {
		if input.typ.value != nil && g.chance(30) {
			bound = append(bound, input.name+"="+input.typ.value(m))
		}
	}
	if len(bound) > 0 {
		target = m.use("functools", "partial") + "(" + strings.Join(append([]string{target}, bound...), ", ") + ")"
	}
	name := m.define(symbol{kind: callable}, "mapped", "each")
	if len(bound) > 0 && g.chance(20) {
		m.block(name + " = " + target)
		return
	}
	options := one(g, "", "", ", concurrency=4", ", min_success_ratio=0.5", ", min_successes=2", ", concurrency=1, min_success_ratio=1.0")
	m.block(fmt.Sprintf("%s = %s(%s%s)", name, m.use("flytekit", "map_task"), target, options))
}

// imperative builds a workflow call by call.
func (g *generator) imperative(m *module) {
	name := m.define(symbol{kind: callable}, "built", "assembled")
	var out strings.Builder
	title := name + one(g, "", ".by_hand")
	fmt.Fprintf(&out, "%s = %s(name=%q)\n", name, m.use("flytekit", "Workflow"), title)
	t := g.typ(m, 1)
	fmt.Fprintf(&out, "%s.add_workflow_input(\"given\", %s)\n", name, t.spell(m))
	if g.chance(50) {
		fmt.Fprintf(&out, "promise_%s = %s.add_workflow_input(\"more\", %s)\n", name, name, t.spell(m))
		fmt.Fprintf(&out, "%s.add_workflow_output(\"back\", promise_%s, python_type=%s)\n", name, name, t.spell(m))
	}
	m.block(strings.TrimRight(out.String(), "\n"))
}

// inClass defines a task in a class body.
func (g *generator) inClass(m *module) {
	name := m.define(symbol{kind: constant}, "Steps", "Group")
	t := g.typ(m, 1)
	m.block(fmt.Sprintf("class %s:\n    @%s\n    def %s(a: %s) -> %s:\n        return a", name, m.use("flytekit", "task"),
		g.fresh("member"), t.spell(m), t.spell(m)))
}
