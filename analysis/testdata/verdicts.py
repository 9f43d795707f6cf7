"""Tell how flytekit takes modules.

Reads one JSON object a line from stdin, {"folder": path, "module": name,
"version": text}, and prints one a line in the same order:

    {"stage": "import" | "register" | "run" | "cluster" | "", "error": text,
     "specs": [[kind, base64 of the message], ...]}

stage is the first at which the module is rejected, "" if it isn't:

- import: Python imports the module.
- register: its workflows are compiled, and its entities serialized.
- run: its function `run` is called or, where there is none, its workflows and
  then its tasks that need no inputs.
- cluster: a task is loaded as its container would load it, in a new process, and
  dynamic workflows that need no inputs are compiled there.

specs are what was serialized, if registering went well: they are there when a
later stage fails, too. Each module has a forked process of its own.
"""

import base64
import importlib
import json
import logging
import os
import sys
import traceback
import warnings

import pandas  # noqa: F401 so that no forked process needs to
from flytekit.configuration import FastSerializationSettings, Image, ImageConfig, SerializationSettings
from flytekit.core.base_task import PythonTask
from flytekit.core.context_manager import ExecutionState, FlyteContextManager, FlyteEntities
from flytekit.core.launch_plan import LaunchPlan, ReferenceLaunchPlan
from flytekit.core.python_auto_container import PythonAutoContainerTask, default_task_resolver
from flytekit.core.python_function_task import PythonFunctionTask
from flytekit.core.reference_entity import ReferenceEntity
from flytekit.core.workflow import WorkflowBase
from flytekit.models import launch_plan as launch_plan_models
from flytekit.models import task as task_models
from flytekit.models.admin import workflow as workflow_models
from flytekit.tools.translator import get_serializable

LIMIT = 60  # seconds for one module


def settings(version):
    """Return settings as `pyflyte run --remote` has them."""
    image = Image(name="default", fqn="example.test/flytekit", tag="1")
    return SerializationSettings(
        project="flytesnacks",
        domain="development",
        version=version,
        image_config=ImageConfig(default_image=image, images=[image]),
        fast_serialization_settings=FastSerializationSettings(
            enabled=True, destination_dir=".", distribution_location="s3://bucket/code.tar.gz"
        ),
    )


def serialize(version):
    """Compile and serialize what was made, and return the messages."""
    specs, cache, with_settings = [], {}, settings(version)
    kinds = (
        (task_models.TaskSpec, "task"),
        (workflow_models.WorkflowSpec, "workflow"),
        (launch_plan_models.LaunchPlan, "launchplan"),
    )
    context = FlyteContextManager.current_context()
    builder = context.new_builder().with_serialization_settings(with_settings)
    with FlyteContextManager.with_context(builder) as context:
        for entity in FlyteEntities.entities.copy():
            if isinstance(entity, (ReferenceEntity, ReferenceLaunchPlan)) or not hasattr(entity, "name"):
                continue
            if isinstance(entity, (PythonTask, WorkflowBase, LaunchPlan)):
                get_serializable(cache, with_settings, entity)
                if isinstance(entity, WorkflowBase):
                    plan = LaunchPlan.get_default_launch_plan(context, entity)
                    get_serializable(cache, with_settings, plan)
    for message in cache.values():
        for model, kind in kinds:
            if isinstance(message, model):
                specs.append([kind, base64.b64encode(message.to_flyte_idl().SerializeToString()).decode()])
    return specs


def run(module):
    """Run the module locally."""
    if hasattr(module, "run"):
        module.run()
        return
    mine = [value for value in vars(module).values() if isinstance(value, (WorkflowBase, PythonTask))]
    for entity in sorted(mine, key=lambda value: not isinstance(value, WorkflowBase)):
        if not isinstance(entity, ReferenceEntity) and needs_nothing(entity):
            entity()


def load(tasks):
    """Load tasks as containers do."""
    for arguments in tasks:
        task = default_task_resolver.load_task(arguments)
        if not isinstance(task, PythonTask):
            raise TypeError(f"{arguments} is no task, it is a {type(task).__name__}")
        dynamic = getattr(task, "execution_mode", None) == PythonFunctionTask.ExecutionBehavior.DYNAMIC
        if dynamic and needs_nothing(task):
            compile_dynamic(task)


def compile_dynamic(task):
    """Compile a dynamic workflow as its container does."""
    context = FlyteContextManager.current_context()
    state = context.new_execution_state().with_params(mode=ExecutionState.Mode.TASK_EXECUTION)
    builder = context.with_serialization_settings(settings("v0")).with_execution_state(state)
    inputs = {name: default for name, (_, default) in task.python_interface.inputs_with_defaults.items()}
    with FlyteContextManager.with_context(builder):
        task.dynamic_execute(task.task_function, **inputs)


def needs_nothing(entity):
    """Tell whether an entity can be called without inputs."""
    inputs = entity.python_interface.inputs_with_defaults if entity.python_interface else {}
    return all(default is not None or type(None) in getattr(kind, "__args__", ()) for kind, default in inputs.values())


def loaders(version):
    """Return the arguments that the tasks are loaded with."""
    arguments = [
        task.task_resolver.loader_args(settings(version), task)
        for task in FlyteEntities.entities
        if isinstance(task, PythonAutoContainerTask) and task.task_resolver is default_task_resolver
    ]
    # A ShellTask has one of flytekit's own beside it, which no container loads.
    return [words for words in arguments if not words[1].startswith("flytekit.")]


def forked(do, *arguments):
    """Call a function in a forked process, and return what it returns."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(1, 0)
        sys.stdin = open(os.devnull)  # what a module asks is no request
        os.dup2(1, 2)
        try:
            answer = do(*arguments)
        except BaseException:
            answer = {"stage": "crash", "error": traceback.format_exc(), "specs": []}
        with os.fdopen(write, "w") as out:
            json.dump(answer, out)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else {"stage": "crash", "error": "the process died", "specs": []}


def verdict(folder, name, version):
    """Return how flytekit takes a module."""
    import signal

    signal.alarm(LIMIT)
    os.chdir(folder)
    sys.path.insert(0, folder)
    FlyteEntities.entities.clear()
    stage, specs, tasks = "import", [], []
    try:
        module = importlib.import_module(name)
        stage = "register"
        specs = serialize(version)
        tasks = loaders(version)
        stage = "run"
        run(module)
    except BaseException as err:
        text = f"{type(err).__name__}: {err}"
        return {"stage": stage, "error": text[:2000], "specs": specs, "tasks": tasks}
    return {"stage": "", "error": "", "specs": specs, "tasks": tasks}


def on_cluster(folder, tasks):
    """Return how a container takes the tasks of a module."""
    os.chdir(folder)
    sys.path.insert(0, folder)
    try:
        load(tasks)
    except BaseException as err:
        return {"stage": "cluster", "error": f"{type(err).__name__}: {err}"}
    return {"stage": "", "error": ""}


def main():
    """Answer all requests."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.environ["FLYTE_INTERNAL_CONFIGURATION_PATH"] = os.devnull
    for line in sys.stdin:
        request = json.loads(line)
        answer = forked(verdict, request["folder"], request["module"], request["version"])
        tasks = answer.pop("tasks", [])
        if not answer["stage"] and tasks:
            answer.update(forked(on_cluster, request["folder"], tasks))
        print(json.dumps(answer), file=out)


if __name__ == "__main__":
    main()
