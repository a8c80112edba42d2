-- What persons decided about threads: the story belongs with `joined`; apart from all when that is itself.
CREATE TABLE thread_choice (
    id TEXT PRIMARY KEY,
    joined TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
