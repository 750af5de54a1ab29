"""Records to features: every value standardised, every configured feature built from the parts.

Always true: features are a function of the values and the configuration alone, and a list feature is sorted and
without repeats, so that equal records have equal features whoever sent them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from matching.errors import FieldViolation, RecordRejected
from matching.records import Record, StandardRecord, Values
from matching.schema import EntityType, Feature
from matching.standardise import standardiser
from matching.standardise.value import Part, StandardValue

__all__ = ["RecordStandardiser"]

StandardValues = Mapping[str, tuple[StandardValue, ...]]


class RecordStandardiser:
    """Standardises the records of one entity type."""

    def __init__(self, entity_type: EntityType) -> None:
        self._type = entity_type
        self._standardise = {
            name: standardiser(attribute.semantic, attribute.options)
            for name, attribute in entity_type.attributes.items()
        }
        self._features = [(name, feature, _steps(feature)) for name, feature in entity_type.features.items()]

    def standardise(self, record: Record) -> StandardRecord:
        """The record with standard values and features.

        Raises:
            RecordRejected: a value is of no attribute, too long, or one too many; with every violation.
        """
        values = self.values(record.values)
        return StandardRecord(record, values, self.features(values))

    def values(self, values: Values) -> dict[str, tuple[StandardValue, ...]]:
        """Raw values to standard values, by attribute; see `standardise`."""
        violations = list(self._violations(values))
        if violations:
            raise RecordRejected(violations)
        return {name: tuple(self._standardise[name](raw) for raw in raws) for name, raws in values.items()}

    def features(self, values: StandardValues) -> dict[str, Part | None]:
        """Standard values to features: one entry for each configured feature."""
        return {
            name: _all(values, steps, feature.usable) if feature.many else _first(values, steps, feature.usable)
            for name, feature, steps in self._features
        }

    def _violations(self, values: Values) -> Iterator[FieldViolation]:
        for name, raws in values.items():
            attribute = self._type.attributes.get(name)
            if attribute is None:
                known = ", ".join(sorted(self._type.attributes))
                yield FieldViolation(name[:100], "UNKNOWN_ATTRIBUTE", f"{self._type.name} has: {known}")
                continue
            if len(raws) > attribute.max_values:
                yield FieldViolation(name, "TOO_MANY_VALUES", f"send at most {attribute.max_values} values")
            if any(len(raw) > attribute.max_length for raw in raws):
                yield FieldViolation(name, "TOO_LONG", f"send at most {attribute.max_length} characters")


def _steps(feature: Feature) -> tuple[tuple[str, str], ...]:
    return tuple((attribute, part) for attribute, _, part in (s.partition(".") for s in feature.sources))


def _first(values: StandardValues, steps: tuple[tuple[str, str], ...], usable: bool) -> str | None:
    for attribute, part in steps:
        for value in values.get(attribute, ()):
            if (value.usable or not usable) and (found := value.parts.get(part)):
                return found if isinstance(found, str) else " ".join(found)
    return None


def _all(values: StandardValues, steps: tuple[tuple[str, str], ...], usable: bool) -> tuple[str, ...] | None:
    kept: set[str] = set()
    for attribute, part in steps:
        for value in values.get(attribute, ()):
            if (value.usable or not usable) and (found := value.parts.get(part)):
                kept.update((found,) if isinstance(found, str) else found)
    return tuple(sorted(kept)) or None
