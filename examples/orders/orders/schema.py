"""The columns of the tables that pass between the tasks."""

from typing import Annotated

import pandas as pd
from flytekit import StructuredDataset, kwtypes

OrderColumns = kwtypes(order_id=int, sku=str, quantity=int, unit_price=float, country=str)

Orders = Annotated[pd.DataFrame, OrderColumns]
Revenue = Annotated[StructuredDataset, kwtypes(category=str, revenue=float)]
