"""Sum the orders up, and write one file a country."""

from pathlib import Path

import flytekit
import pandas as pd
from flytekit import StructuredDataset, task
from flytekit.types.directory import FlyteDirectory
from flytekit.types.structured.structured_dataset import PARQUET

from orders.catalogue import Products
from orders.schema import Orders, Revenue


@task
def revenue(orders: Orders, products: Products) -> Revenue:
    """The revenue of each category, the largest first."""
    joined = orders.merge(products.open().all(), on="sku")
    joined["revenue"] = joined["quantity"] * joined["unit_price"]
    table = joined.groupby("category", as_index=False)["revenue"].sum()
    return StructuredDataset(dataframe=table.sort_values("revenue", ascending=False), file_format=PARQUET)


@task
def best(table: Revenue) -> str:
    """The category that sells best."""
    return str(table.open(pd.DataFrame).all()["category"].iloc[0])


@task
def split_by_country(orders: Orders) -> FlyteDirectory:
    """Write each country's orders into a file of its own."""
    folder = Path(flytekit.current_context().working_directory, "countries")
    folder.mkdir(exist_ok=True)
    for country, rows in orders.groupby("country"):
        rows.to_csv(folder / f"{country}.csv", index=False)
    return FlyteDirectory(path=str(folder))


@task
def count_files(folder: FlyteDirectory) -> int:
    return len(FlyteDirectory.listdir(folder))
