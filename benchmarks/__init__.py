"""Every figure that Yishu claims, measured: `python -m benchmarks NAME --json`."""
