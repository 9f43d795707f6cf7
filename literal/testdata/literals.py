"""Print what flytekit makes of types and values: one JSON object a line."""

import base64
import datetime
import enum
import json
import math
import typing
from dataclasses import dataclass

from dataclasses_json import DataClassJsonMixin
from flytekit import FlyteContextManager
from flytekit.core.type_engine import TypeEngine
from flytekit.types.directory import FlyteDirectory
from flytekit.types.file import FlyteFile
from flytekit.types.structured import StructuredDataset


@dataclass
class Box:
    width: int
    area: float


@dataclass
class Crate:
    name: str
    boxes: typing.List[Box]
    spare: typing.Optional[Box]
    counts: typing.Dict[int, str]
    packed: datetime.datetime


@dataclass
class Legacy(DataClassJsonMixin):
    size: int


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Opaque:
    pass


UTC = datetime.timezone.utc
NOON = datetime.datetime(2026, 3, 1, 12, 0, 0, 250000, tzinfo=UTC)

CASES = [
    ("int", int, -7),
    ("float", float, 3.0),
    ("small float", float, 1e-07),
    ("nan", float, math.nan),
    ("str", str, 'two\nlines "quoted" é'),
    ("empty str", str, ""),
    ("bool", bool, True),
    ("datetime", datetime.datetime, NOON),
    ("timedelta", datetime.timedelta, datetime.timedelta(hours=1, minutes=30)),
    ("long timedelta", datetime.timedelta, datetime.timedelta(days=2)),
    ("none", type(None), None),
    ("list", typing.List[str], ["a", "b"]),
    ("nested list", typing.List[typing.List[int]], [[1], [], [2, 3]]),
    ("dict", typing.Dict[str, float], {"b": 0.5, "a": 1.0}),
    ("untyped dict", dict, {"z": 1, "a": [True, None]}),
    ("int keys", typing.Dict[int, str], {2: "two"}),
    ("optional", typing.Optional[int], 4),
    ("optional none", typing.Optional[int], None),
    ("union", typing.Union[int, str, None], "x"),
    ("enum", Color, Color.BLUE),
    ("dataclass", Crate, Crate("c", [Box(2, 4.0)], None, {1: "one"}, NOON)),
    ("list of dataclasses", typing.List[Box], [Box(1, 1.0)]),
    ("legacy dataclass", Legacy, Legacy(3)),
    ("file", FlyteFile, FlyteFile("s3://bucket/data.bin", remote_path=False)),
    ("csv file", FlyteFile["csv"], FlyteFile("s3://bucket/data.csv", remote_path=False)),
    ("directory", FlyteDirectory, FlyteDirectory("s3://bucket/folder", remote_directory=False)),
    ("dataset", StructuredDataset, StructuredDataset(uri="s3://bucket/table")),
    ("pickle", Opaque, Opaque()),
    ("any", typing.Any, b"bytes"),
]

ctx = FlyteContextManager.current_context()
for name, python_type, python_value in CASES:
    literal_type = TypeEngine.to_literal_type(python_type)
    literal = TypeEngine.to_literal(ctx, python_value, python_type, literal_type)
    print(
        json.dumps(
            {
                "name": name,
                "type": base64.b64encode(literal_type.to_flyte_idl().SerializeToString()).decode(),
                "literal": base64.b64encode(literal.to_flyte_idl().SerializeToString()).decode(),
            }
        )
    )
