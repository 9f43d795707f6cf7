"""Says what typing.get_type_hints gives for the functions and classes of modules."""

import importlib
import json
import sys
import types
import typing

sys.argv[2:], names = [], sys.argv[2:]
from describe import describe  # noqa: E402

answer = {}
for name in names:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError:
        continue
    answer[name] = {}
    for key, value in vars(module).items():
        if not isinstance(value, (type, types.FunctionType)) or value.__module__ != name:
            continue
        try:
            hints = typing.get_type_hints(value, include_extras=True)
        except NameError:
            hints = None
        answer[name][key] = hints and {arg: describe(hint) for arg, hint in hints.items()}
sys.stdout.write("\n" + json.dumps(answer))
