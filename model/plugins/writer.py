"""Write values of flytekit and its plugins in the words of Python."""

import collections.abc
import contextlib
import dataclasses
import enum
import pathlib
import re
import types
import typing

from flytekit.core.base_task import Task
from flytekit.core.type_engine import TypeEngine
from flytekit.core.utils import ClassDecorator
from flytekit.types.directory.types import FlyteDirectory
from flytekit.types.file.file import FlyteFile

PREFIX = "flytekitplugins."

# Functions that are used as decorators.
DECORATORS = {"mlflow_autolog", "comet_ml_login", "neptune_scale_run", "neptune_init_run"}

# What no call tells, by the names of the files.
BY_HAND = dict(
    zip(*[iter(re.split(r"(?m)^-- (.*) --\n", (pathlib.Path(__file__).parent / "by_hand.txtar").read_text())[1:])] * 2)
)
MADE_BY_HAND = {name for text in BY_HAND.values() for name in re.findall(r"(?m)^def (\w+)", text)}


def flytekits_base(cls):
    """flytekit's class of tasks, or of decorators, whose constructor is called in the end."""
    for base in cls.__mro__:
        if (
            base.__module__.startswith("flytekit.")
            and "__init__" in vars(base)
            and issubclass(base, (Task, ClassDecorator))
        ):
            return base
    return None


def is_written(value):
    """Whether something in a workflow file hangs on the class or function."""
    if isinstance(value, types.FunctionType):
        return value.__name__ in DECORATORS | MADE_BY_HAND
    return (
        (issubclass(value, (Task, ClassDecorator)) and flytekits_base(value) is not None)
        or issubclass(value, enum.Enum)
        or dataclasses.is_dataclass(value)
        or value in TypeEngine._REGISTRY
    )


class Unsayable(Exception):
    """A value that has no short form in Python."""


class Writer:
    """The stand-in of one module."""

    def __init__(self, module):
        self.module = module
        self.imports = set()
        self.lines = []

    def text(self):
        imports = sorted(self.imports)
        return "\n".join(imports + ([""] if imports and self.lines else []) + self.lines).rstrip() + "\n"

    def path(self, module, qualname):
        if module == "builtins":
            return qualname
        if module == self.module.__name__:
            return qualname
        self.imports.add(f"import {module}")
        return f"{module}.{qualname}"

    def type(self, t):
        """A type in the words of Python."""
        if t is None or t is type(None):
            return "None"
        if t is typing.Any:
            return self.path("typing", "Any")
        if isinstance(t, str):
            return repr(t)
        origin, args = typing.get_origin(t), typing.get_args(t)
        if origin in (typing.Union, types.UnionType):
            return f"{self.path('typing', 'Union')}[{', '.join(self.type(arg) for arg in args)}]"
        if origin is typing.Literal:
            return f"{self.path('typing', 'Literal')}[{', '.join(map(repr, args))}]"
        if type(t).__module__ == "typing" and origin in (list, dict, tuple, set, type, collections.abc.Iterator):
            spelled = self.path("typing", t._name)
        elif origin in (list, dict, tuple, set, type):
            spelled = origin.__name__
        elif origin is not None or isinstance(t, typing.TypeVar):
            raise Unsayable(t)
        if origin is not None:
            inner = ", ".join("..." if arg is Ellipsis else self.type(arg) for arg in args)
            return f"{spelled}[{inner}]" if args else spelled
        if isinstance(t, type):
            for base in (FlyteFile, FlyteDirectory):
                if issubclass(t, base) and "<locals>" in t.__qualname__:
                    return f"{self.path(base.__module__, base.__qualname__)}[{t.extension()!r}]"
            if "<locals>" in t.__qualname__ or (t.__module__.startswith(PREFIX) and not is_written(t)):
                raise Unsayable(t)
            return self.path(t.__module__, t.__qualname__)
        raise Unsayable(t)

    def constant(self, value):
        """A constant, or what stands for one that has no short form."""
        if isinstance(value, enum.Enum):
            return f"{self.path(type(value).__module__, type(value).__qualname__)}.{value.name}"
        if isinstance(value, (str, int, float, bool, type(None))):
            return repr(value)
        if isinstance(value, type):
            with contextlib.suppress(Unsayable):
                return self.type(value)
        return self.unread()

    def unread(self):
        self.imports.add("from __plugins__ import unread")
        return "unread"
