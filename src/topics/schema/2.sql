-- What is told at once of a story is written side by side; alerts that no command takes are not among those to be taken.
ALTER TABLE told RENAME TO told_1;
CREATE TABLE told (
    story TEXT NOT NULL,
    topic TEXT NOT NULL,
    headline TEXT NOT NULL,
    passage TEXT NOT NULL,
    urgency INTEGER,
    label TEXT,
    gone INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (story, topic)
) STRICT, WITHOUT ROWID;
INSERT INTO told SELECT story, topic, headline, passage, urgency, label, gone FROM told_1;
DROP TABLE told_1;
UPDATE alert SET done = 1 WHERE topic NOT IN (SELECT name FROM topic WHERE notify IS NOT NULL);
