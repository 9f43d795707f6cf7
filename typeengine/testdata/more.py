"""Cases that are rarer."""

# numpy saves anything.
# unknown: union_array_int literal
# unknown: dc_other literal

import abc
import collections
import datetime
import enum
import http
import logging
import math
import random
import re
import typing
from dataclasses import dataclass, field
from sklearn.linear_model import LogisticRegression
from typing import (
    Any,
    Dict,
    Generic,
    List,
    Literal,
    NamedTuple,
    NewType,
    Optional,
    Protocol,
    Set,
    Tuple,
    TypeVar,
    Union,
)
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from flytekit import FlyteDirectory, FlyteFile, StructuredDataset, kwtypes
from flytekit.types.pickle import FlytePickle
from mashumaro.mixins.json import DataClassJSONMixin
from mashumaro.types import SerializableType
from pydantic import BaseModel, Field, PositiveInt, conint, conlist

T = TypeVar("T")
K = TypeVar("K")
Constrained = TypeVar("Constrained", int, str)
Meters = NewType("Meters", float)
Far = NewType("Far", Meters)


class Ser(SerializableType):
    def _serialize(self) -> Dict[str, int]:
        return {}

    @classmethod
    def _deserialize(cls, value):
        return cls()


class Proto(Protocol):
    x: int


class Abstract(abc.ABC):
    @abc.abstractmethod
    def f(self): ...


class Status(enum.Flag):
    A = 1


class Odd(enum.Enum):
    A = ("x", 1)


class Empty(enum.Enum):
    pass


class Method(str, enum.Enum):
    GET = "get"

    def __str__(self):
        return self.value


class Planet(enum.Enum):
    EARTH = "e"
    MARS = "m"

    @classmethod
    def default(cls):
        return cls.EARTH

    _ignore_ = ["tmp"]


@dataclass
class Pair(Generic[T, K]):
    left: T
    right: K


@dataclass
class Swapped(Pair[str, T]):
    extra: Optional[T] = None


@dataclass
class UsesPairs:
    p: Pair[int, List[str]]
    s: Swapped[float]
    c: Constrained
    m: Meters
    f: Far
    t: Optional[Tuple[int, ...]] = None
    pair: Pair[int, int] = field(default_factory=lambda: Pair(1, 2))


@dataclass
class WithSer:
    s: Ser


@dataclass
class WithModel:
    m: "Model"


@dataclass
class WithFrame:
    df: pd.DataFrame
    x: int = 1


@dataclass
class WithArray:
    a: np.ndarray


@dataclass
class WithAnyDefault:
    a: Any = None
    d: Dict[str, Any] = field(default_factory=lambda: {"a": [1, {"b": None}], "c": 2.5})
    e: dict = field(default_factory=dict)


@dataclass
class Parent(DataClassJSONMixin):
    a: int = 1


@dataclass
class Kid(Parent):
    b: Optional[List["Parent"]] = None


@dataclass
class WithPattern:
    p: typing.Pattern


@dataclass
class Literals:
    a: Literal["x", "y"] = "x"
    b: Optional[Literal[1, 2]] = None
    c: Literal[Planet.EARTH] = Planet.EARTH


@dataclass
class Containers:
    t: Tuple[datetime.date, Planet] = (datetime.date(2020, 1, 1), Planet.MARS)
    l: List[Planet] = field(default_factory=lambda: [Planet.EARTH])
    d: Dict[str, datetime.timedelta] = field(default_factory=lambda: {"a": datetime.timedelta(seconds=1)})
    o: Optional[Dict[str, List[int]]] = None
    s: Set[int] = field(default_factory=set)
    files: List[FlyteFile] = field(default_factory=lambda: [FlyteFile("s3://a/b")])
    f: float = 1e20
    g: float = -0.0


@dataclass
class WithUnion:
    u: Union[int, str, List[int], Dict[str, int], None] = 3
    v: Union[float, Planet] = Planet.MARS
    w: Union[Parent, Planet, None] = None


class Model(BaseModel):
    a: PositiveInt = 3
    b: conint(ge=1, le=3) = 2
    c: conlist(int, min_length=1) = [1]
    f: Optional[FlyteFile] = None
    d: Dict[str, List[Optional[int]]] = Field(default_factory=dict)


class Sub(Model):
    """Sub's words."""

    e: List["Model"] = []


class Quoted(NamedTuple):
    a: "int"


class Cases:
    ser: Ser
    proto: Proto
    abstract: Abstract
    status: Status
    odd: Odd
    empty: Empty
    method: Method = Method.GET
    planet: Planet = Planet.default()
    pair: Pair
    pair_of: Pair[int, str]
    uses_pairs: UsesPairs
    with_ser: WithSer
    with_model: WithModel
    with_frame: WithFrame
    with_array: WithArray
    any_default: WithAnyDefault = WithAnyDefault()
    kid: Kid = Kid(b=[Parent(2)])
    with_pattern: WithPattern
    literals: Literals = Literals()
    containers: Containers = Containers()
    with_union: WithUnion = WithUnion(u=[1, 2], w=Parent(5))
    model: Model = Model()
    sub: Sub = Sub(e=[Model(a=1)])
    positive: PositiveInt = 3
    con: conint(gt=1) = 3
    quoted: Quoted
    logger: logging.Logger
    pattern: re.Pattern
    pattern_of: re.Pattern[str]
    rng: random.Random
    http_status: http.HTTPStatus
    exception: Exception
    value_error: ValueError
    a_range: range
    a_slice: slice
    module: typing.Type
    user_dict: collections.UserDict
    default_dict: collections.defaultdict
    named: collections.namedtuple("Named", "a b")
    empty_list: List[int] = []
    empty_dict: Dict[str, int] = {}
    inf: float = math.inf
    pi: float = math.pi
    tiny: float = 1e-300
    zone: datetime.datetime = datetime.datetime(2024, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    dict_of_files: Dict[str, FlyteFile] = {"a": "s3://b/c"}
    deep: Dict[str, List[Dict[str, Optional[int]]]] = {"a": [{"b": None, "c": 1}]}
    any_union: Union[int, Any] = None
    pickle_of: FlytePickle[int]
    list_of_any: List[Any] = []
    dict_of_any: Dict[str, Any] = {}
    union_lists: Union[List[int], List[str]] = [1]
    union_lists_empty: Union[List[int], List[str]] = []
    union_dict_dc: Union[Dict[str, int], Parent, None] = None
    optional_union_dc: Optional[Union[Parent, Kid]] = None
    union_dc: Union[Parent, Pair] = Parent(3)
    union_float_int: Union[float, int] = 3
    union_bool_int: Union[int, bool] = True
    union_datetime: Union[datetime.datetime, datetime.date] = datetime.date(2024, 1, 1)
    union_model: Union[Model, int] = 3
    union_sd: Union[StructuredDataset, FlyteFile, None] = None
    union_df: Union[pd.DataFrame, int] = 3
    union_dir: Union[FlyteDirectory, int] = 4
    union_file_dir: Union[FlyteFile, FlyteDirectory] = "s3://a/b"
    multiline: str = "a\nbc"
    joined: str = f"{1 + 1}-{'x'}"
    computed: int = 2**10 + 1
    from_list: List[int] = [i * 2 for i in range(3)]
    union_model_none: Optional[LogisticRegression] = None
    union_array: Union[np.ndarray, None] = None
    union_array_int: Union[np.ndarray, int] = 3
    frame_int: pd.DataFrame = 3
    model_int: Model = 3
    dc_other: Parent = Literals()
    dc_text: Parent = "x"
