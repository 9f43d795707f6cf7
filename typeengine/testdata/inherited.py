"""Dataclasses and pydantic models whose fields come from several places."""

from dataclasses import KW_ONLY, dataclass, field
from typing import Annotated, Dict, Generic, List, Optional, Tuple, TypeVar, Union

from dataclasses_json import LetterCase, dataclass_json
from flytekit import FlyteDirectory, FlyteFile
from pydantic import BaseModel, ConfigDict, Field, constr

T = TypeVar("T")


@dataclass
class A:
    x: int = 1


@dataclass
class B(A):
    y: int = 2


@dataclass
class C(A):
    x: float = 3.5
    z: str = "z"


# B brings A's x along, behind C's. The type is C's nevertheless.
@dataclass
class Diamond(B, C):
    w: bool = True


@dataclass
class Again(A):
    x: int
    y: int = field(kw_only=True, default=4)


@dataclass(slots=True)
class Slots:
    x: int = 1


@dataclass
class AgainSlots(Slots):
    x: int


class Mixin:
    q: int = 9


# mashumaro writes what it finds annotated, flytekit's type has the fields only.
@dataclass
class Mixed(Mixin, A):
    r: int = 5


class Plain(A):
    more: int = 5


class OfTwo(B, C):
    pass


@dataclass
class Keywords:
    a: int
    _: KW_ONLY
    b: str = "b"
    c: float


def frozen(cls):
    return dataclass(cls, frozen=True)


def made(**options):
    return lambda cls: dataclass(**options)(cls)


@frozen
class Frozen:
    x: int = 1


@made(kw_only=True)
class Made:
    x: int
    y: int = 1


@dataclass_json(letter_case=LetterCase.CAMEL)
@dataclass
class Camel:
    snake_case: int = 1


class Floats(BaseModel):
    plain: float = 2
    maybe: Optional[float] = 3
    many: List[float] = [1]
    named: Dict[str, List[float]] = {"a": [1, 2.5]}
    pair: Tuple[int, float] = (1, 2)
    some: Tuple[float, ...] = (1, 2)
    either: Union[int, float] = 1
    other: Union[float, int] = 1
    large: float = 2**60


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    x: int = 1


class Aliased(BaseModel):
    a: int = Field(1, alias="b")


class ByName(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    a: int = Field(1, alias="b")


class ByAlias(BaseModel):
    model_config = ConfigDict(serialize_by_alias=True)
    a: int = Field(1, alias="b")


class Stripped(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)
    s: str = " a "


class Item(BaseModel, Generic[T]):
    v: T


class Size(BaseModel):
    x: int = 1
    y: int


size = Size(x=4, y=5)
moved = Size(x=4, y=5)
moved.y = 6


# unknown: of_two type
class Lists(BaseModel):
    many: List[int] = []
    named: Dict[str, List[int]] = {"a": []}


appended = Lists()
appended.many.append(3)
appended.named["a"].append(4)


class Texts(BaseModel):
    many: List[constr(strip_whitespace=True)] = [" a "]
    one: List[Annotated[int, Field(gt=0)]] = []


class Files(BaseModel):
    csv: FlyteFile
    more: List[FlyteFile] = [FlyteFile("s3://bucket/a")]
    logs: Optional[FlyteDirectory] = FlyteDirectory("s3://bucket/logs")


K = TypeVar("K")


@dataclass
class Pair(Generic[K, T]):
    k: K
    v: T


@dataclass
class OwnPair(Pair[str, int]):
    z: Optional[Pair[int, int]] = None


# unknown: texts_given literal
# unknown: own_pair type
# unknown: item type
# unknown: item literal
# unknown: stripped_given literal
class Cases:
    diamond: Diamond = Diamond(w=False)
    again: Again = Again(5)
    again_slots: AgainSlots = AgainSlots(5)
    mixed: Mixed = Mixed(x=3)
    plain: Plain = Plain(4)
    of_two: OfTwo = OfTwo()
    keywords: Keywords = Keywords(1, c=2)
    frozen: Frozen = Frozen()
    made: Made = Made(x=4)
    camel: Camel = Camel(3)
    inherited: int = Diamond().x
    floats: Floats = Floats()
    open: Open = Open(x=2, z=3)
    aliased: Aliased = Aliased(a=5)
    by_name: ByName = ByName(a=5)
    by_alias: ByAlias = ByAlias(b=5)
    stripped: Stripped = Stripped()
    stripped_given: Stripped = Stripped(s=" b ")
    item: Item[int] = Item[int](v=3)
    attribute: int = size.x
    required: int = size.y
    changed: Size = moved
    changed_attribute: int = moved.y
    appended: Lists = appended
    not_appended: Lists = Lists()
    appended_attribute: List[int] = appended.many
    texts: Texts = Texts(one=[1])
    texts_given: Texts = Texts(many=[" b "])
    files: Files = Files(csv=FlyteFile("s3://bucket/b"))
    own_pair: OwnPair = OwnPair("a", 1, z=Pair(1, 2))
