"""Print what a model needs to know of flytekit's plugins, as stand-ins for their modules.

Run it where flytekit and the plugins are installed, without their dependencies:
what these would offer is stood in for by empty classes. The output is a txtar
archive of Python modules that say, in the words of Python:

- of a class of tasks, what its constructor hands on to flytekit's class above it;
  that is observed: the constructor is called, and each parameter left out once
- of a dataclass or an enum, its fields or members
- of a decorator, that what it makes keeps the function's signature
- of some other functions what by_hand.txtar tells
- of a type with a transformer, its LiteralType
- which class of tasks belongs to which task_config

A class of which something decides that can't be said so derives from, or is made
with, `unread`, which stands for a value that isn't known.
"""

import dataclasses
import enum
import importlib
import inspect
import logging
import pkgutil
import re
import sys
import types
import warnings

import absent  # noqa: F401

# isort: split
import flytekit
from constructors import Constructor, hints_of, signature_of
from flytekit.core.base_task import Task
from flytekit.core.task import TaskPlugins
from flytekit.core.type_engine import TypeEngine
from flytekit.core.utils import ClassDecorator
from flytekit.sensor.base_sensor import BaseSensor
from flytekit.types.directory.types import FlyteDirectory
from flytekit.types.file.file import FlyteFile
from writer import BY_HAND, DECORATORS, PREFIX, Unsayable, Writer, flytekits_base, is_written

# Parts of the plugins that workflow files don't use.
UNUSED = re.compile(r"\.(connector|agent|error|errors|util|utils|client|ssh_utils|sandbox)$")


def plugin_modules():
    """The modules of the plugins, in the order of their names."""
    import flytekitplugins

    def load(path, prefix):
        for info in pkgutil.iter_modules(path, prefix):
            if UNUSED.search(info.name):
                continue
            try:
                module = importlib.import_module(info.name)
            except Exception as error:  # it wants more of its dependencies than that they are there
                print(f"{info.name} left out: {error!r}", file=sys.stderr)
                continue
            if info.ispkg:
                load(module.__path__, info.name + ".")

    load(flytekitplugins.__path__, PREFIX)
    names = [name for name in sys.modules if name.startswith(PREFIX) and not UNUSED.search(name)]
    return [sys.modules[name] for name in sorted(names)]


def write_class(writer, name, cls):
    base = flytekits_base(cls) if issubclass(cls, (Task, ClassDecorator)) else None
    if base is not None:
        lines = [f"class {name}({writer.path(base.__module__, base.__qualname__)}):"]
        try:
            lines += Constructor(writer, cls, base).write()
            if issubclass(cls, BaseSensor):
                lines += ["", *write_poke(writer, cls)]
        except Unsayable as error:
            print(f"{cls.__module__}.{name} not observed: {error}", file=sys.stderr)
            lines += [
                "    def __init__(self, *args, **kwargs):",
                f"        super().__init__(interface={writer.unread()}, **kwargs)",
            ]
    elif issubclass(cls, enum.Enum):
        bases = ", ".join(writer.type(b) for b in cls.__bases__)
        lines = [f"class {name}({bases}):"] + [
            f"    {m} = {v.value!r}" if isinstance(v.value, (str, int)) else f"    {m} = {writer.unread()}"
            for m, v in cls.__members__.items()
        ]
    elif dataclasses.is_dataclass(cls):
        lines = write_dataclass(writer, name, cls)
    elif plain_bases(cls):
        lines = [f"class {name}:", "    pass"]
    else:
        lines = [f"class {name}({writer.unread()}):", "    pass"]
    writer.lines += ["", *lines]


def plain_bases(cls):
    return all(b is object for b in cls.__bases__) and type(cls) is type


def write_poke(writer, cls):
    """The method that has the inputs of a sensor."""
    hints = hints_of(cls.poke)
    names = [f"{p.name}: {writer.type(hints[p.name])}" for p in signature_of(cls.poke)]
    return [f"    def poke({', '.join(['self', *names])}):", "        pass"]


def write_dataclass(writer, name, cls):
    writer.imports.add("import dataclasses")
    bases = []
    for b in cls.__bases__:
        if b is not object:
            try:
                bases.append(writer.type(b))
            except Unsayable:
                bases.append(writer.unread())
    parent = f"({', '.join(bases)})" if bases else ""
    lines = ["@dataclasses.dataclass", f"class {name}{parent}:"]
    inherited = {f.name for b in cls.__bases__ if dataclasses.is_dataclass(b) for f in dataclasses.fields(b)}
    hints = hints_of(cls)
    for field in dataclasses.fields(cls):
        if field.name in inherited and field.name not in vars(cls).get("__annotations__", {}):
            continue
        try:
            written = writer.type(hints.get(field.name, field.type))
        except Unsayable:
            written = writer.unread()
        line = f"    {field.name}: {written}"
        if field.default_factory is not dataclasses.MISSING:
            factory = field.default_factory
            if factory in (list, dict, set):
                line += f" = dataclasses.field(default_factory={factory.__name__})"
            else:
                line += f" = dataclasses.field(default_factory={writer.unread()})"
        elif field.default is not dataclasses.MISSING:
            line += f" = {writer.constant(field.default)}"
        lines.append(line)
    return lines if len(lines) > 2 else [*lines, "    pass"]


