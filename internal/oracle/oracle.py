"""Asks flytekit itself which entities Python files make.

Reads one JSON object a line from stdin, {"root": folder or "", "file": path},
and prints one a line, as they get ready:

    {"file": path, "error": null or text, "entities": [...]}

An entity has the form of `flyte-lsp entities --format json`, without
"python_type", and with "error" where flytekit itself can't tell its interface.

Each file is imported in a forked process of its own, as `pyflyte run` imports
it (clis/sdk_in_container/run.py, load_naive_entity): the source root, which is
the nearest folder above without `__init__.py` unless the request names one,
stands first in sys.path, and the module's name is the path below it.

Which entities count, where flytekit leaves room:

- An entity belongs to the module whose top-level code was running when it was
  made (core/tracker.py, _find_instance_module), whoever called the constructor.
  What a module imports, or another module's function hands out that was made
  earlier, isn't listed for it.
- Its name is its attribute in that module. Of several, an entity made from a
  function takes the function's name if that is one, else the first in the
  order of dir(), as find_lhs does. An attribute of a class of the module,
  which flytekit registers too, is `Class.attribute`.
- An entity that flytekit registers (FlyteEntities) but no name is bound to has
  the name "". Of those with one kind and full name only the last is listed,
  and none if a named one has them, which replaced it.
- Not listed without a name: what flytekit makes itself while it compiles or
  executes a workflow or inside the constructor of another entity, and
  references and ArrayNodes, which aren't registered.
- A functools.partial of a task isn't an entity: flytekit registers the task.
- A launch plan's inputs are its parameters, so its fixed inputs are absent.
- The line is that of the `def`, also for a decorated function, or the first of
  the statement that made the entity: inside a class body the statement there,
  for a factory the statement at the top level that called it.
- A default that flytekit would have to upload (a data frame, a pickle, a local
  file) is null, and so is one that can't be made into a literal.
"""

import argparse
import ast
import gc
import importlib
import inspect
import json
import os
import re
import selectors
import shutil
import signal
import sys
import tempfile
import time

# Importing one of these costs more than all else, and flytekit's answers depend
# on them only through what the module imports itself: they are imported once,
# in a process from which the processes of the files that need them are forked.
HEAVY = ("pandas", "polars", "pyarrow", "pydantic", "sklearn", "tensorflow", "torch")
IMPORT = re.compile(r"^\s*(?:import|from)\s+\.*([\w.]+)", re.MULTILINE)
# These say nothing to flytekit until a module uses them, and flytekit uses them
# itself: numpy for FlyteSchema, s3fs for a file's literal.
ALWAYS = ("numpy", "s3fs")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2, help="files that are imported at the same time")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for one file")
    options = parser.parse_args()

    groups = {}
    for line in sys.stdin.buffer:
        request = json.loads(line)
        modules = tuple(sorted(heavy_imports(request["file"], set())))
        groups.setdefault(modules, []).append(request)

    # Plugins print while they are imported: only answers go to stdout.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sandbox = tempfile.mkdtemp(prefix="oracle-")
    # What flytekit copies or writes while it makes literals ends there.
    os.environ["TMPDIR"] = tempfile.tempdir = sandbox
    try:
        # -c puts the working folder first, which pyflyte doesn't.
        sys.path = [folder for folder in sys.path if folder]
        import docstring_parser
        import flytekit  # noqa: F401

        docstring_parser.parse("It compiles its patterns once, here.")
        import_if_installed(ALWAYS)
        record_entities()
        for modules, requests in groups.items():
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    import_if_installed(modules)
                    gc.collect()
                    gc.freeze()
                    run_all(requests, options.jobs, options.timeout, answers)
                    code = 0
                finally:
                    os._exit(code)
            _, status = os.waitpid(child, 0)
            if status != 0:
                sys.exit(f"oracle.py: the process for files that import {modules} ended with status {status}")
    finally:
        shutil.rmtree(sandbox, ignore_errors=True)


def import_if_installed(modules):
    for module in modules:
        try:
            importlib.import_module(module)
        except Exception:  # the file that needs it will tell of it
            pass


