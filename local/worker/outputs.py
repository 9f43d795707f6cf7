"""What a run gave, as JSON where there is such a form, and as one line of text."""

import dataclasses
import datetime
import enum
import json
import reprlib

from flyte_lsp_worker.inputs import type_text
from flytekit.types.directory import FlyteDirectory
from flytekit.types.file import FlyteFile
from flytekit.types.structured import StructuredDataset

LARGEST_JSON = 1 << 20  # characters
LONGEST_TEXT = 200


class NoForm(Exception):
    """A value that has no JSON form, or a too large one."""


def describe(entity, result):
    """The outputs by name, from what a call of the entity returned."""
    return [describe_one(name, python_type, value) for name, python_type, value in named(entity, result)]


def named(entity, result):
    declared = list(entity.python_interface.outputs.items())
    if not declared:
        return []
    if len(declared) == 1:
        name, python_type = declared[0]
        # A NamedTuple with a single field may come as itself or as its field.
        if isinstance(result, tuple) and getattr(result, "_fields", None) == (name,) and len(result) == 1:
            result = result[0]
        return [(name, python_type, result)]
    return [(name, python_type, result[i]) for i, (name, python_type) in enumerate(declared)]


def describe_one(name, python_type, value):
    try:
        form = json.dumps(Form().of(value), allow_nan=False)
    except (NoForm, ValueError, TypeError, RecursionError):
        form = None
    except Exception:  # the user's class: a property that raises
        form = None
    if form is not None and len(form) > LARGEST_JSON:
        form = None
    return {"name": name, "type": type_text(python_type), "json": form, "text": text(value)}


class Form:
    """Turns a value into what JSON can hold, and stops where it gets too large."""

    def __init__(self):
        self.left = LARGEST_JSON

    def of(self, value):
        self.spend(2)
        if value is None or (isinstance(value, (bool, int, float)) and not isinstance(value, enum.Enum)):
            return value
        if isinstance(value, enum.Enum):
            return self.of(value.value)
        if isinstance(value, str):
            self.spend(len(value))
            return value
        if isinstance(value, (datetime.datetime, datetime.date)):
            return value.isoformat()
        if isinstance(value, datetime.timedelta):
            return str(value)
        if isinstance(value, (FlyteFile, FlyteDirectory, StructuredDataset)):
            return self.of(location(value))
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {field.name: self.of(getattr(value, field.name)) for field in dataclasses.fields(value)}
        if isinstance(value, dict):
            return {self.key(key): self.of(item) for key, item in value.items()}
        if hasattr(value, "_asdict"):
            return self.of(value._asdict())
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.of(item) for item in value]
        if hasattr(value, "model_dump"):  # pydantic
            return self.of(value.model_dump(mode="json"))
        raise NoForm

    def key(self, key):
        key = key.value if isinstance(key, enum.Enum) else key
        if not isinstance(key, (str, int, float, bool)):
            raise NoForm
        self.spend(len(str(key)))
        return str(key)

    def spend(self, characters):
        self.left -= characters
        if self.left < 0:
            raise NoForm


def location(value):
    """Where the data is: where it came from or went to, else the local path."""
    if isinstance(value, StructuredDataset):
        if value.uri is None:
            raise NoForm
        return value.uri
    return str(value.remote_source or value.path)


class Short(reprlib.Repr):
    def __init__(self):
        super().__init__()
        self.maxlevel = 4
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdict = 40
        self.maxstring = LONGEST_TEXT
        self.maxlong = LONGEST_TEXT
        self.maxother = 2 * LONGEST_TEXT


def text(value):
    """A value in one short line; it never raises."""
    try:
        return one_line(shown(value))
    except Exception as error:
        return one_line("<%s, whose text can't be made: %s>" % (type(value).__qualname__, type(error).__qualname__))


def shown(value):
    if isinstance(value, enum.Enum):
        return str(value)
    if isinstance(value, (FlyteFile, FlyteDirectory)):
        return location(value)
    if isinstance(value, StructuredDataset):
        return "StructuredDataset(%s)" % (value.uri or text(value.dataframe))
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        return "%s(%s)" % (type(value).__qualname__, " × ".join(map(str, shape)))
    if isinstance(value, (list, tuple, set, frozenset, dict, str, int)) and not hasattr(value, "_fields"):
        return Short().repr(value)
    return repr(value)


def one_line(line):
    line = " ".join(line.split())
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"
