"""Simple types, containers, unions, literals and enums, with defaults."""

import collections
import collections.abc
import datetime
import decimal
import enum
import os
import pathlib
import typing
from typing import Annotated, Any, Dict, Generator, Iterator, List, Literal, NewType, Optional, Tuple, Union

from flytekit import BatchSize, HashMethod
from flytekit.core.annotation import FlyteAnnotation
from flytekit.types.iterator import JSON


class Color(enum.Enum):
    RED = "red"
    GREEN = "green"
    ROUGE = "red"


class Size(str, enum.Enum):
    SMALL = "s"
    LARGE = "l"

    @property
    def factor(self):
        return 2


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Auto(enum.Enum):
    A = enum.auto()
    B = enum.auto()


class Mixed(enum.Enum):
    A = "a"
    B = 2


class Plain:
    pass


class Point(typing.NamedTuple):
    x: int
    y: int = 0


class Movie(typing.TypedDict, total=False):
    name: str
    year: int


class MyInt(int):
    pass


class MyStr(str):
    pass


class MyDict(dict):
    pass


class MyList(list):
    pass


class Child(Plain):
    class Inner:
        pass


T = typing.TypeVar("T")
B = typing.TypeVar("B", bound=int)


class Box(typing.Generic[T]):
    pass


UserId = NewType("UserId", int)
Ints = List[int]


