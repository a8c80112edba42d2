-- CRC-32 of each revision's JSON: a bit that decays inside a text is noticed when it is read. Null on older rows.
ALTER TABLE revision ADD COLUMN sum INTEGER;
