"""A small entity type with everything that linking can meet, its model made by hand, and a resolver to run it.

Alphabets are tiny, so that ties, duplicates, hubs and blocks beyond their cap (3 to 5) are the rule.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from matching.features import RecordStandardiser
from matching.model import Model, TermFrequencies, decode_model, encode_model
from matching.records import FeatureRow, RecordRef
from matching.schema import EntityType
from matching.scoring import Scorer
from matching.training import untrained_settings
from service.application.answers import Accepted, Answer, Rejected
from service.application.resolve import Resolver
from service.application.steward import Steward
from service.application.submissions import Intake, Submission, Withdrawal
from service.application.types_in_force import TypeInForce
from service.catalogue.sources import Contract, Source
from service.storage.base import ModelRow, Store
from service.storage.sqlite import SqliteStore

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOURCES = ("clinic", "registry", "school")

PUPIL_TOML = """
name = "pupil"
authorities = ["registry"]
identifiers = ["code"]

[attributes]
name = { semantic = "text", lookup = true, max_length = 40 }
code = { semantic = "digits", options = { length = 2 }, lookup = true }
phone = { semantic = "text", max_values = 3, authorities = ["clinic", "registry"] }
town = { semantic = "text" }

[features]
name = { from = ["name.folded"] }
code = { from = ["code.standard"], usable = true }
code_text = { from = ["code.standard"] }
phones = { from = ["phone.standard"], many = true }
town = { from = ["town.standard"] }

[[blocking]]
features = ["code"]
cap = 4

[[blocking]]
features = ["name", "town"]
cap = 5

[[blocking]]
features = ["phones"]
cap = 3

[[blocking]]
features = ["phones", "name"]
cap = 4

[[comparisons]]
name = "name"
levels = [
  { sql = '"name_l" IS NULL OR "name_r" IS NULL', null = true, label = "missing" },
  { sql = '"name_l" = "name_r"', label = "same", term_frequency = "name", m = 0.9, u = 0.2 },
  { sql = "ELSE", label = "other", m = 0.1, u = 0.8 },
]

[[comparisons]]
name = "code"
levels = [
  { sql = '"code_text_l" IS NULL OR "code_text_r" IS NULL', null = true, label = "missing" },
  { sql = '"code_l" = "code_r"', label = "same", m = 0.5, u = 0.01 },
  { sql = '"code_l" IS NULL OR "code_r" IS NULL', label = "one is invalid", m = 0.1, u = 0.09 },
  { sql = "ELSE", label = "other", m = 0.4, u = 0.9 },
]

[[comparisons]]
name = "phones"
levels = [
  { sql = '"phones_l" IS NULL OR "phones_r" IS NULL', null = true, label = "missing" },
  { sql = 'len(list_intersect("phones_l", "phones_r")) > 0', label = "shared", m = 0.8, u = 0.1 },
  { sql = "ELSE", label = "other", m = 0.2, u = 0.9 },
]

[[comparisons]]
name = "town"
levels = [
  { sql = '"town_l" IS NULL OR "town_r" IS NULL', null = true, label = "missing" },
  { sql = '"town_l" = "town_r"', label = "same", m = 0.9, u = 0.4 },
  { sql = "ELSE", label = "other", m = 0.1, u = 0.6 },
]

[thresholds]
match = 2.0
review = -1.0
"""


@cache
def pupil() -> EntityType:
    return EntityType.model_validate(tomllib.loads(PUPIL_TOML))


@cache
def pupil_model() -> Model:
    return model_of(pupil())


def model_of(entity_type: EntityType) -> Model:
    """A model whose levels all have their m and u in the configuration; "an" is a common name."""
    settings = {**untrained_settings(entity_type), "probability_two_random_records_match": 0.1}
    names = TermFrequencies(floor=0.05, shares={"an": 0.4, "bo": 0.2})
    return Model(entity_type.name, entity_type.model_digest, settings, {"name": names}, records=0)


def pupil_scorer() -> Scorer:
    return scorer_of(encode_model(pupil_model()))


@cache
def scorer_of(body: bytes) -> Scorer:
    """One for the whole run: making one takes longer than most tests."""
    return Scorer(pupil(), decode_model(body))


def pupil_features(**values: str | Iterable[str]) -> FeatureRow:
    """The features of a pupil of whom this is said."""
    standardiser = RecordStandardiser(pupil())
    given = {name: (told,) if isinstance(told, str) else tuple(told) for name, told in values.items()}
    return standardiser.features(standardiser.values(given))


def pupil_sources() -> dict[str, Source]:
    contract = Contract(required=("name",), columns={"CODE": "code"})
    return {source: Source(name=source.title(), types={"pupil": contract}) for source in SOURCES}


@dataclass(slots=True)
class School:
    """A store with a resolver and a steward on it."""

    store: Store
    types: dict[str, TypeInForce]
    intake: Intake
    resolver: Resolver
    steward: Steward

    @property
    def pupil(self) -> TypeInForce:
        return self.types["pupil"]

    def tell(self, *items: Submission | Withdrawal) -> list[Answer]:
        """One batch."""
        return self.resolver.resolve(items)

    def entity_id(self, ref: RecordRef) -> str:
        """The id of the entity that a record belongs to; empty for none."""
        with self.store.read() as snapshot:
            handle = snapshot.records.handles([ref])[ref][0]
            entity = snapshot.membership.of([handle]).get(handle)
            return "" if entity is None else snapshot.entities.rows([entity])[entity].id

    def close(self) -> None:
        self.store.close()

    def commits(self) -> int:
        with self.store.read() as snapshot:
            return snapshot.commit_number


def open_school(folder: Path) -> School:
    """A school on a database in `folder`, made if there is none, with the pupils' model published."""
    store = SqliteStore.open(folder / "yishu.db")
    with store.write() as work:
        row = work.models.published("pupil")
        if row is None:
            model = pupil_model()
            row = work.models.add("pupil", model.digest, encode_model(model), "by hand", NOON)
            work.models.publish("pupil", row.model)
            work.commit()
    types = {"pupil": pupil_under(row)}
    return school_of(store, pupil_sources(), types)


def pupil_under(row: ModelRow) -> TypeInForce:
    return TypeInForce(pupil(), RecordStandardiser(pupil()), row.model, row.version, scorer_of(row.body))


def school_of(store: Store, sources: dict[str, Source], types: dict[str, TypeInForce]) -> School:
    intake = Intake(sources, {name: kind.entity_type for name, kind in types.items()})
    resolver = Resolver(store, intake, types, lambda: datetime.now(UTC))
    return School(store, types, intake, resolver, Steward(store, types))


def said(ref: RecordRef, observed_at: datetime | None = NOON, /, **values: str | Iterable[str]) -> Submission:
    """A submission of this record."""
    columns = [(name, value) for name, told in values.items() for value in ([told] if isinstance(told, str) else told)]
    return Submission("r", ref.source, ref.record_id, "pupil", tuple(columns), observed_at)


def gone(ref: RecordRef) -> Withdrawal:
    return Withdrawal("w", ref)


def accepted(answers: Iterable[Answer]) -> list[Accepted]:
    """The answers, all of which must be acceptances."""
    found = list(answers)
    refused = [answer.violations for answer in found if isinstance(answer, Rejected)]
    assert refused == []
    return [answer for answer in found if isinstance(answer, Accepted)]
