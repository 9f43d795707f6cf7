"""What expressions may look like.

	Tabs, and   spaces.
"""
import asyncio as aio, os.path
from . import (a as b, c,)
from ..d.e import *
from .  f import g

x = a & b ^ c | d & ~e ^ f & g
x = a ^ b & c
x = (a ^ b) & (c)
x = -a ** -b ** c
x = not a in b and c is not d or e not in f < g == h
x = a if b else c if d else e
x = lambda: (yield)
x = lambda a, /, b=1, *c, d, e=2, **f: a
x = lambda *, a: lambda *b: a
x = [*a, *b.c(d), *e[0]]
x = {**a, 'b': 1, **c()}
x = {*a, b}
x = a, *b,
x = (a,)
x = ()
x = (a)
x = ((a), (b))
x = a[b], a[b,], a[b, c], a[:], a[::], a[b:c:d], a[b:c, ::d], a[()]
x = a[(b, c)], a[b, *c], a[*c]
x = f(a, *b, c=d, *e, **g), f(x for x in y), f(a)(b)(c=1), f(*a.b, **c.d)
x = (y for y in z if y if not z for w in y), [y async for y in z]
x = {k: v for k, v in z}, {k for k, in z}, [(a := b), a]
x = 1, 0x_fF, 0o17, 0b1_0, 1_000, 1.5, .5, 5., 1e10, 1E-5, 1j, 1.5J, 0, 00, 0_0
x = True, False, None, ...
x = 'a' "b" '''c''' r'\d' R"\\" u'd'
x = b'a\x00\377' rb'\d' Rb"\\"
x = '\a\b\f\n\r\t\v\\\'\"\101\x41\u0041\U00000041\N{BULLET}\q\
'
x = r'\\', r'a\'b', r"""\"""", ''
x = f'{a}', f'{a!r}', f'{a:>{b}}', f'{a!s:^{b}.{c}}', f'{{{a}}}', f'a' 'b{c}' f'{d}'
x = f'{a=}', f'{a = }', f'{a=!s}', f'{a=:>5}', f'{lambda_: x}', f'{a["b"]}' rf'\d{a}\\', f'{a, b}', f'{a:%H:%M}'
x = f'''{
    a
}'''
x = fr'{a}\\' f"\x41{b}\N{BULLET}"
x: List[int] = [], 1
x.y: "Forward[int]"
x[0]: a.b[c] | None = None
(x): int = 1
x = y = z, w = 1
x += 1, 2
x @= y; x //= y; x **= y; x >>= y; x <<= y; x &= y; x ^= y; x |= y; x %= y
a, (b, [c, *d]), e.f, g[0] = y
*a, b = c
for a, b in c: pass
for (a), in b,: pass
for x in *a, b: pass
del a, b.c, d[0], (e, f)
del (a)
assert a, b
assert (a)
raise
raise A
raise A from b
global_ = nonlocal_ = print
print(a, file=b); print
(yield_)
match = case = type = 1
match(a); match[0]; match.b; type(a); case(b)
type(a).b = 1
éclair = ﬁne = 1
x = a \
    + b
x = (a  # comment
     # another
     + b)
if (a := b) and c: pass
while (a := b): break
