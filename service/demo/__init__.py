"""The demo's story: a city, its departments' records, and what Yishu makes of them, told over the wire."""
