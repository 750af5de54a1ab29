"""Training a type's model on what the store holds, and putting it in force.

Always true: a trained model is stored as a new version and changes nothing until it is published; publishing relinks
every record of the type and switches the model in one commit.
"""

from __future__ import annotations

from matching.model import Model, encode_model
from matching.schema import EntityType
from matching.training import train
from service.errors import NotModelled
from service.storage.base import ModelRow, Store

__all__ = ["add_model", "train_on_store"]


def train_on_store(store: Store, entity_type: EntityType, note: str) -> tuple[ModelRow, Model]:
    """Trains without labels on every current record of a type and stores the model as a new version.

    Raises:
        NotModelled: the type is linked by exact keys.
        NotTrainable: too few records, or rules that reach no pairs.
    """
    if entity_type.match == "exact":
        keys = ", ".join(entity_type.exact_on)
        raise NotModelled(f"{entity_type.name} is linked by its keys ({keys}): there is nothing to train")
    with store.read() as snapshot:
        rows = [row.features for row in snapshot.records.all_current(entity_type.name)]
    model = train(entity_type, rows)
    return add_model(store, model, note), model


def add_model(store: Store, model: Model, note: str) -> ModelRow:
    """Stores a model as the next version of its type."""
    with store.write() as work:
        row = work.models.add(model.entity_type, model.digest, encode_model(model), note, work.at)
        work.commit()
    return row