def heavy_imports(file, seen):
    """The names of HEAVY that a file imports, or another file beside or above it that it imports."""
    seen.add(file)
    try:
        with open(file, encoding="utf-8", errors="replace") as source:
            modules = IMPORT.findall(source.read())
    except OSError:
        return set()
    heavy = {module.split(".")[0] for module in modules}.intersection(HEAVY)
    for module in modules:
        folder = os.path.dirname(os.path.abspath(file))
        for _ in range(3):
            path = os.path.join(folder, *module.split(".")) + ".py"
            if path not in seen and os.path.isfile(path):
                heavy |= heavy_imports(path, seen)
            folder = os.path.dirname(folder)
    return heavy


# Processes


def run_all(requests, jobs, limit, answers):
    """Answers the requests, each by a process of its own."""
    waiting = list(reversed(requests))
    running = selectors.DefaultSelector()
    while waiting or running.get_map():
        while waiting and len(running.get_map()) < jobs:
            request = waiting.pop()
            pid, pipe = start(request, limit)
            running.register(pipe, selectors.EVENT_READ, [pid, request, time.monotonic() + limit, bytearray()])
        next_limit = min(key.data[2] for key in running.get_map().values())
        for key, _ in running.select(max(0, next_limit - time.monotonic())):
            data = os.read(key.fd, 1 << 16)
            key.data[3].extend(data)
            if not data:
                finish(running, key, None, answers)
        for key in list(running.get_map().values()):
            if time.monotonic() > key.data[2]:
                finish(running, key, f"the import took more than {limit:g} s", answers)


def start(request, limit):
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        try:
            os.setpgid(pid, pid)
        except OSError:  # the child was faster
            pass
        return pid, reader
    try:
        os.setpgid(0, 0)
        signal.alarm(int(limit) + 5)  # should nobody be left to end it
        reseed()
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        with open(writer, "wb") as out:
            # Maps in protobuf messages have another order each time.
            out.write(json.dumps(answer(request["root"], request["file"]), sort_keys=True).encode())
    finally:
        os._exit(0)


def reseed():
    """Has flytekit name its temporary folders otherwise than its other processes do."""
    from flytekit.interfaces.random import random

    random.seed()


def finish(running, key, error, answers):
    pid, request, _, data = key.data
    running.unregister(key.fd)
    os.close(key.fd)
    try:
        os.killpg(pid, signal.SIGKILL)  # with what the module started and left
    except OSError:
        pass
    _, status = os.waitpid(pid, 0)
    if error is None and data:
        print(data.decode(), file=answers, flush=True)
        return
    report = {"file": request["file"], "error": error or f"the process ended with status {status}", "entities": []}
    print(json.dumps(report), file=answers, flush=True)


# Entities


class Made:
    """An entity and where it was made."""

    def __init__(self, entity, number, module, line, listed_unnamed):
        self.entity = entity
        self.number = number
        self.module = module
        self.line = line
        self.listed_unnamed = listed_unnamed


made = {}  # by id of the entity, which the value keeps alive


def record_entities():
    """Has the constructors of flytekit's entities remember who called them."""
    from flytekit.core.array_node import ArrayNode
    from flytekit.core.base_task import Task
    from flytekit.core.launch_plan import LaunchPlan
    from flytekit.core.reference_entity import ReferenceEntity
    from flytekit.core.workflow import WorkflowBase

    roots = (ArrayNode, LaunchPlan, ReferenceEntity, Task, WorkflowBase)

    def recording(original, registered):
        def construct(self, *args, **kwargs):
            original(self, *args, **kwargs)
            if id(self) not in made:
                made[id(self)] = whence(self, roots, registered)

        return construct

    for cls in roots:
        cls.__init__ = recording(cls.__init__, cls not in (ArrayNode, ReferenceEntity))


def whence(entity, roots, registered):
    """The Made for an entity that is under construction."""
    from flytekit import FlyteContextManager

    context = FlyteContextManager.current_context()
    state = context.execution_state
    by_user = context.compilation_state is None and (state is None or state.mode is None)
    frame = sys._getframe(2)
    bodies = []  # frames of the class bodies around the statement, innermost first
    while frame:
        code = frame.f_code
        if code.co_name == "<module>" and "__name__" in frame.f_globals:
            line = (bodies or [frame])[0].f_lineno
            return Made(entity, len(made), frame.f_globals["__name__"], line, registered and by_user)
        if code.co_name == "__init__":
            owner = frame.f_locals.get("self")
            if owner is not entity and isinstance(owner, roots):
                by_user = False
        # A class body's code isn't optimized, a function's is.
        if code.co_flags & inspect.CO_OPTIMIZED:
            bodies.clear()
        else:
            bodies.append(frame)
        frame = frame.f_back
    return Made(entity, len(made), None, 0, False)


