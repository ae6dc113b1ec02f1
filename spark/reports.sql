-- The rows to judge, as a view `reports`: `line`, a row of a CSV as it stands in its file, and `vessel`, what decides which part it goes
-- to. For rows that lie elsewhere (a Parquet table, Iceberg) write another file that makes this view; docs/spark.md shows one.
--
-- columns: the header as names and types, with the column of the MMSI called mmsi; at: the number of that column, from 1; detect.sh makes both.
-- A row without quotes is cut at its separators alone, which costs a third of reading all its cells. 2.1E8 and 210000000.0 are one vessel
-- to the reader, and so are here; a row whose MMSI has no digit is a header line, or none.
CREATE TEMPORARY VIEW reports AS
SELECT line, try_cast(mmsi AS DOUBLE) AS vessel
FROM (
  SELECT value AS line,
    CASE WHEN instr(value, '"') = 0 THEN substring_index(substring_index(value, '${sep}', ${at}), '${sep}', -1)
    ELSE from_csv(value, '${columns}', map('sep', '${sep}', 'escape', '"')).mmsi END AS mmsi
  FROM text.`${in}`
)
WHERE mmsi RLIKE '[0-9]';
