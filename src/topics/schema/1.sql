-- Who asked to be told. from_seq: stories up to there were here before the topic was.
CREATE TABLE topic (
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    notify TEXT,
    from_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What each topic was last told of each story.
CREATE TABLE told (
    topic TEXT NOT NULL,
    story TEXT NOT NULL,
    headline TEXT NOT NULL,
    passage TEXT NOT NULL,
    urgency INTEGER,
    label TEXT,
    gone INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_story ON told (story);

-- Matches that the gate holds until a time (seconds since 1970).
CREATE TABLE waiting (
    topic TEXT NOT NULL,
    story TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (topic, story)
) STRICT, WITHOUT ROWID;

-- What was said, in order; done: the topic's command has taken it, or there is none.
CREATE TABLE alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    story TEXT NOT NULL,
    why TEXT NOT NULL,
    at INTEGER NOT NULL,
    headline TEXT NOT NULL,
    passage TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX alert_undone ON alert (id) WHERE done = 0;

-- How far this has followed the store: its log, and its list of stories taken back.
CREATE TABLE place (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
