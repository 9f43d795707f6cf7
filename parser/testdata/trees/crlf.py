def f(a):
    """Doc
    of f."""
    return """a
b"""


x = (1,
     2)
