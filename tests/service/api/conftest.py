"""A resolver and a verifier on one store, served for real."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.api.completions import Submit
from service.api.server import ApiServer, resolver_server, verifier_server
from service.bootstrap import ResolverParts, open_resolver, open_verifier
from service.client import YishuClient
from service.settings import Settings, default_configs, load_settings
from tests.service.api.serving import FREE_PORT, Serve, Served


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The configuration that comes with Yishu, without models: only exact types link."""
    configs = tmp_path / "configs"
    shutil.copytree(default_configs() / "types", configs / "types")
    shutil.copy(default_configs() / "sources.toml", configs)
    return load_settings(configs, store={"path": tmp_path / "yishu.db"})


@pytest.fixture
def parts(settings: Settings) -> Iterator[ResolverParts]:
    parts = open_resolver(settings)
    yield parts
    parts.close()


@pytest.fixture
def serve(parts: ResolverParts) -> Iterator[Serve]:
    """Serves the resolver's services with a way of submitting, and gives a client."""
    opened: list[tuple[YishuClient, Served]] = []

    def serve_with(submit: Submit) -> YishuClient:
        def make() -> ApiServer:
            return resolver_server(FREE_PORT, submit, parts.records, parts.entities, parts.probe)

        served = Served(make)
        opened.append((YishuClient(served.target), served))
        return opened[-1][0]

    yield serve_with
    for client, served in opened:
        client.close()
        assert served.stop() == set(), "something was left running"


@pytest.fixture
def client(serve: Serve, parts: ResolverParts) -> YishuClient:
    """A client of a whole resolver."""
    return serve(parts.submitter.submit)


@pytest.fixture
def verifier(settings: Settings, parts: ResolverParts) -> Iterator[YishuClient]:
    """A client of a verifier on the resolver's store."""
    opened = open_verifier(settings)
    served = Served(lambda: verifier_server(FREE_PORT, opened.verifier, opened.probe))
    with YishuClient(served.target) as client:
        yield client
    assert served.stop() == set(), "something was left running"
    opened.close()
