-- What was handed out to whom (microseconds since 1970): told, acked: of its recall, when there was one.
CREATE TABLE handout (
    client TEXT NOT NULL,
    id TEXT NOT NULL,
    channel TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    told INTEGER,
    acked INTEGER,
    PRIMARY KEY (client, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX handout_of ON handout (id);

-- Stories whose text was removed for good; they never come back.
CREATE TABLE tombstone (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
