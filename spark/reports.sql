-- The rows to judge, as a view `reports`: `line`, a row of a CSV as it stands in its file. For rows that lie elsewhere (a Parquet table,
-- Iceberg) write another file that makes this view; docs/spark.md shows one.
CREATE TEMPORARY VIEW reports AS
SELECT value AS line FROM text.`${in}`;
