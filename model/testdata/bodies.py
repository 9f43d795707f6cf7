"""Writes the workflows of modules as flytekit compiles them.

Reads from stdin lines of JSON, {"root": folder, "module": name}, and writes for
each a line of JSON: {"workflows": {name: text}, "bindings": {name: {place: data}}}
or {"error": reason}. Dynamic workflows are compiled where "dynamic" has arguments
for them: {name: {...}}.
"""

import collections
import importlib
import json
import os
import sys

import flytekit.configuration
from flyteidl.core import literals_pb2
from flytekit.core.context_manager import FlyteContextManager
from flytekit.core.launch_plan import LaunchPlan
from flytekit.core.python_function_task import PythonFunctionTask
from flytekit.core.workflow import ImperativeWorkflow, PythonFunctionWorkflow
from flytekit.tools.translator import get_serializable
from google.protobuf.json_format import MessageToDict

# What modules print and flytekit logs is no answer.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

SETTINGS = flytekit.configuration.SerializationSettings(
    image_config=flytekit.configuration.ImageConfig.auto(img_name="image:v1"),
    project="p",
    domain="d",
    version="v",
)


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def scalar(s):
    kind = s.WhichOneof("value")
    if kind == "union":
        inner = s.union.value
        return scalar(inner.scalar) if inner.HasField("scalar") else literal(inner)
    if kind == "none_type":
        return "none"
    if kind != "primitive":
        return kind
    p = s.primitive
    kind = p.WhichOneof("value")
    if kind == "integer":
        return str(p.integer)
    if kind == "float_value":
        return f"{p.float_value:g}" + (".0" if p.float_value == int(p.float_value) else "")
    if kind == "string_value":
        return quoted(p.string_value)
    if kind == "boolean":
        return "true" if p.boolean else "false"
    return kind


def literal(value):
    kind = value.WhichOneof("value")
    if kind == "scalar":
        return scalar(value.scalar)
    if kind == "collection":
        return "[" + ", ".join(map(literal, value.collection.literals)) + "]"
    return "{" + ", ".join(f"{k}: {literal(v)}" for k, v in sorted(value.map.literals.items())) + "}"


def promise(p):
    text = f"{p.node_id}.{p.var}"
    for attr in p.attr_path:
        if attr.WhichOneof("value") == "int_value":
            text += f"[{attr.int_value}]"
        else:
            text += f"[{quoted(attr.string_value)}]"
    return text


def binding(data):
    kind = data.WhichOneof("value")
    if kind == "promise":
        return promise(data.promise)
    if kind == "scalar":
        return scalar(data.scalar)
    if kind == "collection":
        return "[" + ", ".join(map(binding, data.collection.bindings)) + "]"
    return "{" + ", ".join(f"{k}: {binding(v)}" for k, v in sorted(data.map.bindings.items())) + "}"


def operand(o):
    kind = o.WhichOneof("val")
    if kind == "var":
        return o.var
    if kind == "primitive":
        return scalar(literals_pb2.Scalar(primitive=o.primitive))
    return scalar(o.scalar)


SIGNS = {0: "==", 1: "!=", 2: ">", 3: ">=", 4: "<", 5: "<="}


def condition(c):
    if c.HasField("conjunction"):
        sign = "and" if c.conjunction.operator == 0 else "or"
        return f"({condition(c.conjunction.left_expression)} {sign} {condition(c.conjunction.right_expression)})"
    c = c.comparison
    return f"{operand(c.left_value)} {SIGNS[c.operator]} {operand(c.right_value)}"


def target(node):
    if node.HasField("task_node"):
        return f"task {node.task_node.reference_id.name}"
    if node.HasField("workflow_node"):
        w = node.workflow_node
        if w.HasField("launchplan_ref"):
            return f"launchplan {w.launchplan_ref.name}"
        return f"workflow {w.sub_workflow_ref.name}"
    if node.HasField("array_node"):
        return "array of " + target(node.array_node.node)
    if node.HasField("gate_node"):
        gate = node.gate_node
        kind = gate.WhichOneof("condition")
        return f"gate {kind}"
    return "branch"


def write_node(node, indent, out, place, bindings):
    place += "/" + node.id
    out.append(f"{indent}{node.id} {target(node)} name={quoted(node.metadata.name)}")
    for b in sorted(node.inputs, key=lambda b: b.var):
        out.append(f"{indent}  {b.var} = {binding(b.binding)}")
        bindings[place + "/" + b.var] = MessageToDict(b.binding)
    if node.upstream_node_ids:
        out.append(f"{indent}  after {' '.join(sorted(node.upstream_node_ids))}")
    if node.HasField("branch_node"):
        block = node.branch_node.if_else
        word = "if"
        for case in [block.case, *block.other]:
            out.append(f"{indent}  {word} {condition(case.condition)}")
            write_node(case.then_node, indent + "    ", out, place, bindings)
            word = "elif"
        out.append(f"{indent}  else")
        if block.WhichOneof("default") == "error":
            out.append(f"{indent}    fail {quoted(block.error.message)}")
        else:
            write_node(block.else_node, indent + "    ", out, place, bindings)


def text(template, bindings):
    out = []
    for node in template.nodes:
        write_node(node, "", out, "", bindings)
    if template.HasField("failure_node"):
        out.append("on failure")
        write_node(template.failure_node, "  ", out, "", bindings)
    for b in template.outputs:
        out.append(f"return {b.var} = {binding(b.binding)}")
        bindings["/" + b.var] = MessageToDict(b.binding)
    return "\n".join(out) + "\n" if out else ""


def compiled(workflow, bindings):
    try:
        spec = get_serializable(collections.OrderedDict(), SETTINGS, workflow)
        return text(spec.template.to_flyte_idl(), bindings)
    except Exception as e:
        return f"error {e}\n"


def compiled_dynamic(task, arguments):
    context = FlyteContextManager.current_context()
    with FlyteContextManager.with_context(context.with_serialization_settings(SETTINGS)) as context:
        task._create_and_cache_dynamic_workflow()
        with FlyteContextManager.with_context(
            context.with_compilation_state(context.new_compilation_state(prefix="d"))
        ):
            task._wf.compile(**arguments)
            return compiled(task._wf, {})


def modules(request):
    """Imports a module, and forgets it and what it imported afterwards."""
    before = set(sys.modules)
    sys.path.insert(0, request["root"])
    try:
        module = importlib.import_module(request["module"])
        texts, bindings = {}, {}
        for name, value in vars(module).items():
            if isinstance(value, (PythonFunctionWorkflow, ImperativeWorkflow)) and value.name.startswith(
                module.__name__ + "."
            ):
                texts[name] = compiled(value, bindings.setdefault(name, {}))
            elif isinstance(value, PythonFunctionTask) and name in request.get("dynamic", {}):
                texts[name] = compiled_dynamic(value, request["dynamic"][name])
        return {"workflows": texts, "bindings": bindings}
    except Exception as e:
        return {"error": f"{type(e).__name__}: {e}"}
    finally:
        LaunchPlan.CACHE.clear()
        sys.path.remove(request["root"])
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if file.startswith(request["root"]):
                del sys.modules[name]


for line in sys.stdin:
    print(json.dumps(modules(json.loads(line))), flush=True, file=answers)
