"""What linking is: pure entity resolution, with no knowledge of gRPC, SQL stores, files or settings."""

import logging

# Splink narrates what it estimates; what matters of it becomes a model's warnings.
logging.getLogger("splink").setLevel(logging.ERROR)