def answer(root, file):
    """The report for one file, in the process that is made for it."""
    try:
        module = import_as_pyflyte(root, file)
    except BaseException as problem:  # a module may well call sys.exit
        return {"file": file, "error": describe(problem), "entities": []}
    lines = statement_lines(file)
    entities = []
    for name, item in named_and_unnamed(module):
        described = describe_entity(item, name)
        described["file"] = file
        described["line"] = lines.get(item.line, item.line)
        entities.append((described["line"], item.number, described))
    entities.sort(key=lambda entry: entry[:2])
    return {"file": file, "error": None, "entities": [described for _, _, described in entities]}


def import_as_pyflyte(root, file):
    from flytekit.tools.script_mode import _find_project_root

    file = os.path.abspath(file)
    root = os.path.abspath(root) if root else _find_project_root(file)
    os.chdir(root)
    parts = os.path.splitext(os.path.relpath(file, root))[0].split(os.sep)
    if parts[-1] == "__init__":
        parts.pop()
    sys.argv = ["pyflyte", "run", file]
    sys.path.insert(0, root)
    name = ".".join(parts)
    module = importlib.import_module(name)
    found = getattr(module, "__file__", None)
    if found is None or not os.path.samefile(found, file):
        raise ImportError(f"{name} is imported from {found}, not from {file}")
    return module


def describe(problem):
    return f"{type(problem).__name__}: {problem}".split("\n", 1)[0][:500]


def statement_lines(file):
    """From each line of a file to the first of the innermost statement there, of a function the `def`."""
    with open(file, "rb") as source:
        tree = ast.parse(source.read())
    lines = {}

    def visit(statements):
        for statement in statements:
            decorators = getattr(statement, "decorator_list", [])
            first = min([statement.lineno] + [decorator.lineno for decorator in decorators])
            for line in range(first, statement.end_lineno + 1):
                lines[line] = statement.lineno
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            for block in ("body", "orelse", "finalbody"):
                visit(getattr(statement, block, []))
            for handler in getattr(statement, "handlers", []):
                visit(handler.body)
            for case in getattr(statement, "cases", []):
                visit(case.body)

    visit(tree.body)
    return lines


def named_and_unnamed(module):
    """(name, Made) for the entities that count, see the text at the top."""
    names = {}
    for name in dir(module):
        value = getattr(module, name, None)
        names.setdefault(id(value), []).append(name)
        if isinstance(value, type) and value.__module__ == module.__name__:
            for inner, attribute in class_attributes(value, value.__name__, set()):
                names.setdefault(id(attribute), []).append(inner)
    mine = [item for item in made.values() if item.module == module.__name__]
    taken = set()
    for item in mine:
        if id(item.entity) in names:
            taken.add((kind_of(item.entity), full_name(item.entity)))
            yield best_name(item.entity, names[id(item.entity)]), item
    for item in reversed(mine):
        key = (kind_of(item.entity), full_name(item.entity))
        if id(item.entity) not in names and item.listed_unnamed and key[1] is not None and key not in taken:
            taken.add(key)
            yield "", item


def class_attributes(cls, path, seen):
    seen.add(cls)
    for name, value in vars(cls).items():
        yield f"{path}.{name}", getattr(value, "__func__", value)  # of a static method, what it holds
        if isinstance(value, type) and value.__qualname__ == f"{path}.{name}" and value not in seen:
            yield from class_attributes(value, f"{path}.{name}", seen)


def best_name(entity, names):
    function = getattr(entity, "_task_function", None) or getattr(entity, "_workflow_function", None)
    name = getattr(function, "__name__", None)
    return name if name in names else names[0]


def full_name(entity):
    try:
        return entity.name
    except Exception:  # a constructor that failed half-way
        return None


