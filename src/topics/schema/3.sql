-- The words of a story are read from the store when somebody looks: here stands which revision it was. What was written before this step keeps
-- the words it has, and names none.
ALTER TABLE told ADD COLUMN seq INTEGER;
ALTER TABLE alert ADD COLUMN seq INTEGER;