class Cases:
    a_int: int = 3
    a_negative: int = -7
    a_big: int = 2**63
    a_float: float = 1.5
    int_for_float: float = 1
    bool_for_int: int = True
    a_bool: bool = False
    a_str: str = "ünï"
    str_for_int: int = "x"
    none_for_int: int = None
    a_none: None = None
    a_none_type: type(None)
    a_bytes: bytes
    a_complex: complex
    an_object: object
    a_type: type
    an_any: Any
    a_bytearray: bytearray
    a_date: datetime.date = datetime.date(2024, 2, 29)
    a_datetime: datetime.datetime = datetime.datetime(2024, 1, 2, 3, 4, 5, 678)
    aware: datetime.datetime = datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
    offset: datetime.datetime = datetime.datetime(
        2024, 1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=-5, minutes=-30))
    )
    datetime_for_date: datetime.date = datetime.datetime(2024, 1, 2)
    a_timedelta: datetime.timedelta = datetime.timedelta(days=1, minutes=3, milliseconds=5)
    negative_timedelta: datetime.timedelta = datetime.timedelta(seconds=-1.5)
    a_time: datetime.time
    a_path: pathlib.Path
    a_pathlike: os.PathLike = "/tmp/x"
    pathlike_of: os.PathLike[str]
    a_decimal: decimal.Decimal
    ints: List[int] = [1, 2]
    ints_585: list[int] = []
    tuple_for_list: List[int] = (1, 2)
    bad_items: List[int] = [1, "a"]
    nested: List[List[Dict[str, float]]] = [[{"a": 1.0}], []]
    bare_list: list
    bare_typing_list: List
    strs: Dict[str, str] = {"a": "b", "c": "d"}
    dict_585: dict[str, int] = {"a": 1}
    int_keys: Dict[int, str] = {1: "a", 300: "b"}
    bare_dict: dict = {"a": [1, 2.5, None, True], "b": {"c": "x"}}
    bare_typing_dict: Dict = {}
    dict_of_any: Dict[str, Any]
    dict_bad_keys: Dict[str, int] = {1: 2}
    ordered: collections.OrderedDict
    ordered_of: collections.OrderedDict[str, int]
    typing_ordered: typing.OrderedDict[str, int]
    defaults: typing.DefaultDict[str, int]
    counter: collections.Counter
    deque: collections.deque[int]
    a_set: set
    set_of: set[int]
    typing_set: typing.Set[int]
    frozen: typing.FrozenSet[str]
    a_tuple: tuple
    tuple_of: Tuple[int, str]
    tuple_585: tuple[int, ...]
    bare_tuple: Tuple
    named_tuple: Point
    typed_dict: Movie
    maybe: Optional[int] = None
    maybe_int: Optional[int] = 3
    maybe_pipe: int | None = 4
    pipe_none_first: None | int = None
    either: Union[int, str] = "x"
    either_int: Union[str, int] = 1
    union_mismatch: Union[int, float] = "x"
    ambiguous: Union[Color, Size] = "red"
    str_or_color: Union[str, Color] = "red"
    maybe_list: Optional[List[int]] = [1]
    maybe_dict: Optional[Dict[str, int]] = {"a": 1}
    list_or_dict: Union[List[int], Dict[str, int], None] = None
    maybe_date: Optional[datetime.date] = datetime.date(2024, 1, 1)
    maybe_plain: Optional[Plain] = None
    maybe_bytes: Union[int, bytes] = 3
    union_with_tuple: Union[int, Tuple[int, int]]
    list_of_maybe: List[Optional[int]] = [1, None]
    bare_union: Union
    bare_optional: Optional
    lit: Literal["a", "b"] = "a"
    lit_outside: Literal["a", "b"] = "c"
    lit_ints: Literal[1, 2] = 2
    lit_bools: Literal[True]
    lit_mixed: Literal["a", 1]
    lit_none: Literal["a", None]
    lit_bytes: Literal[b"a"]
    lit_nested: Literal[Literal["x"], "y"]
    maybe_lit: Optional[Literal["a", "b"]] = "b"
    color: Color = Color.GREEN
    color_text: Color = "red"
    color_wrong: Color = "blue"
    size: Size = Size.LARGE
    size_for_str: str = Size.LARGE
    level: Level
    auto: Auto
    mixed: Mixed
    maybe_color: Optional[Color] = Color.RED
    colors: List[Color] = [Color.RED]
    annotated_enum: Annotated[Color, "x"]
    plain: Plain
    inner: Child.Inner
    child: Child
    my_int: MyInt = 3
    my_str: MyStr
    my_dict: MyDict
    my_list: MyList
    type_var: T
    bound: B
    box: Box
    box_of: Box[int]
    list_of_box: List[Box[str]]
    user_id: UserId
    aliased: Ints = [3]
    quoted: "List[int]" = [4]
    quoted_inside: List["Plain"]
    a_callable: typing.Callable[[int, str], float]
    bare_callable: typing.Callable
    a_type_of: typing.Type[int]
    type_585: type[int]
    sequence: typing.Sequence[int]
    abc_sequence: collections.abc.Sequence[int]
    iterable: typing.Iterable[str]
    iterator: Iterator[int]
    abc_iterator: collections.abc.Iterator[str]
    json_lines: Iterator[JSON]
    json: JSON
    generator: Generator[int, None, None]
    abc_generator: collections.abc.Generator[int, None, None]
    annotated_iterator: Annotated[Iterator[int], "x"]
    bare_iterator: Iterator
    text_io: typing.TextIO
    binary_io: typing.BinaryIO
    io: typing.IO
    annotated: Annotated[int, "x"] = 5
    annotated_list: Annotated[List[int], "x"] = [5]
    annotated_dict: Annotated[Dict[str, int], "x"]
    annotated_plain: Annotated[Plain, "x", 3, {"a": [1, 2.0]}]
    annotated_lit: Annotated[Literal["a"], "x"]
    annotated_union: Annotated[Union[int, str], "x"]
    list_of_annotated: List[Annotated[int, "x"]]
    nested_annotated: Annotated[Annotated[int, FlyteAnnotation({"a": 1})], "b"]
    flyte_annotation: Annotated[int, FlyteAnnotation({"foo": {"bar": [1, "a", None, True, 2.5]}})] = 1
    two_annotations: Annotated[int, FlyteAnnotation({"a": 1}), FlyteAnnotation({"b": 1})]
    annotated_literal_type: Optional[Annotated[int, FlyteAnnotation({"a": 1})]] = 3
    dict_annotation: Annotated[Dict[str, int], FlyteAnnotation({"a": 1})]
    reserved: Annotated[int, FlyteAnnotation({"cache-key-metadata": {}})]
    list_annotation: Annotated[List[int], FlyteAnnotation({"k": "v"})] = [1]
    batch: Annotated[int, BatchSize(10)]
    ellipsis_tuple: List[Tuple[int, ...]]
    final: typing.Final
