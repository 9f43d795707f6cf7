"""What a FlyteRemote script sees of the sandbox, printed as JSON."""

import json
import re
import sys
from datetime import timedelta

import kinds
from flytekit.configuration import Config
from flytekit.models import filters
from flytekit.models.core.execution import WorkflowExecutionPhase
from flytekit.models.launch_plan import LaunchPlanState
from flytekit.remote import FlyteRemote
from flytekit.tools.fast_registration import CopyFileDetection, FastPackageOptions

PROJECT, DOMAIN, VERSION = "flytesnacks", "development", "v1"
remote = FlyteRemote(Config.auto(), default_project=PROJECT, default_domain=DOMAIN)
facts = {}


def register(workflow):
    options = FastPackageOptions([], copy_style=CopyFileDetection.ALL)
    return remote.fast_register_workflow(workflow, version=VERSION, fast_package_options=options)


def phase(execution):
    return WorkflowExecutionPhase.enum_to_string(execution.closure.phase)


def ended(execution):
    return remote.wait(
        execution, timeout=timedelta(seconds=100), poll_interval=timedelta(milliseconds=200), sync_nodes=True
    )


def plain(literals):
    return {name: literals.get(name) for name in literals.literals}


def tree(nodes):
    """The nodes that a client sees, each with what is below it."""
    seen = {}
    for name, node in sorted(nodes.items()):
        below = {}
        for child in getattr(node, "_underlying_node_executions", None) or []:
            below.update(tree({child.metadata.spec_node_id: child}))
        for child in node.workflow_executions:
            below.update(tree(child.node_executions))
        seen[name] = below if below else len(node.task_executions)
    return seen


workflows = {
    w.name.split(".")[-1]: register(w)
    for w in (kinds.kinds, kinds.failing, kinds.retried, kinds.long, kinds.cached, kinds.twice)
}
again = register(kinds.retried)
facts["registered again"] = again.id.version
remote.register_launch_plan(kinds.inner_plan, version=VERSION, project=PROJECT, domain=DOMAIN)

register(kinds.about)
surroundings = remote.fetch_task(name="kinds.surroundings", version=VERSION)
forked = remote.execute(surroundings, inputs={}, wait=False)
plain_process = remote.execute(surroundings, inputs={}, wait=False, envs={"TZ": "UTC"})

running = {name: remote.execute(w, inputs={}, wait=False) for name, w in workflows.items()}
task = remote.fetch_task(name="kinds.double", version=VERSION)
running["task"] = remote.execute(task, inputs={"n": 21}, wait=False)
plan = remote.fetch_launch_plan(name="inner_plan", version=VERSION)
running["plan"] = remote.execute(plan, inputs={}, wait=False, execution_name="named-by-hand")

remote.terminate(running["long"], cause="enough")
for name, started in running.items():
    execution = ended(started)
    facts[name] = {"phase": phase(execution), "nodes": tree(execution.node_executions)}
    if execution.closure.phase == WorkflowExecutionPhase.SUCCEEDED:
        facts[name]["outputs"] = plain(execution.outputs)
    elif execution.error is not None:
        facts[name]["error"] = execution.error.code + ": " + execution.error.message.strip().splitlines()[-1].strip()
    else:
        facts[name]["cause"] = execution.closure.abort_metadata.cause

facts["cached"]["outputs"] = len(set(facts["cached"]["outputs"].values()))
facts["twice"]["outputs"] = len(set(facts["twice"]["outputs"].values()))


def neutral(seen):
    """What a task saw, without what each execution has of its own."""
    seen["environment"].pop("TZ", None)
    text = json.dumps(seen).replace(seen["environment"]["FLYTE_INTERNAL_EXECUTION_ID"], "NAME")
    return json.loads(re.sub("/raw/../", "/raw/SHARD/", text))


forked, plain_process = (neutral(json.loads(ended(e).outputs["o0"])) for e in (forked, plain_process))
facts["differences of a forked process"] = {
    k: [v, plain_process[k]] for k, v in forked.items() if v != plain_process[k]
}

remote.client.update_launch_plan(plan.id, LaunchPlanState.ACTIVE)
facts["active"] = remote.fetch_launch_plan(name="inner_plan").id.version
listed, token = remote.client.list_executions_paginated(
    PROJECT,
    DOMAIN,
    limit=2,
    filters=[filters.ValueIn("phase", ["SUCCEEDED", "FAILED"]), filters.Contains("workflow.name", ["kinds."])],
)
facts["page"] = [len(listed), token]
facts["failed"] = [
    e.spec.launch_plan.name
    for e in remote.client.list_executions_paginated(
        PROJECT,
        DOMAIN,
        limit=10,
        filters=[filters.Equal("phase", "FAILED"), filters.Equal("workflow.name", "kinds.failing")],
    )[0]
]
facts["named"] = remote.fetch_execution(name="named-by-hand").inputs.get("n", int)
facts["tasks"] = len(remote.client.list_task_ids_paginated(PROJECT, DOMAIN, limit=5)[0])
json.dump(facts, sys.stdout, indent=1, default=str)
