a: A[b].c = 1
a: A[b] | None = 1
a: A[b] | C[d] | "E"
a: A.b[c].d[e]
a: A.b[c] | d.e
a: (A[b])
a: A[b] or c
a: Callable[[int, A[b]], C[d]]
a: Callable[..., A]
a: Literal["a", 1, -1, True, None]
a: Annotated[A[b], C(d=1), "e", lambda x: x]
a: Annotated[pd.DataFrame, kwtypes(a=int, b=list[str])]
a: A["b"]
a: A[b, *c]
a: A[()]
a: A[b:c]
a: A[b](c)
a: tuple[()]
a: type[A]
a: type[A] | None
a: None
a: int.real
a: f(a)[b]
a: A[b][c]
a: A[b][c] = 1
a: A[b]["c"].d = 1
a: 'A[b]' | C
a: [A, B]
a: A[b] + c
a: -A
a: not A[b]
a: A[b] and C[d]
a: A[b] == c
a: await_[b]
a: list[int] = []; b: int
a: A[b] if c else D[e]
a: A[b] if c else D[e] = f == 1, 2  # more
a: A[b] if c else d
a: A[b] if c[1] else d.e = 1; b: A[b] if c else D[e]
a: A[b] if c == "=" else D[e](f=1) = 2 if d else 3
a[b].c: A[b] if c else (
    D[e]
) = 1
class G:
    a: A[b] if c else D[e] = 1
    b: A[b]
    c: A[b] if c else d if e else F[g]


def f(a: A[b][c], d: E[f].g = 1, *h: I[j], **k: L[m] | n) -> A[b].c: pass
def f(a: A[b] | None = None, b: "C" = 1) -> A[b][c]: pass
def f(a: type[A], b: A[b](c) = 1) -> type: pass
def f() -> A[b] | C[d]: pass
def f(a: A[b] if c else D[e] = 1, *, g: A[b] if c else D[e]) -> A[b] if c else D[e]: pass
def f() -> (A, B): pass
def f() -> Tuple[A, B[c]]: pass
def f(*args: *A): pass
