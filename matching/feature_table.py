"""Features as Arrow tables: the one shape in which records reach the matching engine, one at a time or all at once.

Always true: a table's columns are `unique_id` (int64, the row's number in the order given), every feature (string, or
list of strings), and `tf_<feature>` (float64) for those with term frequencies; nothing else depends on the source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from matching.model import TermFrequencies
from matching.records import FeatureRow
from matching.schema import EntityType

__all__ = ["feature_schema", "feature_table"]

_LIST = pa.list_(pa.string())


def feature_schema(
    entity_type: EntityType, frequencies: Mapping[str, TermFrequencies], only: Sequence[str]
) -> pa.Schema:
    """The columns of a table with the features named in `only`."""
    fields = [pa.field("unique_id", pa.int64())]
    for name in only:
        fields.append(pa.field(name, _LIST if entity_type.features[name].many else pa.string()))
    fields += [pa.field(f"tf_{name}", pa.float64()) for name in frequencies]
    return pa.schema(fields)


def feature_table(
    schema: pa.Schema, rows: Sequence[FeatureRow], frequencies: Mapping[str, TermFrequencies], start: int = 0
) -> pa.Table:
    """Rows as a table of `feature_schema`, numbered from `start`."""
    columns = [pa.array(range(start, start + len(rows)), pa.int64())]
    for field in list(schema)[1:]:
        if pa.types.is_floating(field.type):
            feature = field.name.removeprefix("tf_")
            share = frequencies[feature].share
            columns.append(pa.array([share(v) if isinstance(v := row[feature], str) else None for row in rows]))
        else:
            columns.append(pa.array([row[field.name] for row in rows], field.type))
    return pa.Table.from_arrays([c.cast(f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
