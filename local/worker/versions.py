"""Tells what an interpreter brings, without importing flytekit (which takes most of a second)."""

import importlib.util
import platform
import site
import sys


def versions():
    """The versions of Python and flytekit (None where it isn't installed), and
    the folders whose change tells that packages were installed or removed."""
    return {
        "python": platform.python_version(),
        "flytekit": flytekit_version(),
        "folders": package_folders(),
    }


def flytekit_version():
    try:
        from importlib.metadata import PackageNotFoundError, version
    except ImportError:  # Python 3.7
        return None
    try:
        return version("flytekit")
    except PackageNotFoundError:
        # A checkout on PYTHONPATH has no metadata, and is taken as it is.
        return "0.0.0+checkout" if importlib.util.find_spec("flytekit") else None


def package_folders():
    folders = list(site.getsitepackages()) if hasattr(site, "getsitepackages") else []
    if site.ENABLE_USER_SITE:
        folders.append(site.getusersitepackages())
    return [folder for folder in folders if folder in sys.path]
