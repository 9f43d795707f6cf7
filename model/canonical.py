"""Print where flytekit defines each name that its modules offer, and which names some other modules offer.

Five kinds of lines, sorted:

    class flytekit.core.task.Echo flytekit.core.base_task.PythonTask ...
        a class with its bases; object only where the class has no __init__ of its own
    def flytekit.current_context
        another object that is defined there
    name flytekit.task flytekit.core.task.task
        a name that a module took over from where it is defined
    text flytekit.types.structured.structured_dataset.PARQUET "parquet"
        a string of the types' modules, as JSON
    file flytekit.types.file.PDFFile flytekit.types.file.file.FlyteFile pdf
        a file or directory type with a format
"""

import ast
import dataclasses
import datetime
import enum
import functools
import importlib
import inspect
import json
import pathlib
import pkgutil
import sys
import types
import typing
import warnings

import flytekit
import typing_extensions
from flytekit.types.directory.types import FlyteDirectory
from flytekit.types.file.file import FlyteFile

# Modules of Python's library that users take all names from with a star.
STANDARD = [dataclasses, datetime, enum, functools, typing]


def modules():
    """flytekit's modules that can be imported without its optional dependencies."""
    yield flytekit
    for info in pkgutil.walk_packages(flytekit.__path__, "flytekit.", onerror=lambda name: None):
        if info.name.endswith("__main__") or ".clis." in info.name:
            continue
        try:
            yield importlib.import_module(info.name)
        except Exception as error:  # an optional dependency is missing, in its own words
            print(f"{info.name} left out: {error}", file=sys.stderr)


def defined_name(value):
    """The full name under which flytekit defines a class or a function, else None."""
    if not isinstance(value, (type, types.FunctionType)):
        return None
    module = getattr(value, "__module__", None)
    if not isinstance(module, str) or module.partition(".")[0] != "flytekit":
        return None
    found = sys.modules.get(module)
    for part in value.__qualname__.split("."):
        found = getattr(found, part, None)
    # What a decorator wrapped, or a class that a function made, isn't found there.
    return f"{module}.{value.__qualname__}" if found is value else None


def assigned_names(module):
    """The names that a module's own statements assign."""
    for statement in ast.parse(pathlib.Path(module.__file__).read_text()).body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                yield target.id


def assigned_objects(found):
    """The names of objects that are neither classes nor functions, by their identity."""
    names = {}
    for module in found:
        for attribute in assigned_names(module):
            value = getattr(module, attribute, None)
            if not isinstance(value, (type, types.FunctionType, bool, int, float, str, bytes, type(None))):
                names.setdefault(id(value), f"{module.__name__}.{attribute}")
    return names


def full_name(value):
    return defined_name(value) or f"{value.__module__}.{value.__qualname__}"


def file_type(value):
    """The base and the format of a FlyteFile["pdf"], else None."""
    for base in (FlyteFile, FlyteDirectory):
        if isinstance(value, type) and issubclass(value, base) and defined_name(value) is None and value is not base:
            return f"{full_name(base)} {value.extension()}"
    return None


def foreign_name(attribute, value):
    """The name of an object of another library, else None."""
    for library in (typing, typing_extensions):
        if getattr(library, attribute, None) is value:
            return f"typing.{attribute}"
    if isinstance(value, (type, types.FunctionType)):
        return full_name(value)
    return None


def members(value, name, lines):
    """The classes in a class."""
    bases = [full_name(base) for base in value.__bases__ if base is not object or "__init__" not in vars(value)]
    lines.add(" ".join(["class", name, *bases]))
    for attribute, member in vars(value).items():
        if isinstance(member, type) and defined_name(member) == f"{name}.{attribute}":
            members(member, f"{name}.{attribute}", lines)


def main():
    warnings.simplefilter("ignore")
    lines = set()
    found = list(modules())
    assigned = assigned_objects(found)
    for module in found:
        for attribute, value in vars(module).items():
            path = f"{module.__name__}.{attribute}"
            if attribute.startswith("_"):
                continue
            if isinstance(value, str) and module.__name__.startswith("flytekit.types."):
                lines.add(f"text {path} {json.dumps(value)}")
                continue
            if inspect.ismodule(value):
                if module is flytekit and value.__name__ != path:
                    lines.add(f"name {path} {value.__name__}")
                continue
            name, specific = defined_name(value) or assigned.get(id(value)), file_type(value)
            if specific:
                lines.add(f"file {path} {specific}")
            elif name and name != path:
                lines.add(f"name {path} {name}")
            elif name and isinstance(value, type):
                members(value, name, lines)
            elif name:
                lines.add(f"def {name}")
            elif module is flytekit and foreign_name(attribute, value):
                lines.add(f"name {path} {foreign_name(attribute, value)}")
    for module in STANDARD:
        lines.update(f"def {module.__name__}.{name}" for name in module.__all__)
    print("\n".join(sorted(lines)))


main()
