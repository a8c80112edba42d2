-- What a feed has brought, in the log's order: `retention` looks through its own stories only, not through those of ten thousand others.
CREATE INDEX revision_by ON revision (feed);
-- The names of a story that is removed for good.
CREATE INDEX handle_of ON handle (id);
