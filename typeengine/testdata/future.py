"""Annotations that aren't evaluated when they are written, and other spellings."""

# What is pickled has an address that is new in each run.
# unknown: final literal

from __future__ import annotations

import collections.abc as cabc
import dataclasses as dc
import datetime as dt
import typing as t
from dataclasses import dataclass
from enum import Enum

import typing_extensions as te
from flytekit import FlyteFile, StructuredDataset, kwtypes
from flytekit.types.directory import FlyteDirectory
from flytekit.types.structured.structured_dataset import StructuredDataset as SD


class Mode(str, Enum):
    FAST = "fast"
    SLOW = "slow"


StrEnum = Enum("StrEnum", {"A": "a", "B": "b"})
IntEnumF = Enum("IntEnumF", "X Y")


@dataclass
class Later:
    first: Later2
    rest: list[Later2] | None = None
    modes: dict[str, Mode] = dc.field(default_factory=dict)
    seen: dt.datetime | None = None
    mode: Mode = Mode.FAST


@dataclass
class Later2:
    a: int
    parent: t.Optional[Later2] = None


@dc.dataclass(kw_only=True, slots=True)
class Slotted:
    a: int = 1
    b: str
    c: t.ClassVar[int] = 3


@dataclass
class Bare:
    l: t.List
    d: t.Dict = None


@dataclass
class Holder:
    s: te.Annotated[StructuredDataset, kwtypes(a=int)]
    f: FlyteFile["csv"]
    lit: te.Literal["x", 1]
    me: t.Optional[te.Self] = None


class Cases:
    a: int | None = None
    b: list[dict[str, float]] | None = None
    c: t.Union[int, None, str] = 3
    d: t.List[t.Optional[Mode]] = [Mode.FAST, None]
    e: Mode | None = Mode.SLOW
    f: "Mode" = Mode.FAST
    g: te.Annotated[SD, kwtypes(a=int)]
    h: cabc.Callable[[int], str]
    i: cabc.Mapping[str, int]
    j: tuple[int, str] | None
    k: te.Literal["a"] | None = "a"
    later: Later
    later_value: Later2 = Later2(1, Later2(2))
    slotted: Slotted = Slotted(b="x")
    bare: Bare
    holder: Holder
    str_enum: StrEnum = StrEnum.A
    int_enum: IntEnumF
    pipe_list: list[int] | dict[str, int] = [1]
    pipe_same: list[int] | list[str] = []
    pipe_file: FlyteFile | FlyteDirectory | None = None
    pipe_file_csv: FlyteFile["csv"] | None = None
    final: t.Final[int] = 3
    text: t.Text = "x"
    none_default: int = None
    pickled_union: set[int] | None = None
    pickled_dict: dict[str, set[int]]
    pickled_pipe: t.Annotated[int | str, "x"] = "y"
    pickled_pipe_set: t.Set[int | None]
    pickled_pipe_set2: set[int | t.List[str]]
    pickled_callable: t.Callable[..., t.Optional[int]]
    pickled_type: t.Type[Mode]
    pickled_forward: t.Set[Later]
    nested_union: t.Union[int, t.Union[str, t.Union[float, None]]] = 1.5
