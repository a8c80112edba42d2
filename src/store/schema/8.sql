-- What `retention` removed is forgotten in the end: whose story it was, and when its feed showed it last or it was removed
-- (microseconds since 1970). Without a feed, as all from before this step: never forgotten.
ALTER TABLE tombstone ADD COLUMN feed TEXT;
ALTER TABLE tombstone ADD COLUMN last INTEGER;
CREATE INDEX tombstone_by ON tombstone (feed, last) WHERE feed IS NOT NULL;

-- What came in a delivery: one of which nothing is left may go.
CREATE INDEX revision_from ON revision (delivery);

-- A story's names are found by when they came: next to each other, where by its id each lay on a page of its own.
DROP INDEX handle_of;
CREATE INDEX handle_at ON handle (at);
