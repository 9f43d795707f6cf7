#!/usr/bin/env python
# Statements of all kinds.
from __future__ import annotations, division

@a
@b.c(d=1)
@(lambda f: f)
# a comment
@e[0]
class A(B, C[int], metaclass=D, **e):
    '''Doc
      of A.'''
    x: int
    y: Annotated[int, "z"] = field(default_factory=lambda: 1)

    @property
    def f(self): return 1  # comment

    async def g(self, a: int, /, b: str = "x", *args: int, c: Optional[int] = None, d, **kwargs: Any) -> Dict[str, "List[int]"]:
        """Doc \
of g."""
        async with a as b, c as (d, e): pass
        async for x in y:
            await x
            yield await x
        else:
            pass
        return [await z async for z in w if await v]
        # at the end

    # in the class

# behind it
def f(*, a=1, b): ...
def g(
    a,
    b=2,
):
    ("doc")
    nonlocal_ = 1

    def inner():
        nonlocal nonlocal_
        global x, y
        x = 1
    def last(): pass


with open(a) as b, c: pass
with (open(a) as b, c): pass
with (a, b): pass
with (a): pass
with (a, b) as c: pass
with (a), (b): pass
with (yield_): pass
with (open(a) as b,): pass
with a() as b.c, d as e[0]: pass
try: pass
except: pass
try:
    pass
except A:
    pass
except (B, C) as e:
    pass
else:
    pass
finally:
    pass
try:
    pass
except* A as e:
    pass
try:
    pass
finally:
    # comment
    pass
if a:
    pass
elif b:
    pass
elif c: pass
else:
    if d:
        pass
    else:
        pass
while a:
    continue
else:
    pass
match a, b:
    case 1 | -2 | 3+4j | "a" "b" | None: pass
    case a.b | C() | C(d, e=f, g=_): pass
    case [a, *_, b] if a > b:
        pass
    case (c, (d)), *e: pass
    case {"k": v, 1: w, a.b: x, **rest}: pass
    case {} | [] | (): pass
    case [1, 2] as h: pass
    case _:
        pass
match (a):
    case b: pass
match -a:
    case b: pass
match *a, b:
    case c, : pass
match a[0]:
    case b: pass
x = 1; y = 2;
if a: b; c
class B: pass
class C(): x = 1
class D:
	"""Tabs."""
	def f(self):
		return 1
def long(): return (
1,
  2)
async def h():
    return (await a) ** b, await a.b(c)[d], -await e
    @decorated
    def nested():
        # only a comment before
        "a" "b"
if True:
    pass
    # deeper

  # odd
pass
