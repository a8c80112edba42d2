-- Raw deliveries that are kept as their difference (zstd) to another one, their base; depth counts from the one kept whole. Those that
-- are not here are whole.
CREATE TABLE lean (
    raw INTEGER PRIMARY KEY REFERENCES raw (id),
    base INTEGER NOT NULL REFERENCES raw (id),
    depth INTEGER NOT NULL
) STRICT;
CREATE INDEX lean_on ON lean (base);

-- The last delivery of each feed, a row each kind of document: what the next one may lean on.
CREATE TABLE tip (
    feed TEXT NOT NULL,
    kind TEXT NOT NULL,
    raw INTEGER NOT NULL,
    PRIMARY KEY (feed, kind)
) STRICT, WITHOUT ROWID;

-- Which stories a delivery held, new or not: CRC-32 of each id, four bytes each, least first. Null on older rows.
ALTER TABLE delivery ADD COLUMN holds BLOB;
CREATE INDEX delivery_by ON delivery (feed);
