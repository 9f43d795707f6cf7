"""The image that the tasks run in."""

from flytekit import ImageSpec

science = ImageSpec(
    name="housing",
    registry="ghcr.io/example",
    python_version="3.11",
    packages=["pandas", "pyarrow", "scikit-learn"],
    env={"OMP_NUM_THREADS": "2"},
)
