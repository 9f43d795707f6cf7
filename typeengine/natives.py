"""Prints natives.txt: the classes of Python's own library, and of some others,
that an annotation may name without their source being read.

A line has the name that a program imports the class by, the name that the class
gives itself ("-" if it is the same) and those of the classes that it derives from
that decide what flytekit makes of it ("-" if there are none). A line "# numpy 2.4.6" tells the distribution and
version that the lines after it are true of.
"""

import builtins
import importlib
import importlib.metadata
import inspect
import platform
import warnings

warnings.simplefilter("ignore")

STDLIB = """
abc argparse array ast asyncio builtins bz2 calendar cmd code codecs collections
collections.abc concurrent.futures concurrent.futures.process concurrent.futures.thread
configparser contextlib copy csv ctypes dataclasses datetime decimal email.message enum
fractions ftplib functools gzip hashlib html.parser http http.client http.cookies
http.server imaplib importlib.machinery importlib.metadata inspect io ipaddress itertools
json locale logging logging.handlers lzma mmap multiprocessing multiprocessing.pool
multiprocessing.shared_memory numbers operator os pathlib pickle platform pprint queue
random re sched selectors shelve shlex signal smtplib socket socketserver sqlite3 ssl
statistics string struct subprocess tarfile tempfile textwrap threading time timeit
traceback tracemalloc types typing unittest unittest.mock urllib.error urllib.parse
urllib.request urllib.robotparser uuid warnings weakref xml.dom.minidom
xml.etree.ElementTree zipfile zoneinfo
"""

OTHERS = {
    "numpy": "numpy numpy.ma numpy.random",
    "pandas": "pandas pandas.api.typing",
    "pyarrow": "pyarrow",
    "scikit-learn": """sklearn.base sklearn.calibration sklearn.cluster sklearn.compose
        sklearn.covariance sklearn.cross_decomposition sklearn.datasets sklearn.decomposition
        sklearn.discriminant_analysis sklearn.dummy sklearn.ensemble sklearn.exceptions
        sklearn.feature_extraction sklearn.feature_extraction.text sklearn.feature_selection
        sklearn.gaussian_process sklearn.gaussian_process.kernels sklearn.impute
        sklearn.isotonic sklearn.kernel_approximation sklearn.kernel_ridge
        sklearn.linear_model sklearn.manifold sklearn.mixture sklearn.model_selection
        sklearn.multiclass sklearn.multioutput sklearn.naive_bayes sklearn.neighbors
        sklearn.neural_network sklearn.pipeline sklearn.preprocessing
        sklearn.random_projection sklearn.semi_supervised sklearn.svm sklearn.tree
        sklearn.utils""",
}


# Classes that have a type transformer, or that mashumaro asks for.
DECIDING = ("builtins.", "collections.", "datetime.", "enum.", "os.PathLike")
DECIDING += ("numpy.ndarray", "pandas.DataFrame", "pyarrow.lib.Table")
DECIDING += ("sklearn.base.BaseEstimator",)


def own_name(cls):
    return f"{cls.__module__}.{cls.__qualname__}"


def public_classes(module_name):
    """The classes that a module offers, without those that it imports."""
    module = importlib.import_module(module_name)
    package = module_name.partition(".")[0]
    for name in sorted(vars(module)):
        cls = vars(module)[name]
        if name.startswith("_") or not inspect.isclass(cls):
            continue
        home = cls.__module__.partition(".")[0]
        # typing.Text is str; but not all modules that import datetime offer it.
        renamed = home == "builtins" and vars(builtins).get(name) is not cls
        if home not in (package, "_" + package) and not cls.__module__.startswith("_") and not renamed:
            continue
        yield f"{module_name}.{name}", cls


def show(modules):
    rows = {}
    for module_name in modules.split():
        for public, cls in public_classes(module_name):
            own = own_name(cls)
            bases = [own_name(base) for base in cls.__mro__[1:-1]]
            bases = [base for base in bases if base.startswith(DECIDING)]
            rows[public] = (own if own != public else "-", ",".join(bases) or "-")
    for public in sorted(rows):
        print(public, *rows[public])


print("# python", platform.python_version())
show(STDLIB)
for distribution, modules in OTHERS.items():
    print("#", distribution, importlib.metadata.version(distribution))
    show(modules)
