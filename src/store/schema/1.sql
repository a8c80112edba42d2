-- What the desk is. The row 'desk' must exist: a database without it is not a desk.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('desk', lower(hex(randomblob(8))));

-- Bytes as received (zstd), once for each content.
CREATE TABLE raw (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- Which feed brought them, from where and when (microseconds since 1970) for the first time.
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    feed TEXT NOT NULL,
    raw INTEGER NOT NULL REFERENCES raw (id),
    url TEXT,
    content_type TEXT,
    received INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_of ON delivery (raw, feed);

-- The log: rows are added, never changed.
CREATE TABLE revision (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    received INTEGER NOT NULL,
    feed TEXT NOT NULL,
    guid TEXT,
    version TEXT,
    delivery INTEGER NOT NULL REFERENCES delivery (id),
    json TEXT NOT NULL
) STRICT;
CREATE INDEX revision_of ON revision (id, content_hash, received);

-- Which revision of each story is current.
CREATE TABLE story (
    id TEXT PRIMARY KEY,
    current_seq INTEGER NOT NULL,
    guid TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX story_guid ON story (guid);

-- Where each feed stands.
CREATE TABLE feed (id TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
