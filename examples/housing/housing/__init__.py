"""Learn what a flat costs: generate, train, compare and publish, with scikit-learn."""

from .workflow import price_model as price_model
