"""Count the words of many texts at once: map tasks, dynamic workflows and directories."""

import functools
from collections import Counter
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional

from flytekit import LaunchPlan, Resources, current_context, dynamic, map_task, task, workflow
from flytekit.types.directory import FlyteDirectory
from flytekit.types.file import FlyteFile

TEXTS = {
    "sea": "the sea is wide and the sea is deep and nobody owns the sea",
    "wood": "deep in the wood the wind is quiet and the wood is old",
    "town": "the town is loud and wide awake before the wind turns",
}

Counts = Dict[str, int]


class Summary(NamedTuple):
    """What the workflows return."""

    top: List[str]
    distinct: int


@task
def write_texts(copies: int = 1) -> FlyteDirectory:
    """Write each text into a file of its own, `copies` times."""
    folder = Path(current_context().working_directory) / "texts"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text("\n".join([text] * copies))
    return FlyteDirectory(str(folder))


@task
def list_texts(folder: FlyteDirectory) -> List[FlyteFile]:
    return [FlyteFile(str(path)) for path in sorted(Path(folder.download()).iterdir())]


@task(requests=Resources(cpu="500m", mem="200Mi"), retries=2)
def count_words(text: FlyteFile, stop_words: List[str], shortest: int) -> Counts:
    """Count the words of one text that are worth counting."""
    with open(text) as lines:
        words = [word for line in lines for word in line.split()]
    return dict(Counter(word for word in words if len(word) >= shortest and word not in stop_words))


@task
def merge(counts: List[Optional[Counts]], limit: int = 5) -> Summary:
    """Add the counts up and name the most frequent words; a text that couldn't be counted is None."""
    total: Counter = Counter()
    for part in counts:
        total.update(part or {})
    return Summary(top=[word for word, _ in total.most_common(limit)], distinct=len(total))


@workflow
def count_folder(copies: int = 1, stop_words: List[str] = ["the", "and", "is"], shortest: int = 3) -> Summary:  # noqa: B006 (flytekit wants a value)
    """Count all texts of a folder, each in a task of its own."""
    files = list_texts(folder=write_texts(copies=copies))
    count = functools.partial(count_words, stop_words=stop_words, shortest=shortest)
    counts = map_task(count, concurrency=4, min_success_ratio=0.9)(text=files)
    return merge(counts=counts)


@task
def add(left: Counts, right: Counts) -> Counts:
    return dict(Counter(left) + Counter(right))


@dynamic
def add_pairwise(counts: List[Counts]) -> Counts:
    """Add the counts up in a tree whose depth is known only when it runs."""
    while len(counts) > 1:
        pairs = zip(counts[::2], counts[1::2])
        odd = counts[-1:] if len(counts) % 2 else []
        counts = [add(left=left, right=right) for left, right in pairs] + odd
    return counts[0]


@task
def count_line(line: str) -> Counts:
    return dict(Counter(line.split()))


@workflow
def count_text(text: str) -> Counts:
    """Count the words of one text."""
    return count_line(line=text)


count_text_plan = LaunchPlan.get_or_create(count_text, name="count_text_plan")


@workflow
def count_all() -> Counts:
    """Start a launch plan for each text, then add up what they found."""
    counts = map_task(count_text_plan, concurrency=2)(text=list(TEXTS.values()))
    return add_pairwise(counts=counts)
