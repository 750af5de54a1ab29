"""What an operator sets: service.toml and the environment, typed.

Always true: every setting has a default that is safe on one machine (loopback only); a wrong one is refused at start
with its name, its place and what was expected. `YISHU_...` variables go before the file: `YISHU_STORE__PATH`.
"""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from matching.errors import ConfigurationError
from matching.toml_file import parse_toml

__all__ = ["Settings", "default_configs", "load_settings"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreSettings(_Section):
    """Where the truth is kept."""

    path: Path = Path("data/yishu.db")
    """The SQLite database; its folder must exist or be creatable."""


class ResolverSettings(_Section):
    """The process that writes."""

    host: str = "127.0.0.1"
    port: int = Field(default=50051, ge=0, le=65535)
    receivers: int = Field(default=2, ge=0, le=16)
    """Processes that speak gRPC and check what comes; they share the port. 0: the resolver's own process does."""
    most_in_batch: int = Field(default=256, ge=1, le=10_000)
    """Submissions that share one engine run and one commit."""
    most_waiting: int = Field(default=20_000, ge=1)
    """Submissions that may wait; more are RESOURCE_EXHAUSTED."""


class VerifierSettings(_Section):
    """The processes that answer approval systems."""

    host: str = "127.0.0.1"
    port: int = Field(default=50052, ge=0, le=65535)
    processes: int = Field(default=2, ge=1, le=64)
    """They share the port by SO_REUSEPORT."""


class LogSettings(_Section):
    """What is written to standard error."""

    level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    json_lines: bool = False
    """One JSON object a line, for collectors."""


class MetricsSettings(_Section):
    """Prometheus metrics over HTTP; port 0 is off."""

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)


class Settings(BaseSettings):
    """All of service.toml."""

    model_config = SettingsConfigDict(
        env_prefix="YISHU_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    configs: Path = Path()
    """The folder that the settings came from: types/, models/ and sources.toml beside service.toml."""
    store: StoreSettings = StoreSettings()
    resolver: ResolverSettings = ResolverSettings()
    verifier: VerifierSettings = VerifierSettings()
    log: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()
    stop_grace_seconds: float = Field(default=10.0, ge=0, le=300)
    """How long calls in flight may take when a process stops."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the file, whose tables are the arguments."""
        return env_settings, init_settings


def default_configs() -> Path:
    """The configurations that come with Yishu: `YISHU_CONFIG_DIR`, or beside the package, or in the checkout."""
    if configured := os.environ.get("YISHU_CONFIG_DIR"):
        return Path(configured)
    installed = Path(str(resources.files("service"))) / "configs"
    return installed if installed.is_dir() else installed.parent.parent / "configs"


def load_settings(configs: Path | None = None, **changes: dict[str, Any]) -> Settings:
    """The settings of a configuration folder; `changes` are sections that go before the file's.

    Raises:
        ConfigurationError: the folder is not there, or a setting is unknown or wrong; names the file and the key.
    """
    folder = configs or default_configs()
    if not folder.is_dir():
        raise ConfigurationError(str(folder), "expected a folder with service.toml, sources.toml and types/")
    path = folder / "service.toml"
    tables: dict[str, Any] = parse_toml(path) if path.exists() else {}
    for section, values in changes.items():
        tables[section] = {**tables.get(section, {}), **values}
    tables["configs"] = folder
    try:
        return Settings(**tables)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(str(path), f"{key}: {first['msg']} (from the file, or from YISHU_...)") from error
