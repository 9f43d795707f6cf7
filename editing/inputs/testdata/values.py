"""An input of each type."""

import datetime
import enum
from dataclasses import dataclass, field
from typing import Dict, List, Literal, Optional, Union

from flytekit import task
from flytekit.types.directory import FlyteDirectory
from flytekit.types.file import FlyteFile
from mashumaro.mixins.json import DataClassJSONMixin


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Point:
    x: int
    y: float = 0.5
    name: Optional[str] = None
    tags: List[str] = field(default_factory=list)


@dataclass
class Line:
    a: Point
    points: List[Point] = field(default_factory=list)
    by_name: Dict[str, Point] = field(default_factory=dict)
    color: Color = Color.RED
    flag: bool = False
    when: Optional[datetime.datetime] = None


@dataclass
class Strict(DataClassJSONMixin):
    x: int
    y: float = 0.5
    color: Color = Color.RED


@dataclass
class NoDef:
    x: int
    o: Optional[str]
    s: str


@task
def int_(x: int) -> str:
    return repr(x)


@task
def float_(x: float) -> str:
    return repr(x)


@task
def str_(x: str) -> str:
    return repr(x)


@task
def lit_(x: Literal["a", "b"]) -> str:
    return repr(x)


@task
def bool_(x: bool) -> str:
    return repr(x)


@task
def booltrue_(x: bool = True) -> str:
    return repr(x)


@task
def dt_(x: datetime.datetime) -> str:
    return repr(x)


@task
def date_(x: datetime.date) -> str:
    return repr(x)


@task
def td_(x: datetime.timedelta) -> str:
    return repr(x)


@task
def enum_(x: Color) -> str:
    return repr(x)


@task
def listint_(x: List[int]) -> str:
    return repr(x)


@task
def listfloat_(x: List[float]) -> str:
    return repr(x)


@task
def liststr_(x: List[str]) -> str:
    return repr(x)


@task
def listopt_(x: List[Optional[int]]) -> str:
    return repr(x)


@task
def listenum_(x: List[Color]) -> str:
    return repr(x)


@task
def listdt_(x: List[datetime.datetime]) -> str:
    return repr(x)


@task
def listlist_(x: List[List[int]]) -> str:
    return repr(x)


@task
def listbool_(x: List[bool]) -> str:
    return repr(x)


@task
def dictint_(x: Dict[str, int]) -> str:
    return repr(x)


@task
def dictlist_(x: Dict[str, List[str]]) -> str:
    return repr(x)


@task
def dict_(x: dict) -> str:
    return repr(x)


@task
def dictintkey_(x: Dict[int, str]) -> str:
    return repr(x)


@task
def point_(x: Point) -> str:
    return repr(x)


@task
def line_(x: Line) -> str:
    return repr(x)


@task
def strict_(x: Strict) -> str:
    return repr(x)


@task
def nodef_(x: NoDef) -> str:
    return repr(x)


@task
def points_(x: List[Point]) -> str:
    return repr(x)


@task
def dictpoint_(x: Dict[str, Point]) -> str:
    return repr(x)


@task
def optint_(x: Optional[int]) -> str:
    return repr(x)


@task
def optint5_(x: Optional[int] = 5) -> str:
    return repr(x)


@task
def optstr_(x: Optional[str] = None) -> str:
    return repr(x)


@task
def optpoint_(x: Optional[Point] = None) -> str:
    return repr(x)


@task
def optlist_(x: Optional[List[int]] = None) -> str:
    return repr(x)


@task
def uintstr_(x: Union[int, str]) -> str:
    return repr(x)


@task
def uintfloat_(x: Union[int, float]) -> str:
    return repr(x)


@task
def uboolint_(x: Union[bool, int]) -> str:
    return repr(x)


@task
def uintlist_(x: Union[int, List[int]]) -> str:
    return repr(x)


@task
def optdt_(x: Optional[datetime.datetime] = None) -> str:
    return repr(x)


@task
def optenum_(x: Optional[Color] = None) -> str:
    return repr(x)


@task
def file_(x: FlyteFile) -> str:
    return str(x)


@task
def dir_(x: FlyteDirectory) -> str:
    return str(x)


@task
def files_(x: List[FlyteFile]) -> str:
    return str(x)


@task
def optfile_(x: Optional[FlyteFile] = None) -> str:
    return str(x)
