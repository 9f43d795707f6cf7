"""Dataclasses: schemas, structures and values."""

import collections
import dataclasses
import datetime
import decimal
import enum
import pathlib
import typing
import uuid
from dataclasses import InitVar, dataclass, field
from typing import Annotated, Any, ClassVar, Dict, FrozenSet, Generic, List, Literal, NamedTuple, NewType, Optional
from typing import Sequence, Set, Tuple, TypedDict, TypeVar, Union

from dataclasses_json import DataClassJsonMixin, config, dataclass_json
from flytekit import FlyteDirectory, FlyteFile, StructuredDataset
from flytekit.types.schema import FlyteSchema
from mashumaro.config import BaseConfig
from mashumaro.jsonschema.annotations import Maximum, MaxLength, MinItems, Minimum, Pattern
from mashumaro.mixins.json import DataClassJSONMixin

T = TypeVar("T")
Score = NewType("Score", float)


class Color(enum.Enum):
    RED = "red"
    GREEN = "green"


class Level(enum.IntEnum):
    LOW = 1


class Point(NamedTuple):
    x: int
    y: str = "a"


class Movie(TypedDict):
    name: str
    year: int


class Partial(TypedDict, total=False):
    name: str


class Opaque:
    pass


@dataclass
class Empty:
    pass


@dataclass
class Simple:
    """A documented one."""

    i: int
    f: float
    s: str
    b: bool
    n: None = None


@dataclass
class Defaults:
    i: int = 1
    f: float = 0.5
    int_for_float: float = 2
    s: str = "x"
    b: bool = True
    o: Optional[int] = None
    o2: Optional[str] = "y"
    none_for_int: int = None
    d: datetime.datetime = datetime.datetime(2024, 1, 2, 3, 4, 5)
    da: datetime.date = datetime.date(2024, 1, 2)
    t: datetime.time = datetime.time(1, 2)
    td: datetime.timedelta = datetime.timedelta(minutes=1, milliseconds=500)
    c: Color = Color.RED
    lv: Level = Level.LOW
    by: bytes = b"abc"
    p: pathlib.Path = pathlib.Path("a/b")
    tup: Tuple[int, str] = (1, "a")
    any_: Any = 3
    u: Union[int, str] = "z"
    lit: Literal["a", "b"] = "a"
    l: List[int] = field(default_factory=list)
    m: Dict[str, int] = field(default_factory=dict)
    lf: List[int] = field(default_factory=lambda: [1, 2])
    fd: int = field(default=7)


@dataclass
class Kinds:
    l: List[int]
    l2: list
    l3: List[List[str]]
    l585: list[int]
    d: Dict[str, int]
    d2: dict
    di: Dict[int, str]
    da: Dict[str, Any]
    dl: Dict[str, List[int]]
    t: tuple
    t1: Tuple[int, str]
    tv: Tuple[int, ...]
    te: Tuple[()]
    s: Set[int]
    s2: set
    fs: FrozenSet[str]
    seq: Sequence[int]
    mp: typing.Mapping[str, int]
    dd: typing.DefaultDict[str, int]
    od: collections.OrderedDict
    cnt: typing.Counter[str]
    ch: typing.ChainMap[str, int]
    dq: typing.Deque[int]
    a: Any
    la: List[Any]
    lit: Literal["a", "b"]
    lit1: Literal["a"]
    litn: Literal[1, None]
    c: Color
    lc: List[Color]
    dc: Dict[str, Color]
    lv: Level
    u: Union[int, str, None]
    pipe: int | None
    o: Optional[List[int]]
    by: bytes
    ba: bytearray
    de: decimal.Decimal
    uu: uuid.UUID
    pa: pathlib.Path
    nt: Point
    td: Movie
    pt: Partial
    sc: Score
    dt: datetime.datetime
    tz: datetime.timezone
    q: "List[int]"


@dataclass
class Flyte:
    f: FlyteFile
    csv: FlyteFile["csv"]
    d: FlyteDirectory
    s: StructuredDataset
    sch: FlyteSchema
    lf: List[FlyteFile]
    o: Optional[FlyteFile] = None
    r: FlyteFile = FlyteFile("s3://a/b")
    col: Annotated[StructuredDataset, {"a": int}] = None


@dataclass
class Inner:
    x: int
    y: List[str] = field(default_factory=list)


@dataclass
class Outer:
    inner: Inner
    many: List[Inner]
    named: Dict[str, Inner]
    maybe: Optional[Inner] = None
    fallback: Inner = field(default_factory=lambda: Inner(1))


