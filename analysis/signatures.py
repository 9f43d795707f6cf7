"""Prints signatures.txt: what flytekit's functions and classes may be called with.

A line has the name under which flytekit defines it, and its parameters: "name" of a
required one, "name=" of one with a default, "*" before those that are given by keyword
only, "**" if any other keyword is accepted. What a class hands on with **kwargs to the
constructors of its bases is among its parameters, as far as these name it. The line of an
accelerator has its attributes in place of parameters.
"""

import enum
import importlib
import inspect
import warnings

import flytekit
from flytekit.core.array_node_map_task import ArrayNodeMapTask
from flytekit.core.node import Node
from flytekit.core.python_function_task import EagerAsyncPythonFunctionTask
from flytekit.extras import accelerators

# What is looked up in a **kwargs by name.
BY_NAME = {
    "flytekit.core.python_auto_container.PythonAutoContainerTask": ["labels", "annotations"],
    "flytekit.core.task.task": ["cache_serialize", "cache_version", "cache_ignore_input_vars"],
    "flytekit.core.node.Node.with_overrides": ["cache_serialize", "cache_version", "cache_ignore_input_vars"],
}
# What a **kwargs is handed on to.
HANDED_TO = {
    "flytekit.core.array_node_map_task.map_task": ArrayNodeMapTask,
    "flytekit.core.array_node_map_task.array_node_map_task": ArrayNodeMapTask,
    "flytekit.core.task.eager": EagerAsyncPythonFunctionTask,
}
MODULES = """
flytekit.core.array_node_map_task flytekit.core.base_task flytekit.core.cache flytekit.core.container_task
flytekit.core.dynamic_workflow_task flytekit.core.launch_plan
flytekit.core.notification flytekit.core.options flytekit.core.pod_template flytekit.core.resources
flytekit.core.schedule flytekit.core.task flytekit.core.workflow flytekit.extras.accelerators
flytekit.extras.tasks.shell flytekit.image_spec.image_spec flytekit.models.documentation
flytekit.models.security flytekit.core.gate flytekit.core.artifact flytekit.core.python_function_task
flytekit.core.python_auto_container flytekit.core.node_creation flytekit.core.condition
"""


def parameters(function):
    """The parameters of a function without self, with whether each is required, and whether there is a **kwargs."""
    found, rest = {}, False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            rest = True
            continue
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.KEYWORD_ONLY):
            found["*"] = True
        if parameter.kind is not parameter.VAR_POSITIONAL and parameter.name != "self":
            found[parameter.name] = parameter.default is parameter.empty
    return found, rest


def optional(found, names):
    """Add parameters that may be given by keyword."""
    for name in names:
        found.setdefault("*", True)
        found.setdefault(name, False)


def handed_on(cls):
    """The parameters of a class's constructor, and of those of its bases that it may hand others on to."""
    found, rest = parameters(cls.__init__)
    above = rest
    for base in cls.__mro__[:-1]:
        if above and "__init__" in vars(base):
            optional(found, BY_NAME.get(f"{base.__module__}.{base.__qualname__}", []))
    for base in cls.__mro__[1:-1]:
        if above and "__init__" in vars(base):
            more, above = parameters(base.__init__)
            optional(found, more)
    return found, rest


def line(name, value):
    """The line of a function or a class."""
    found, rest = handed_on(value) if inspect.isclass(value) else parameters(value)
    if name in HANDED_TO:
        optional(found, handed_on(HANDED_TO[name])[0])
    if name in BY_NAME and not inspect.isclass(value):
        optional(found, BY_NAME[name])
    words = [parameter if required else parameter + "=" for parameter, required in found.items()]
    return " ".join([name, *words] + ["**"] * rest)


def main():
    warnings.simplefilter("ignore")
    lines = {line("flytekit.core.node.Node.with_overrides", Node.with_overrides)}
    dynamic = "flytekit.core.dynamic_workflow_task.dynamic"
    lines.add(line("flytekit.core.task.task", flytekit.task).replace("flytekit.core.task.task", dynamic))
    for module in map(importlib.import_module, MODULES.split()):
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", "") != module.__name__:
                continue
            if (inspect.isclass(value) and not issubclass(value, enum.Enum)) or inspect.isfunction(value):
                lines.add(line(f"{module.__name__}.{value.__qualname__}", value))
            if inspect.isclass(value):
                for method, function in inspect.getmembers(value, callable):
                    if isinstance(vars(value).get(method), classmethod) and not method.startswith("_"):
                        lines.add(line(f"{module.__name__}.{value.__qualname__}.{method}", function))
    for name, value in vars(accelerators).items():
        if isinstance(value, accelerators.BaseAccelerator):
            attributes = [f"{attribute}=" for attribute in dir(value) if not attribute.startswith("_")]
            lines.add(" ".join([f"{accelerators.__name__}.{name}", *attributes]))
    print("\n".join(sorted(line for line in lines if not line.endswith(" * **") or line.count(" ") > 2)))


if __name__ == "__main__":
    main()
