"""The values of an entity's inputs, converted as `pyflyte run` converts them."""

import datetime
import json
import re
import types
import typing

import rich_click as click
from flytekit import LaunchPlan
from flytekit.core.context_manager import FlyteContextManager
from flytekit.core.type_engine import TypeEngine
from flytekit.interaction.click_types import DurationParamType, FlyteLiteralConverter

try:
    from flytekit.core.artifact import ArtifactQuery
except ImportError:  # versions without artifacts
    ArtifactQuery = ()


class InputError(Exception):
    """The user gave an input that can't be used, or left one out."""

    def __init__(self, name, problem):
        super().__init__(name, problem)
        self.name = name
        self.problem = problem


def arguments(entity, given, remote=False):
    """What the entity is called with: the given values and, as pyflyte does, the
    declared defaults. On a backend (remote) a query stays for it to answer."""
    declared = declarations(entity)
    refuse_unknown(entity, given, declared)
    result = {}
    for name, (python_type, default) in declared.items():
        if name in given:
            result[name] = convert(entity, name, python_type, given[name])
        elif isinstance(default, ArtifactQuery):
            if not remote:
                raise InputError(name, "its default is a query that only a backend can answer: give it a value")
        elif default is not None or optional(python_type):
            result[name] = default
        elif python_type is bool:
            result[name] = False  # a flag of pyflyte's command line
        else:
            raise InputError(name, "a value of type %s is required" % type_text(python_type))
    return result


def declarations(entity):
    """Name to type and default (None for none), in the order of the interface."""
    declared = entity.python_interface.inputs_with_defaults
    if not isinstance(entity, LaunchPlan):
        return dict(declared)
    # The launch plan's own defaults; what it fixes is no input of it.
    saved = entity.saved_inputs
    parameters = entity.parameters.parameters
    return {name: (declared[name][0], saved.get(name, declared[name][1])) for name in declared if name in parameters}


def refuse_unknown(entity, given, declared):
    for name in given:
        if name in declared:
            continue
        if name in entity.python_interface.inputs:
            raise InputError(name, "the launch plan fixes it: leave it out")
        names = ", ".join(declared) or "none"
        raise InputError(name, "there is no such input; the inputs are: %s" % names)


def convert(entity, name, python_type, value):
    if value is None:
        if optional(python_type):
            return None
        raise InputError(name, "null isn't a value of type %s" % type_text(python_type))
    literal_type = entity.interface.inputs[name].type
    context = FlyteContextManager.current_context()
    try:
        converter = FlyteLiteralConverter(context, literal_type=literal_type, python_type=python_type, is_remote=False)
        run = click.Context(click.Command("run"), obj=types.SimpleNamespace(is_remote=False, verbose=0))
        native = converter.convert(run, None, parse(converter, run, as_argument(value)))
        if not holds_data(literal_type):
            TypeEngine.to_literal(context, native, python_type, literal_type)
        return native
    except Exception as error:
        raise InputError(name, problem(error, python_type, value)) from error


def as_argument(value):
    """The form in which pyflyte takes a value of an inputs file (YamlFileReadingCommand)."""
    return value if isinstance(value, (str, bool)) else json.dumps(value)


def parse(converter, run, value):
    click_type = converter.click_type
    try:
        return click_type.convert(value, None, run)
    except TypeError as error:
        if isinstance(click_type, DurationParamType):  # what pytimeparse doesn't know is None
            raise click.BadParameter("write it like 1:24 (minutes), 90 seconds or 1 hour 5 minutes") from error
        raise
    except click.BadParameter:
        # pyflyte takes no zone, and no fraction of a second; YAML's dates have them.
        if isinstance(click_type, click.DateTime) and isinstance(value, str):
            try:
                return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
            except ValueError:
                pass
        raise


def holds_data(literal_type):
    """Whether a conversion would copy or pickle data, just to see that it works."""
    if literal_type.blob or literal_type.schema or literal_type.structured_dataset_type:
        return True
    if literal_type.union_type:
        return any(holds_data(variant) for variant in literal_type.union_type.variants)
    inner = literal_type.collection_type or literal_type.map_value_type
    return bool(inner) and holds_data(inner)


def optional(python_type):
    return type(None) in typing.get_args(python_type)


def problem(error, python_type, value):
    message = error.message if isinstance(error, click.ClickException) else str(error)
    if type(error).__module__ == "builtins":  # KeyError: 'a' tells nothing without its type
        message = "%s: %s" % (type(error).__qualname__, message)
    message = re.sub(r"^parameter None should", "it should", message)
    message = re.sub(r"^Failed to convert param: NA, value: .* to type: .*\. Reason ", "", message, flags=re.DOTALL)
    shown = repr(value)
    if len(shown) > 100:
        shown = shown[:99] + "…"
    return "%s isn't a value of type %s: %s" % (shown, type_text(python_type), message[:2000])


def type_text(python_type):
    """A type as its annotation would be written."""
    if isinstance(python_type, type) and not typing.get_args(python_type):
        return python_type.__qualname__
    return re.sub(r"(?:\w+\.)+(?=\w)", "", str(python_type))
