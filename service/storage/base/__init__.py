"""What a store must do, as small Protocols, and the rows that pass through them.

Always true of a store: whatever `UnitOfWork.commit` returned from survives `kill -9`, and power loss as far as fsync
does; leaving a unit of work without commit changes nothing; a `Snapshot` sees one committed state until it is closed;
there is at most one unit of work at a time; nothing about linking is decided here.

Handles (`record`, `entity`: int) are the store's own and never leave the service; `RecordRef` and entity ids do.
Times are UTC. A `commit` is the sequence number of the commit that wrote a row; commits are numbered from 1, with no
gaps, in the order they became visible.
"""

from service.storage.base.parts import (
    BlockKeys,
    Changes,
    Decisions,
    Edges,
    Entities,
    GoldenKeys,
    Membership,
    Models,
    Quarantine,
    Records,
    Relations,
    ReviewTasks,
)
from service.storage.base.rows import (
    Change,
    ChangeKind,
    CurrentRecord,
    Decision,
    EdgeRow,
    EntityRow,
    EntityState,
    EntityVersion,
    ModelRow,
    QuarantineRow,
    RecordVersion,
    RelationRow,
    TaskKind,
    TaskRow,
    Verdict,
)
from service.storage.base.store import (
    Snapshot,
    Store,
    UnitOfWork,
)

__all__ = [
    "BlockKeys",
    "Change",
    "ChangeKind",
    "Changes",
    "CurrentRecord",
    "Decision",
    "Decisions",
    "EdgeRow",
    "Edges",
    "Entities",
    "EntityRow",
    "EntityState",
    "EntityVersion",
    "GoldenKeys",
    "Membership",
    "ModelRow",
    "Models",
    "Quarantine",
    "QuarantineRow",
    "RecordVersion",
    "Records",
    "RelationRow",
    "Relations",
    "ReviewTasks",
    "Snapshot",
    "Store",
    "TaskKind",
    "TaskRow",
    "UnitOfWork",
    "Verdict",
]
