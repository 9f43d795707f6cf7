"""Pydantic models: schemas, structures and values."""

import datetime
import enum
import pathlib
import typing
import uuid
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Dict, List, Literal, Optional, Set, Tuple, Union

import pandas as pd
from annotated_types import Gt
from flytekit import FlyteDirectory, FlyteFile, StructuredDataset
from flytekit.types.error import FlyteError
from flytekit.types.schema import FlyteSchema
from pydantic import BaseModel, ConfigDict, Field, PositiveInt, PrivateAttr, conint, constr, field_validator


class Color(enum.Enum):
    """Colours."""

    RED = "red"
    GREEN = "green"


class Level(enum.IntEnum):
    LOW = 1


@dataclass
class Data:
    x: int
    y: List[str] = None


class Inner(BaseModel):
    """An inner model.

    With more to say.
    """

    a: int
    b_name: str = "x"


class Everything(BaseModel):
    i: int
    f: float = 1.5
    s: str = Field("d", description="desc", min_length=1, max_length=5, pattern="^a")
    b: bool = Field(default=True, title="TTT", examples=[True])
    o: Optional[int] = None
    u: Union[int, str] = 3
    l: List[int] = []
    lf: List[int] = Field(default_factory=list)
    d: Dict[str, int] = {}
    di: Dict[int, str] = {1: "a"}
    bd: dict = {}
    bl: list = []
    da: Dict[str, Any] = {}
    ck: Dict[Color, int] = {}
    inner: Inner
    inner_d: Inner = Inner(a=1)
    inner_opt: Optional[Inner] = None
    inners: List[Inner] = Field(default_factory=list, description="xx")
    c: Color
    c2: Color = Color.RED
    lv: Level = Level.LOW
    oc: Optional[Color] = None
    dt: datetime.datetime = datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
    dd: datetime.date = datetime.date(2024, 1, 1)
    td: datetime.timedelta = datetime.timedelta(seconds=90)
    by: bytes = b"abc"
    uu: uuid.UUID
    p: pathlib.Path = pathlib.Path("a/b")
    any_: Any = None
    any2: Any
    lit: Literal["a", "b"] = "a"
    lit1: Literal["a"]
    litm: Literal["a", 1]
    tup: Tuple[int, str]
    tupv: Tuple[int, ...] = (1, 2)
    st: Set[int] = {1}
    bs: set
    ff: FlyteFile
    fd: Optional[FlyteDirectory] = None
    sd: StructuredDataset
    ge: int = Field(ge=0, le=10, multiple_of=2)
    gt: Annotated[int, Field(gt=0, lt=5)] = 3
    an: Annotated[int, Gt(1)] = 3
    ogt: Optional[int] = Field(None, gt=0)
    al: int = Field(alias="theAlias")
    ci: conint(gt=1) = 2
    pi: PositiveInt = 1
    cs: constr(min_length=2)
    ln: List[int] = Field(min_length=1, max_length=3)
    lan: List[Annotated[int, Field(gt=0)]] = []
    data: Data
    seq: typing.Sequence[int]
    none: None = None
    un: Union[Inner, Color]
    op2: Optional[Union[int, List[str]]] = None
    dep: int = Field(1, deprecated=True)
    ex: int = Field(1, json_schema_extra={"k": 1})
    ln2: List[Optional[Inner]] = []
    req: int = Field(..., description="r")
    ne: "int" = 4
    snake_case_name: int = 1
    _priv: int = PrivateAttr(1)
    CV: ClassVar[int] = 3


class Config(BaseModel):
    model_config = ConfigDict(title="Custom", extra="forbid", frozen=True)
    x: int = 1


class Loose(BaseModel, extra="allow"):
    x: int = 1


class Base(BaseModel):
    a: int
    b: str = "b"


class Derived(Base):
    c: float = 1.0
    a: str = "over"


class Node(BaseModel):
    value: int
    next: Optional["Node"] = None


class Tree(BaseModel):
    children: Dict[str, Node] = {}


class Framed(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    df: pd.DataFrame


class Checked(BaseModel):
    x: int = 1

    @field_validator("x")
    @classmethod
    def check(cls, v):
        return v


class Small(BaseModel):
    a: int
    b: List[str] = ["x"]
    c: Optional[Inner] = None
    d: Color = Color.GREEN
    e: datetime.timedelta = datetime.timedelta(hours=1)
    f: Dict[str, int] = Field(default_factory=dict)


class Aliased(BaseModel):
    name: str = Field("x", alias="title")
    out: int = Field(1, serialization_alias="written")


class Holding(BaseModel):
    inner: Aliased = Aliased()
    data: Data = Data(1, ["a"])


class Files(BaseModel):
    csv: FlyteFile["csv"]
    png: FlyteFile["png"]
    any_file: FlyteFile
    logs: FlyteDirectory["log"]
    error: Optional[FlyteError] = None
    schema_: FlyteSchema = Field(alias="schema")


class Cases:
    files: Files
    aliased: Aliased = Aliased(title="y")
    holding: Holding = Holding()
    holding_data: Holding = Holding(data=Data(2))
    inner: Inner = Inner(a=1)
    everything: Everything
    config: Config = Config()
    loose: Loose
    base: Base = Base(a=1, b="c")
    derived: Derived = Derived()
    node: Node
    tree: Tree
    framed: Framed
    checked: Checked
    small: Small = Small(a=2, b=["y", "z"], c=Inner(a=3))
    maybe: Optional[Inner] = None
    many: List[Inner] = [Inner(a=1)]
    named: Dict[str, Inner]