@dataclass(frozen=True)
class Frozen:
    inner: Inner = dataclasses.field(default_factory=lambda: Inner(x=3, y=["a"]))
    deep: Tuple[int, ...] = (1, 2, 3)


@dataclass
class Base:
    a: int
    b: str = "b"


@dataclass
class Derived(Base):
    c: float = 1.0
    a: str = "over"


class NotDecorated(Base):
    z: int = 3


class Mixin:
    ignored: int = 3


@dataclass
class Mixed(Mixin, Base):
    d: int = 4


@dataclass
class Pseudo:
    cv: ClassVar[int] = 3
    iv: InitVar[int] = 4
    noinit: int = field(default=5, init=False)
    x: int = 1
    _: dataclasses.KW_ONLY = None
    kw: int = 2


@dataclass
class WithOpaque:
    o: Opaque
    x: int


@dataclass
class WithBareList:
    l: List
    d: Dict


@dataclass
class WithCallable:
    c: typing.Callable[[int], str]


@dataclass
class Node:
    value: int
    next: Optional["Node"] = None


@dataclass
class A:
    b: Optional["B"] = None


@dataclass
class B:
    a: Optional[A] = None
    n: int = 1


@dataclass
class Json(DataClassJSONMixin):
    a: int
    m: Dict[int, str] = field(default_factory=dict)
    by: bytes = b"xy"


@dataclass
class OldJson(DataClassJsonMixin):
    a: int
    b: Optional[str] = None


@dataclass_json
@dataclass
class Decorated:
    a: int
    renamed: int = field(default=1, metadata=config(field_name="other"))


@dataclass
class Meta:
    a: int = field(metadata={"alias": "first", "description": "The first."})
    b: int = field(default=1, metadata={"description": "The second."})


@dataclass
class Configured(DataClassJSONMixin):
    a: int
    b: Optional[int] = None

    class Config(BaseConfig):
        aliases = {"a": "alpha"}
        serialize_by_alias = True
        omit_none = True


@dataclass
class Constrained:
    n: Annotated[int, Minimum(1), Maximum(5)]
    f: Annotated[float, Minimum(0.5)] = 1.0
    s: Annotated[str, MaxLength(3), Pattern("a+")] = "a"
    l: Annotated[List[Annotated[int, Minimum(0)]], MinItems(1)] = field(default_factory=list)
    other: Annotated[str, "whatever"] = "b"


@dataclass
class Box(Generic[T]):
    item: T
    items: List[T] = field(default_factory=list)


@dataclass
class IntBox(Box[int]):
    pass


@dataclass
class Shelf:
    box: Box[str]
    ints: IntBox


@dataclass
class Post:
    a: int
    b: int = 0

    def __post_init__(self):
        self.b = self.a + 1


class Cases:
    empty: Empty = Empty()
    simple: Simple = Simple(1, 2.5, "x", False)
    defaults: Defaults = Defaults()
    kinds: Kinds
    flyte: Flyte
    inner: Inner = Inner(2, ["a"])
    outer: Outer = Outer(Inner(1), [Inner(2, ["b"])], {"k": Inner(3)}, maybe=Inner(4))
    frozen: Frozen = Frozen()
    base: Base = Base(1)
    derived: Derived = Derived()
    derived_for_base: Base = Derived()
    not_decorated: NotDecorated
    mixed: Mixed
    pseudo: Pseudo
    with_opaque: WithOpaque
    with_bare_list: WithBareList
    with_callable: WithCallable
    node: Node = Node(1, Node(2))
    a: A
    b: B
    json: Json = Json(1, {1: "x"})
    old_json: OldJson = OldJson(1)
    decorated: Decorated
    meta: Meta
    configured: Configured = Configured(1)
    constrained: Constrained
    box: Box = Box(1)
    box_of: Box[int]
    int_box: IntBox = IntBox(3, [4])
    shelf: Shelf
    post: Post = Post(1)
    maybe: Optional[Inner] = Inner(1)
    maybe_none: Optional[Inner] = None
    either: Union[Inner, int] = 3
    many: List[Inner] = [Inner(1), Inner(2)]
    named: Dict[str, Inner] = {"a": Inner(1)}
    annotated: Annotated[Inner, "x"] = Inner(1)
    int_keys: Dict[int, Inner] = {1: Inner(1)}
    wrong: Inner = 3
