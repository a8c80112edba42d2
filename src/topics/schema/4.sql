-- Alerts are written many at a time: whose command is to take them is asked once for all of them.
CREATE INDEX topic_with_command ON topic (name) WHERE notify IS NOT NULL;
