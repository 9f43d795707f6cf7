"""The process that runs a user's entities, with flytekit imported ahead of time."""
