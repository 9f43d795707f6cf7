"""Find similar sentences with vectors: numpy arrays, JSON lines, pickles, unions and type aliases."""

import zlib
from typing import Annotated, Any, Dict, Iterator, List, Optional, Tuple, Union

import numpy as np
from flytekit import BatchSize, Cache, Environment, HashMethod, ImageSpec, Resources, current_context, workflow
from flytekit.types.file import FlyteFile, JSONLFile
from flytekit.types.iterator import JSON

SENTENCES = ["the cat sleeps", "a cat sleeps here", "rain falls on the roof", "the roof is wet", "stocks fell"]

Vector = List[float]
Matrix = np.ndarray
Query = Union[str, Vector]
Cached = Annotated[np.ndarray, HashMethod(lambda matrix: str(zlib.crc32(matrix.tobytes())))]

vectors = Environment(
    container_image=ImageSpec(name="vectors", packages=["numpy"], registry="localhost:30000"),
    requests=Resources(cpu="1", mem="300Mi"),
    environment={"OMP_NUM_THREADS": "1"},
)
cached = vectors.extend(cache=Cache(version="2"), retries=1)


class Index:
    """Sentences and their vectors. Flyte doesn't know the class, so it travels as a pickle."""

    def __init__(self, sentences: List[str], matrix: np.ndarray):
        self.sentences = sentences
        self.matrix = matrix

    def nearest(self, vector: np.ndarray, count: int) -> List[Tuple[str, float]]:
        likeness = self.matrix @ vector
        order = np.argsort(-likeness, kind="stable")[:count]
        return [(self.sentences[at], round(float(likeness[at]), 3)) for at in order]


def embed_text(text: str, size: int) -> np.ndarray:
    """Hash the words into a vector of length 1."""
    vector = np.zeros(size)
    for word in text.lower().split():
        vector[zlib.crc32(word.encode()) % size] += 1
    return vector / (np.linalg.norm(vector) or 1)


@vectors.task
def read_sentences() -> Iterator[JSON]:
    """One JSON object a line."""
    for number, text in enumerate(SENTENCES):
        yield {"id": number, "text": text}


@vectors.task(requests=Resources(mem="100Mi"))
def texts(rows: Iterator[JSON]) -> List[str]:
    return [row["text"] for row in rows]


@cached.task
def embed(sentences: List[str], size: int) -> Cached:
    """A row a sentence."""
    return np.stack([embed_text(sentence, size) for sentence in sentences])


@vectors.task
def build_index(sentences: List[str], matrix: Matrix) -> Index:
    return Index(sentences, matrix)


@vectors.task(interruptible=True)
def search(index: Index, query: Query, count: Optional[int] = None) -> Dict[str, float]:
    """The most similar sentences; a query is a text or a vector."""
    size = index.matrix.shape[1]
    vector = embed_text(query, size) if isinstance(query, str) else np.array(query)
    return dict(index.nearest(vector, count or 1))


@vectors.task
def export(rows: Annotated[List[Any], BatchSize(100)]) -> JSONLFile:
    """Write whatever the rows are, a line each."""
    path = f"{current_context().working_directory}/rows.jsonl"
    with open(path, "w") as lines:
        lines.writelines(f"{row!r}\n" for row in rows)
    return FlyteFile(path)


@workflow
def similar(query: Query = "where does the cat sleep", count: Optional[int] = 2, size: int = 64) -> Dict[str, float]:
    """Which sentences are most like the query?"""
    sentences = texts(rows=read_sentences())
    index = build_index(sentences=sentences, matrix=embed(sentences=sentences, size=size))
    return search(index=index, query=query, count=count)
