"""What linking is: pure entity resolution, with no knowledge of gRPC, SQL stores, files or settings."""

import logging

# Splink and the parser it uses narrate what they do; what matters of it becomes a model's warnings.
for name in ("splink", "sqlglot"):
    logging.getLogger(name).setLevel(logging.ERROR)
