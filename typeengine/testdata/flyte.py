"""Files, folders, datasets, schemas and dataframes."""

import typing
from collections import OrderedDict
from dataclasses import dataclass
from typing import Annotated, Dict, List, Optional, TypeVar, Union

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import sklearn.base
from flytekit import BatchSize, FlyteDirectory, FlyteFile, HashMethod, Resources, StructuredDataset, kwtypes
from flytekit.core.artifact import Artifact
from flytekit.types.directory import TensorboardLogs, TFRecordsDirectory
from flytekit.types.error import FlyteError
from flytekit.types.file import CSVFile, FileExt, JSONLFile, PythonNotebook, TFRecordFile
from flytekit.types.iterator.json_iterator import JSONIterator
from flytekit.types.pickle import FlytePickle
from flytekit.types.schema import FlyteSchema
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

csv = TypeVar("csv")
tar_gz = Annotated[str, FileExt("tar.gz")]
columns = kwtypes(name=str, age=int)
typed_schema = FlyteSchema[columns]


@dataclass
class Columns:
    a: int
    b: List[str]


@dataclass
class Nested:
    x: float
    inner: Columns


class MyFile(FlyteFile):
    pass


class MyEstimator(sklearn.base.BaseEstimator):
    pass


class MyFrame(pd.DataFrame):
    pass


def digest(df: pd.DataFrame) -> str:
    return "x"


Named = Artifact(name="a")


class Cases:
    file: FlyteFile = FlyteFile("s3://bucket/a")
    file_text: FlyteFile = "s3://bucket/b.csv"
    file_csv: FlyteFile["csv"] = "s3://bucket/b.csv"
    file_dot: FlyteFile[".tar.gz"]
    file_var: FlyteFile[csv]
    file_var_inline: FlyteFile[TypeVar("svg")]
    file_ext: FlyteFile[tar_gz]
    file_annotated: Annotated[FlyteFile, "csv"] = FlyteFile("https://example.org/x")
    file_csv_annotated: Annotated[FlyteFile["csv"], "x"]
    file_str: FlyteFile[str]
    file_metadata: FlyteFile = FlyteFile("s3://bucket/a")
    csv_file: CSVFile
    jsonl_file: JSONLFile
    notebook: PythonNotebook
    tf_file: TFRecordFile
    my_file: MyFile
    maybe_file: Optional[FlyteFile] = None
    maybe_file_csv: Optional[FlyteFile["csv"]] = "s3://bucket/a.csv"
    files: List[FlyteFile] = ["s3://a/b", "gs://c/d"]
    file_or_text: Union[FlyteFile, str] = "x"
    file_dict: Dict[str, FlyteFile]
    folder: FlyteDirectory = FlyteDirectory("s3://bucket/dir")
    folder_csv: FlyteDirectory["csv"] = "s3://bucket/dir"
    folder_logs: TensorboardLogs
    folder_records: TFRecordsDirectory
    folder_batch: Annotated[FlyteDirectory, BatchSize(10)]
    folder_svg: FlyteDirectory[TypeVar("svg")]
    dataset: StructuredDataset = StructuredDataset(uri="s3://bucket/df.parquet", file_format="parquet")
    dataset_columns: Annotated[StructuredDataset, kwtypes(a=int, b=str, c=float, d=bool)]
    dataset_variable: Annotated[StructuredDataset, columns] = StructuredDataset(uri="s3://bucket/df")
    dataset_format: Annotated[StructuredDataset, "csv"] = StructuredDataset(uri="bq://x", file_format="parquet")
    dataset_both: Annotated[StructuredDataset, columns, "parquet"]
    dataset_ordered: Annotated[StructuredDataset, OrderedDict(a=int)]
    dataset_dict: Annotated[StructuredDataset, {"a": int, "b": {"c": str, "d": float}}]
    dataset_class: Annotated[StructuredDataset, Columns]
    dataset_nested: Annotated[StructuredDataset, kwtypes(n=Nested, l=List[int], m=Dict[str, int])]
    dataset_numpy: Annotated[StructuredDataset, kwtypes(a=np.int64, b=np.float32, c=np.bool_, d=np.str_)]
    dataset_bad: Annotated[StructuredDataset, kwtypes(a=bytes)]
    dataset_two_formats: Annotated[StructuredDataset, "csv", "parquet"]
    dataset_arrow: Annotated[StructuredDataset, pa.schema([("a", pa.int64()), ("b", pa.string()), ("c", pa.float32())])]
    maybe_dataset: Optional[StructuredDataset] = None
    list_of_datasets: List[StructuredDataset]
    frame: pd.DataFrame
    frame_columns: Annotated[pd.DataFrame, kwtypes(a=int)]
    frame_format: Annotated[pd.DataFrame, "csv"]
    frame_hash: Annotated[pd.DataFrame, HashMethod(digest)]
    frame_artifact: Annotated[pd.DataFrame, Named]
    my_frame: MyFrame
    series: pd.Series
    timestamp: pd.Timestamp
    arrow: pa.Table
    arrow_columns: Annotated[pa.Table, columns]
    array: np.ndarray
    array_of: npt.NDArray[np.float64]
    array_annotated: Annotated[np.ndarray, kwtypes(allow_pickle=True)]
    np_float: np.float64
    np_int: np.int64
    np_str: np.str_
    maybe_array: Optional[np.ndarray] = None
    model: LogisticRegression
    pipeline: Pipeline
    base: sklearn.base.BaseEstimator
    my_estimator: MyEstimator
    classifier: sklearn.base.ClassifierMixin
    schema: FlyteSchema
    schema_columns: FlyteSchema[kwtypes(a=int, b=float, c=str, d=bool)]
    schema_dict: FlyteSchema[{"x": int}]
    schema_alias: typed_schema
    schema_bad: FlyteSchema[kwtypes(a=bytes)]
    schema_numpy: FlyteSchema[kwtypes(a=np.int64)]
    error: FlyteError
    maybe_error: Optional[FlyteError] = None
    struct: Struct
    stamp: Timestamp
    json_iterator: JSONIterator
    pickle: FlytePickle
    hashed_text: Annotated[str, HashMethod(lambda x: x)]
    hashed: Annotated[str, HashMethod(lambda x: x + "!")] = "a"
    hashed_float: Annotated[float, HashMethod(str)] = -2.25
    hashed_list: typing.List[Annotated[int, HashMethod(str)]] = [1, 2]
