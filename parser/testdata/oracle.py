"""Import each module of the given folder with flytekit, and print its entities.

The last line of the output is JSON: of each module, by name, its entities with their interface
as flytekit has it.
"""

import importlib
import json
import pathlib
import sys

from flytekit import LaunchPlan
from flytekit.core.context_manager import FlyteContext
from flytekit.core.docstring import Docstring
from flytekit.core.interface import transform_inputs_to_parameters
from flytekit.core.python_function_task import PythonFunctionTask
from flytekit.core.workflow import PythonFunctionWorkflow


def kind(value):
    if isinstance(value, LaunchPlan):
        return "launchplan"
    if isinstance(value, PythonFunctionWorkflow):
        return "workflow"
    if isinstance(value, PythonFunctionTask):
        dynamic = value.execution_mode == PythonFunctionTask.ExecutionBehavior.DYNAMIC
        return "dynamic" if dynamic else "task"
    return None


def describe(module, attribute, value):
    interface = value.python_interface
    docs = interface.docstring or Docstring(docstring="")
    if isinstance(value, LaunchPlan):
        parameters, docs = value.parameters, Docstring(docstring="")
    else:
        parameters = transform_inputs_to_parameters(FlyteContext.current_context(), interface)
    entity = {
        "kind": kind(value),
        "name": attribute,
        "inputs": [
            {
                "name": name,
                "required": bool(parameter.required),
                # The parser gives one paragraph, flytekit the lines as they stand.
                "doc": " ".join((docs.input_descriptions.get(name) or "").split()),
            }
            for name, parameter in parameters.parameters.items()
        ],
        "outputs": list(interface.outputs),
    }
    if isinstance(value, LaunchPlan):
        entity["fixed"] = sorted(value.fixed_inputs.literals)
        entity["workflow"] = value.workflow.name.rsplit(".", 1)[-1]
        if value.name != value.workflow.name:
            entity["registered_name"] = value.name
    return entity


def main(folder):
    sys.path.insert(0, folder)
    modules = {}
    for path in sorted(pathlib.Path(folder).glob("*.py")):
        module = importlib.import_module(path.stem)
        modules[path.stem] = [
            describe(module, attribute, value)
            for attribute, value in vars(module).items()
            if kind(value)
        ]
    sys.stdout.write("\n" + json.dumps(modules))


main(sys.argv[1])
