-- What a feed has brought, in the log's order: `retention` looks through its own stories only, not through those of ten thousand others.
CREATE INDEX revision_by ON revision (feed);
