-- The rows to judge, as a view `reports`: `line`, a row of a CSV as it stands in its file, and `vessel`, what decides which part it goes
-- to. For rows that lie elsewhere (a Parquet table, Iceberg) write another file that makes this view; docs/spark.md shows one.
--
-- columns: the header as names and types, with the column of the MMSI called mmsi; detect.sh makes it. 2.1E8 and 210000000.0 are one vessel
-- to the reader, and so are here; a row whose MMSI has no digit is a header line, or none.
CREATE TEMPORARY VIEW reports AS
SELECT line, try_cast(mmsi AS DOUBLE) AS vessel
FROM (
  SELECT value AS line, from_csv(value, '${columns}', map('sep', '${sep}', 'escape', '"')).mmsi AS mmsi
  FROM text.`${in}`
)
WHERE mmsi RLIKE '[0-9]';