def write_decorator(writer, name, function):
    """A decorator with settings, or of a function alone, as its first parameter tells."""
    parameters = list(inspect.signature(function).parameters.values())
    writer.imports.add("import functools")
    bare = parameters[0].name in ("fn", "func", "task_function", "_task_function")
    writer.lines += [
        "",
        f"def {name}({'fn=None, ' if bare else ''}*args, **kwargs):",
        "    def decorate(fn):",
        "        @functools.wraps(fn)",
        "        def wrapper(*args, **kwargs):",
        "            return fn(*args, **kwargs)",
        "",
        "        return wrapper",
        "",
        "    return decorate(fn) if fn is not None else decorate" if bare else "    return decorate",
    ]


def write_transformer(writer, cls):
    try:
        made = TypeEngine.to_literal_type(cls)
    except Exception as error:
        print(f"{cls.__module__}.{cls.__qualname__} has a transformer that fails: {error!r}", file=sys.stderr)
        said = writer.unread()
    else:
        said = literal_type(writer, made)
    name = cls.__qualname__
    writer.lines += [
        "",
        f"class {name}Transformer_({writer.path('flytekit.core.type_engine', 'TypeTransformer')}):",
        "    def __init__(self):",
        f"        super().__init__({name!r}, {name})",
        "",
        "    def get_literal_type(self, t):",
        f"        return {said}",
        "",
        f"flytekit.core.type_engine.TypeEngine.register({name}Transformer_())",
    ]


def literal_type(writer, made):
    path = writer.path("flytekit.models.types", "LiteralType")
    parts = []
    if made.simple is not None:
        from flyteidl.core.types_pb2 import SimpleType

        parts.append(f"simple=flytekit.models.types.SimpleType.{SimpleType.Name(made.simple)}")
    elif made.blob is not None:
        blob = writer.path("flytekit.models.core.types", "BlobType")
        dimensionality = "SINGLE" if made.blob.dimensionality == 0 else "MULTIPART"
        parts.append(
            f"blob={blob}(format={made.blob.format!r}, dimensionality={blob}.BlobDimensionality.{dimensionality})"
        )
    else:
        return writer.unread()
    if made.metadata is not None:
        if made.metadata:
            return writer.unread()
        parts.append("metadata={}")
    return f"{path}({', '.join(parts)})"


def write_module(module):
    writer = Writer(module)
    registered = {t for t in TypeEngine._REGISTRY if getattr(t, "__module__", None) == module.__name__}
    exported = {}
    for name, value in vars(module).items():
        if name.startswith("_") or not isinstance(value, (type, types.FunctionType)):
            continue
        home = value.__module__ or ""
        if (
            isinstance(value, type)
            and "<locals>" in value.__qualname__
            and issubclass(value, (FlyteFile, FlyteDirectory))
        ):
            exported[name] = value
        elif home.startswith("flytekit.") and hasattr(module, "__path__") and name == value.__qualname__:
            writer.imports.add(f"from {home} import {name}")
        elif not home.startswith(PREFIX) or not is_written(value) or UNUSED.search(home):
            continue
        elif home != module.__name__:
            suffix = "" if name == value.__qualname__ else f" as {name}"
            writer.imports.add(f"from {home} import {value.__qualname__}{suffix}")
        elif name == value.__qualname__:
            exported[name] = value

    def depth(item):
        return len(item[1].__mro__) if isinstance(item[1], type) else 0

    for name, value in sorted(exported.items(), key=lambda item: (depth(item), item[0])):
        if isinstance(value, types.FunctionType):
            if name in DECORATORS:
                write_decorator(writer, name, value)
        elif "<locals>" in value.__qualname__:
            writer.lines += ["", f"{name} = {writer.type(value)}"]
        else:
            write_class(writer, name, value)
            if value in registered:
                write_transformer(writer, value)
    for config, task in TaskPlugins._PYTHONFUNCTION_TASK_PLUGINS.items():
        if getattr(config, "__module__", None) == module.__name__:
            writer.imports.add("import flytekit.core.task")
            writer.lines += [
                "",
                "flytekit.core.task.TaskPlugins.register_pythontask_plugin("
                f"{config.__qualname__}, {writer.type(task)})",
            ]
    writer.lines += ["", BY_HAND[path_of(module)]] if path_of(module) in BY_HAND else []
    return writer.text()


def path_of(module):
    return f"{module.__name__.replace('.', '/')}{'/__init__' if hasattr(module, '__path__') else ''}.py"


def main():
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    print(f"What stands in for the modules of flytekit's plugins of version {flytekit.__version__}, see stand_ins.py.")
    for module in plugin_modules():
        text = write_module(module)
        if text.strip():
            print(f"-- {path_of(module)} --")
            print(text, end="")


main()
