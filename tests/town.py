"""The shipped entity types and sources on a store of their own, without models: what people, firms and licences say.

Nothing links people or organisations but a steward's decision, so each record is an entity until one is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from matching.features import RecordStandardiser
from matching.records import RecordRef
from matching.schema import EntityType, load_entity_type
from matching.standardise.check_digits import organisation_check, resident_check, uscc_check
from service.application.answers import Accepted
from service.application.resolve import Resolver
from service.application.steward import Steward
from service.application.submissions import Intake, Submission, Withdrawal
from service.application.types_in_force import TypeInForce
from service.application.verification import Context, Verifier
from service.catalogue.sources import Source, load_sources
from service.storage.base import Store
from service.storage.sqlite import SqliteStore

CONFIGS = Path(__file__).parents[1] / "configs"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
POLICE, HEALTH, MARKET = "public_security", "health", "market_regulation"
ASKING = Context(request_id="r-1", purpose="permit")


@cache
def shipped_types() -> dict[str, EntityType]:
    names = ("person", "organisation", "licence")
    return {name: load_entity_type(CONFIGS / "types" / f"{name}.toml") for name in names}


@cache
def shipped_sources() -> dict[str, Source]:
    return dict(load_sources(CONFIGS / "sources.toml", shipped_types()))


def resident_id(body: str) -> str:
    """17 digits with their check character."""
    return body + resident_check(body)


def uscc(organisation: int) -> str:
    """A valid credit code; the number tells organisations apart."""
    code = f"{organisation:08}"
    body = f"91330203{code}{organisation_check(code)}"
    return body + uscc_check(body)


@dataclass(slots=True)
class Town:
    """A store with a resolver and a steward on it, and a verifier whose clock stands at noon."""

    store: Store
    types: dict[str, TypeInForce]
    intake: Intake
    resolver: Resolver
    steward: Steward
    verifier: Verifier
    observed_at: datetime = NOON
    """When the records submitted next were observed."""

    def say(self, source: str, record_id: str, entity_type: str, values: Mapping[str, str]) -> RecordRef:
        """Submits one record, which must be accepted."""
        given = tuple(values.items())
        (answer,) = self.resolver.resolve([Submission("r", source, record_id, entity_type, given, self.observed_at)])
        assert isinstance(answer, Accepted), answer
        return answer.ref

    def person(self, source: str, record_id: str, **values: str) -> RecordRef:
        return self.say(source, record_id, "person", values)

    def organisation(self, source: str, record_id: str, **values: str) -> RecordRef:
        return self.say(source, record_id, "organisation", values)

    def licence(self, source: str, record_id: str, **values: str) -> RecordRef:
        return self.say(source, record_id, "licence", values)

    def withdraw(self, ref: RecordRef) -> None:
        (answer,) = self.resolver.resolve([Withdrawal("w", ref)])
        assert isinstance(answer, Accepted), answer


def open_town(folder: Path) -> Town:
    """A town on a new database."""
    store = SqliteStore.open(folder / "yishu.db")
    types = shipped_types()
    in_force = {
        name: TypeInForce(entity_type, RecordStandardiser(entity_type), 0, 0, None)
        for name, entity_type in types.items()
    }
    intake = Intake(shipped_sources(), types)
    return Town(
        store=store,
        types=in_force,
        intake=intake,
        resolver=Resolver(store, intake, in_force, lambda: datetime.now(UTC)),
        steward=Steward(store, in_force),
        verifier=Verifier(store, types, lambda: NOON),
    )