def kind_of(entity):
    from flytekit.core.array_node import ArrayNode
    from flytekit.core.array_node_map_task import ArrayNodeMapTask
    from flytekit.core.launch_plan import LaunchPlan, ReferenceLaunchPlan
    from flytekit.core.legacy_map_task import MapPythonTask
    from flytekit.core.python_function_task import EagerAsyncPythonFunctionTask, PythonFunctionTask
    from flytekit.core.task import ReferenceTask
    from flytekit.core.workflow import ImperativeWorkflow, ReferenceWorkflow, WorkflowBase

    for cls, kind in (
        (ReferenceTask, "reference_task"),
        (ReferenceWorkflow, "reference_workflow"),
        (ReferenceLaunchPlan, "reference_launchplan"),
        ((ArrayNode, ArrayNodeMapTask, MapPythonTask), "map_task"),
        (ImperativeWorkflow, "imperative_workflow"),
        (WorkflowBase, "workflow"),
        (LaunchPlan, "launchplan"),
        (EagerAsyncPythonFunctionTask, "eager"),
    ):
        if isinstance(entity, cls):
            return kind
    if isinstance(entity, PythonFunctionTask):
        dynamic = getattr(entity, "_execution_mode", None) == PythonFunctionTask.ExecutionBehavior.DYNAMIC
        return "dynamic" if dynamic else "task"
    return "instance_task"


def describe_entity(item, name):
    entity = item.entity
    kind = kind_of(entity)
    described = {"name": name, "full_name": full_name(entity), "kind": kind, "inputs": [], "outputs": []}
    if kind == "instance_task":
        described["class"] = type(entity).__name__
    loader = loader_args(entity)
    if loader:
        described["loader"] = loader
    try:
        described["inputs"], described["outputs"] = inputs_of(entity, kind), outputs_of(entity)
    except Exception as problem:
        described["error"] = describe(problem)
    return described


def loader_args(entity):
    from flytekit.core.python_auto_container import PythonAutoContainerTask, default_task_resolver

    if not isinstance(entity, PythonAutoContainerTask) or entity.task_resolver is not default_task_resolver:
        return None
    try:
        return default_task_resolver.loader_args(None, entity)
    except Exception:  # an instance task that no name is bound to
        return None


def typed_interface(entity):
    from flytekit.core.array_node import ArrayNode
    from flytekit.core.interface import transform_interface_to_typed_interface

    if isinstance(entity, ArrayNode):
        return transform_interface_to_typed_interface(entity.python_interface)
    return entity.interface


def outputs_of(entity):
    interface = typed_interface(entity)
    if interface is None:
        return []
    return [{"name": name, "type": to_json(variable.type)} for name, variable in interface.outputs.items()]


def inputs_of(entity, kind):
    if kind == "launchplan":
        return [
            describe_input(name, parameter.var.type, parameter.default, parameter.required)
            for name, parameter in entity.parameters.parameters.items()
        ]
    interface, python = typed_interface(entity), entity.python_interface
    if interface is None:
        return []
    inputs = []
    for name, variable in interface.inputs.items():
        default, required = default_of(name, python)
        inputs.append(describe_input(name, variable.type, default, required))
    return inputs


def default_of(name, python):
    """What transform_inputs_to_parameters says for one input, so that one that fails spoils no other."""
    from flytekit import FlyteContextManager
    from flytekit.core.interface import Interface, transform_inputs_to_parameters

    value = python.inputs_with_defaults[name]
    try:
        alone = Interface(inputs={name: value}, outputs={})
        parameters = transform_inputs_to_parameters(FlyteContextManager.current_context(), alone).parameters
        return parameters[name].default, parameters[name].required
    except Exception:
        return None, value[1] is None


def describe_input(name, type_, default, required):
    literal = to_json(default)
    if literal is not None and is_uploaded(literal):
        literal = None
    return {"name": name, "type": to_json(type_), "default": literal, "required": bool(required)}


def is_uploaded(literal):
    """Whether a literal points at something that flytekit wrote while it made the literal."""
    from flytekit import FlyteContextManager

    access = FlyteContextManager.current_context().file_access
    text = json.dumps(literal)
    return any(str(folder) in text for folder in (access.raw_output_prefix, access.local_sandbox_dir))


def to_json(model):
    from google.protobuf.json_format import MessageToDict

    return None if model is None else MessageToDict(model.to_flyte_idl())


if __name__ == "__main__":
    main()
