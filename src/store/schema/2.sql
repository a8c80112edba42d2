-- What each story is under when it was taken back: item::Recalled as JSON; null for nearly all.
ALTER TABLE story ADD COLUMN recall TEXT;
CREATE INDEX story_recalled ON story (id) WHERE recall IS NOT NULL;

-- By what editors name a story: hashes of slug, transmission number and headline, with the time of arrival.
CREATE TABLE handle (
    key INTEGER NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (key, at, id)
) STRICT, WITHOUT ROWID;

-- The same of the stories that orders look for, also those that have not come yet; id is the item that orders.
CREATE TABLE standing (
    key INTEGER NOT NULL,
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (key, at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX standing_of ON standing (id);

-- Which stories each order means: 3 named, 2 another version, 1 a person must decide.
CREATE TABLE verdict (
    ordering TEXT NOT NULL,
    story TEXT NOT NULL,
    answer INTEGER NOT NULL,
    PRIMARY KEY (ordering, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_on ON verdict (story);

-- What a person decided: verb is kill or release (microseconds since 1970).
CREATE TABLE decision (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    verb TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX decision_of ON decision (id);

-- Every change of story.recall, for looking back.
CREATE TABLE recall (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT
) STRICT;
CREATE INDEX recall_of ON recall (id, at);
