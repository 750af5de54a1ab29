"""Entity types as they are in force: the configuration, and the model that weighs pairs under it.

Always true: a type in force never changes; publishing a model makes another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.blocking import rule_keys
from matching.features import RecordStandardiser
from matching.model import decode_model
from matching.records import FeatureRow
from matching.schema import EntityType
from matching.scoring import PairWeight, Scorer
from service.catalogue.sources import Source, codes_digest
from service.errors import ConfigurationChanged, NotFound
from service.storage.base import ModelRow, Snapshot, Store

__all__ = ["EXACT_WEIGHT", "TypeInForce", "digest_settings", "in_force", "type_of_model"]

EXACT_WEIGHT = 100.0
"""The weight, in log2, of two records of an exact type that share the key: beyond any doubt."""


@dataclass(frozen=True, slots=True)
class TypeInForce:
    """One entity type, ready to standardise and weigh. Without a model, nothing but decisions links its records."""

    entity_type: EntityType
    standardiser: RecordStandardiser
    model: int
    """The handle of the published model; 0 where the type has none."""
    model_version: int
    scorer: Scorer | None

    @property
    def name(self) -> str:
        return self.entity_type.name

    def weigh(self, rows: Sequence[FeatureRow], pairs: Sequence[tuple[int, int]]) -> list[float] | None:
        """The match weight of each pair of positions in `rows`; None where the type cannot weigh."""
        if self.entity_type.match == "exact":
            return self._exact_weights(rows, pairs)
        return self.scorer.weigh(rows, pairs) if self.scorer else None

    def explain(self, rows: Sequence[FeatureRow], pairs: Sequence[tuple[int, int]]) -> list[PairWeight]:
        """What weighs in each pair; a type that cannot weigh gives nothing."""
        if self.entity_type.match == "exact":
            return [PairWeight(weight, weight, ()) for weight in self._exact_weights(rows, pairs)]
        return self.scorer.explain(rows, pairs) if self.scorer else []

    def _exact_weights(self, rows: Sequence[FeatureRow], pairs: Sequence[tuple[int, int]]) -> list[float]:
        """For or against beyond any doubt: a decision may ask about two records that do not share the key."""
        (rule,) = self.entity_type.rules
        keys = [rule_keys(rule, row) for row in rows]
        return [EXACT_WEIGHT if keys[first] & keys[second] else -EXACT_WEIGHT for first, second in pairs]

    @property
    def link_weight(self) -> float:
        """The match weight from which two records are linked."""
        return self.entity_type.thresholds.match if self.entity_type.match == "model" else EXACT_WEIGHT

    @property
    def keep_weight(self) -> float:
        """The match weight from which an edge is kept."""
        return self.entity_type.thresholds.review if self.entity_type.match == "model" else EXACT_WEIGHT


def in_force(
    types: Mapping[str, EntityType], snapshot: Snapshot, sources: Mapping[str, Source]
) -> dict[str, TypeInForce]:
    """Every type with its published model.

    Raises:
        ConfigurationChanged: the store's features, edges or entities were made under another configuration.
        ModelError: a published model cannot be used.
    """
    return {
        name: _type_in_force(entity_type, snapshot, codes_digest(sources, name)) for name, entity_type in types.items()
    }


def _type_in_force(entity_type: EntityType, snapshot: Snapshot, codes: str) -> TypeInForce:
    for setting, digest in digest_settings(entity_type, codes).items():
        written_under = snapshot.setting(setting)
        if written_under not in (None, digest):
            raise ConfigurationChanged(
                f"{entity_type.name}: the configuration that entities depend on changed since the store was written "
                f"({setting}: {written_under} to {digest}): "
                f"run `yishu relink {entity_type.name}`, or put the file back"
            )
    return _with_model(entity_type, snapshot.models.published(entity_type.name))


def type_of_model(entity_type: EntityType, store: Store, model: int) -> TypeInForce:
    """One type with the model of a handle, published or not; 0 for none.

    Raises:
        NotFound: there is no such model.
        ModelError: it cannot be used for this type.
    """
    if not model:
        return _with_model(entity_type, None)
    with store.read() as snapshot:
        row = snapshot.models.get(model)
    if row is None or row.entity_type != entity_type.name:
        raise NotFound(f"{entity_type.name} has no such model")
    return _with_model(entity_type, row)


def _with_model(entity_type: EntityType, row: ModelRow | None) -> TypeInForce:
    return TypeInForce(
        entity_type=entity_type,
        standardiser=RecordStandardiser(entity_type),
        model=row.model if row else 0,
        model_version=row.version if row else 0,
        scorer=Scorer(entity_type, decode_model(row.body)) if row else None,
    )


def digest_settings(entity_type: EntityType, codes: str) -> dict[str, str]:
    """The store's settings that tell under which configuration a type's values, features, edges and entities are made.

    `codes` is `codes_digest` of the sources that they are read by.
    """
    return {f"digest.{entity_type.name}": entity_type.outcome_digest, f"codes.{entity_type.name}": codes}
