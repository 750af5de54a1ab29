"""`yishu ...`: one thin module a command group."""
