-- The store's first shape. Times are microseconds since 1970-01-01 UTC. Handles are never used twice: no row of
-- record, entity or the name tables is ever deleted. Hot tables are keyed by what they are asked for, WITHOUT ROWID.
-- BLOBs are msgpack (service/storage/encoding.py).

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE commit_log (
    number INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL UNIQUE
) STRICT;

-- Names that rows repeat millions of times, as small integers.
CREATE TABLE source (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE entity_type (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE attribute (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE
) STRICT;

-- Records -----------------------------------------------------------------------------------------------------------

CREATE TABLE record (
    record      INTEGER PRIMARY KEY,
    source      INTEGER NOT NULL REFERENCES source,
    record_id   TEXT    NOT NULL,
    entity_type INTEGER NOT NULL REFERENCES entity_type,
    version     INTEGER NOT NULL,
    withdrawn   INTEGER NOT NULL,
    UNIQUE (source, record_id)
) STRICT;

CREATE TABLE record_version (
    record         INTEGER NOT NULL REFERENCES record,
    version        INTEGER NOT NULL,
    commit_number  INTEGER NOT NULL,
    observed_at    INTEGER NOT NULL,
    observed_given INTEGER NOT NULL,
    received_at    INTEGER NOT NULL,
    withdrawn      INTEGER NOT NULL,
    request_id     TEXT    NOT NULL,
    sent           BLOB    NOT NULL,
    UNIQUE (record, version)
) STRICT;

-- The record's own columns are kept with it: a candidate is read with one look-up.
CREATE TABLE current_record (
    record          INTEGER PRIMARY KEY REFERENCES record,
    commit_number   INTEGER NOT NULL,
    entity_type     INTEGER NOT NULL,
    source          INTEGER NOT NULL,
    record_id       TEXT    NOT NULL,
    version         INTEGER NOT NULL,
    observed_at     INTEGER NOT NULL,
    received_at     INTEGER NOT NULL,
    features        BLOB    NOT NULL,
    standard_values BLOB    NOT NULL
) STRICT;

-- Linking -----------------------------------------------------------------------------------------------------------

CREATE TABLE block_key (
    entity_type INTEGER NOT NULL,
    rule        INTEGER NOT NULL,
    key         TEXT    NOT NULL,
    record      INTEGER NOT NULL,
    PRIMARY KEY (entity_type, rule, key, record)
) STRICT, WITHOUT ROWID;

-- The same keys by record, as one row instead of a second index of eight.
CREATE TABLE record_block_keys (
    record      INTEGER PRIMARY KEY REFERENCES record,
    entity_type INTEGER NOT NULL,
    keys        BLOB    NOT NULL
) STRICT;

CREATE TABLE edge (
    first  INTEGER NOT NULL,
    second INTEGER NOT NULL,
    weight REAL    NOT NULL,
    model  INTEGER NOT NULL,
    PRIMARY KEY (first, second)
) STRICT, WITHOUT ROWID;

CREATE INDEX edge_by_second ON edge (second, first, weight, model);

-- Entities ----------------------------------------------------------------------------------------------------------

CREATE TABLE entity (
    entity      INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    entity_type INTEGER NOT NULL REFERENCES entity_type,
    state       TEXT    NOT NULL CHECK (state IN ('ACTIVE', 'MERGED', 'RETIRED')),
    merged_into INTEGER, -- an entity; a reference to its own table would make each UPDATE rewrite every index
    version     INTEGER NOT NULL,
    created     INTEGER NOT NULL
) STRICT;

CREATE INDEX entity_active ON entity (entity_type) WHERE state = 'ACTIVE';

CREATE TABLE entity_version (
    entity        INTEGER NOT NULL REFERENCES entity,
    version       INTEGER NOT NULL,
    commit_number INTEGER NOT NULL,
    state         TEXT    NOT NULL,
    merged_into   INTEGER REFERENCES entity,
    members       BLOB    NOT NULL,
    golden        BLOB    NOT NULL,
    reason        TEXT    NOT NULL,
    model         INTEGER,
    UNIQUE (entity, version)
) STRICT;

CREATE TABLE membership (
    record      INTEGER PRIMARY KEY REFERENCES record,
    entity      INTEGER NOT NULL REFERENCES entity,
    from_commit INTEGER NOT NULL
) STRICT;

CREATE INDEX membership_by_entity ON membership (entity);

-- Memberships that ended: from one commit up to, and without, another.
CREATE TABLE past_membership (
    record      INTEGER NOT NULL REFERENCES record,
    from_commit INTEGER NOT NULL,
    to_commit   INTEGER NOT NULL,
    entity      INTEGER NOT NULL REFERENCES entity,
    PRIMARY KEY (record, from_commit)
) STRICT, WITHOUT ROWID;

CREATE TABLE golden_key (
    entity_type INTEGER NOT NULL,
    attribute   INTEGER NOT NULL,
    value       TEXT    NOT NULL,
    entity      INTEGER NOT NULL,
    PRIMARY KEY (entity_type, attribute, value, entity)
) STRICT, WITHOUT ROWID;

CREATE TABLE entity_golden_keys (
    entity      INTEGER PRIMARY KEY REFERENCES entity,
    entity_type INTEGER NOT NULL,
    keys        BLOB    NOT NULL
) STRICT;

CREATE TABLE relation (
    entity INTEGER NOT NULL REFERENCES entity,
    name   TEXT    NOT NULL,
    target INTEGER REFERENCES entity,
    "by"   TEXT    NOT NULL,
    PRIMARY KEY (entity, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX relation_by_target ON relation (target, entity) WHERE target IS NOT NULL;

CREATE TABLE change (
    sequence      INTEGER PRIMARY KEY,
    commit_number INTEGER NOT NULL,
    kind          TEXT    NOT NULL,
    entity_id     TEXT    NOT NULL,
    other_id      TEXT    NOT NULL
) STRICT;

-- Stewardship -------------------------------------------------------------------------------------------------------

CREATE TABLE decision (
    decision      INTEGER PRIMARY KEY,
    entity_type   INTEGER NOT NULL REFERENCES entity_type,
    first_source  INTEGER NOT NULL REFERENCES source,
    first_id      TEXT    NOT NULL,
    second_source INTEGER NOT NULL REFERENCES source,
    second_id     TEXT    NOT NULL,
    verdict       TEXT    NOT NULL,
    author        TEXT    NOT NULL,
    reason        TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    revoked_at    INTEGER,
    revoked_by    TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX decision_in_force        ON decision (entity_type)               WHERE revoked_at IS NULL;
CREATE INDEX decision_in_force_first  ON decision (first_source, first_id)    WHERE revoked_at IS NULL;
CREATE INDEX decision_in_force_second ON decision (second_source, second_id)  WHERE revoked_at IS NULL;

CREATE TABLE review_task (
    task          INTEGER PRIMARY KEY,
    entity_type   INTEGER NOT NULL REFERENCES entity_type,
    kind          TEXT    NOT NULL,
    subject       TEXT    NOT NULL,
    first_source  INTEGER NOT NULL REFERENCES source,
    first_id      TEXT    NOT NULL,
    second_source INTEGER REFERENCES source,
    second_id     TEXT,
    weight        REAL,
    detail        TEXT    NOT NULL,
    opened        INTEGER NOT NULL,
    closed        INTEGER
) STRICT;

CREATE UNIQUE INDEX review_task_open        ON review_task (entity_type, kind, subject) WHERE closed IS NULL;
CREATE INDEX        review_task_open_first  ON review_task (first_source, first_id)     WHERE closed IS NULL;
CREATE INDEX        review_task_open_second ON review_task (second_source, second_id)   WHERE closed IS NULL;

-- Source and type are as they came: they may be what was wrong.
CREATE TABLE quarantine (
    quarantine  INTEGER PRIMARY KEY,
    source      TEXT    NOT NULL,
    record_id   TEXT    NOT NULL,
    entity_type TEXT    NOT NULL,
    sent        BLOB    NOT NULL,
    violations  BLOB    NOT NULL,
    received_at INTEGER NOT NULL,
    request_id  TEXT    NOT NULL,
    resolved    INTEGER
) STRICT;

CREATE INDEX quarantine_waiting        ON quarantine (source)            WHERE resolved IS NULL;
CREATE INDEX quarantine_waiting_record ON quarantine (source, record_id) WHERE resolved IS NULL;

CREATE TABLE model (
    model       INTEGER PRIMARY KEY,
    entity_type INTEGER NOT NULL REFERENCES entity_type,
    version     INTEGER NOT NULL,
    digest      TEXT    NOT NULL,
    body        BLOB    NOT NULL,
    note        TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    UNIQUE (entity_type, version)
) STRICT;

CREATE TABLE published_model (
    entity_type INTEGER PRIMARY KEY REFERENCES entity_type,
    model       INTEGER NOT NULL REFERENCES model
) STRICT;
