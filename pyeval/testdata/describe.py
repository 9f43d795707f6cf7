"""Imports modules and says, as JSON, what their names stand for."""

import collections.abc
import dataclasses
import enum
import importlib
import json
import sys
import types
import typing

CONSTANTS = (type(None), bool, int, float, str, bytes, type(...))


def ours(value):
    """Whether a class or function is defined in the modules that are asked about."""
    return getattr(sys.modules.get(value.__module__), "__file__", "").startswith(FOLDER)


def describe(value, depth=0):
    if depth > 8:
        return "deep"
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}={describe(value.value, depth + 1)}"
    if type(value) in CONSTANTS:
        return repr(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        fields = ", ".join(f"{name}={describe(part, depth + 1)}" for name, part in zip(value._fields, value))
        return f"{type(value).__name__}({fields})"
    if isinstance(value, (list, tuple, set, frozenset)):
        parts = [describe(part, depth + 1) for part in value]
        if isinstance(value, (set, frozenset)):
            parts.sort()
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, dict):
        return "dict(" + ", ".join(f"{describe(k, depth + 1)}: {describe(v, depth + 1)}" for k, v in value.items()) + ")"
    origin = None if (value is typing.Generic or value is typing.Protocol) else typing.get_origin(value)
    if origin in (typing.Union, types.UnionType):
        kind = "pipe" if origin is types.UnionType else "union"
        return kind + "[" + ", ".join(describe(arg, depth + 1) for arg in typing.get_args(value)) + "]"
    if origin is typing.Annotated:
        args = [value.__origin__, *value.__metadata__]
        return "Annotated[" + ", ".join(describe(arg, depth + 1) for arg in args) + "]"
    if origin is not None and not hasattr(value, "__args__"):
        return "skip"  # typing's List and its like, without arguments
    if origin is not None:
        args = typing.get_args(value)
        if origin is typing.Literal:
            return "typing.Literal[" + ", ".join(describe(arg, depth + 1) for arg in args) + "]"
        if origin is collections.abc.Callable and args and isinstance(args[0], list):
            args = (args[0], *args[1:])
        return describe(origin, depth + 1) + "[" + ", ".join(describe(arg, depth + 1) for arg in args) + "]"
    if isinstance(value, typing.NewType):
        return f"newtype {value.__name__} of {describe(value.__supertype__, depth + 1)}"
    if isinstance(value, typing.TypeVar):
        return f"typevar {value.__name__}"
    if isinstance(value, typing.ForwardRef):
        return f"forward {value.__forward_arg__}"
    if isinstance(value, type):
        if value is type(None):
            return "None"
        if (value is typing.Generic or value is typing.Protocol) or value.__module__ == "types":
            return "skip"
        if ours(value):
            return f"class {value.__qualname__}"
        return f"{value.__module__}.{value.__qualname__}"
    if isinstance(value, types.ModuleType):
        return f"module {value.__name__}"
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType)) and not ours(value):
        return "skip"
    if isinstance(value, types.FunctionType):
        return f"function {value.__module__}.{value.__qualname__}"
    if isinstance(value, types.MethodType):
        return f"function {value.__module__}.{value.__qualname__}"
    if dataclasses.is_dataclass(value):
        fields = ", ".join(
            f"{f.name}={describe(getattr(value, f.name), depth + 1)}" for f in dataclasses.fields(value)
        )
        return f"{type(value).__qualname__}({fields})"
    if hasattr(value, "__dict__") and type(value).__module__ in sys.modules:
        if getattr(sys.modules[type(value).__module__], "__file__", "").startswith(FOLDER):
            attrs = ", ".join(f"{k}={describe(v, depth + 1)}" for k, v in sorted(vars(value).items()))
            return f"{type(value).__qualname__}({attrs})"
    if type(value).__module__ in ("typing", "__future__", "functools"):
        return "skip"
    return f"object of {type(value).__module__}.{type(value).__qualname__}"


FOLDER = sys.argv[1]
sys.path.insert(0, FOLDER)
answer = {}
for name in sys.argv[2:]:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError:
        continue
    answer[name] = {key: describe(value) for key, value in vars(module).items() if not key.startswith("__")}
json.dump(answer, sys.stdout)
