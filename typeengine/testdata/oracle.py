"""Tells what flytekit makes of the types and defaults of classes' attributes.

Arguments are Python files, each with a class Cases whose annotated names are the
cases. Prints JSON: {file: {name: {"type": ..., "literal": ...}}}. A type is
LiteralType as JSON, a literal the bytes of a Literal in base64, and both may be
{"error": text} instead; a case without a default has no literal.
"""

import base64
import contextlib
import importlib.util
import json
import logging
import pathlib
import sys
import typing

logging.disable(logging.CRITICAL)

from flytekit.core.context_manager import FlyteContextManager
from flytekit.core.type_engine import TypeEngine
from google.protobuf.json_format import MessageToDict


def load(path):
    name = pathlib.Path(path).stem
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def ask(case, value, has_default):
    try:
        kind = TypeEngine.to_literal_type(case)
        answer = {"type": MessageToDict(kind.to_flyte_idl())}
    except Exception as error:
        return {"type": {"error": str(error)}}
    if has_default:
        try:
            context = FlyteContextManager.current_context()
            literal = TypeEngine.to_literal(context, value, case, kind)
            data = literal.to_flyte_idl().SerializeToString(deterministic=True)
            answer["literal"] = base64.b64encode(data).decode()
        except Exception as error:
            answer["literal"] = {"error": str(error)}
    return answer


def main():
    answers = {}
    with contextlib.redirect_stdout(sys.stderr):
        for path in sys.argv[1:]:
            cases = load(path).Cases
            hints = typing.get_type_hints(cases, include_extras=True)
            answers[pathlib.Path(path).name] = {
                name: ask(case, cases.__dict__.get(name), name in cases.__dict__) for name, case in hints.items()
            }
    json.dump(answers, sys.stdout)


main()
