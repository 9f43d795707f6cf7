"""The shop's products, asked from its database."""

from pathlib import Path

from flytekit import kwtypes
from flytekit.extras.sqlite3.task import SQLite3Config, SQLite3Task
from flytekit.types.schema import FlyteSchema

DATABASE = Path(__file__).parent.parent / "data" / "catalogue.sqlite"

Products = FlyteSchema[kwtypes(sku=str, name=str, category=str)]

products_of = SQLite3Task(
    name="orders.products_of",
    query_template="""
        select sku, name, category from product
        where '{{ .inputs.category }}' in (category, 'all')
        limit {{ .inputs.limit }}
    """,
    inputs=kwtypes(category=str, limit=int),
    output_schema_type=Products,
    task_config=SQLite3Config(uri=str(DATABASE)),
)
