"""Try trading strategies on past prices; pydantic models say what to try."""
