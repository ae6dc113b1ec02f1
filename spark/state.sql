-- The state in which all operators end the period, for STATE of the next one.
INSERT OVERWRITE DIRECTORY '${out}/state' USING parquet
SELECT kind, text
FROM (
  SELECT kind, text FROM parquet.`${out}/vessel`
  UNION ALL SELECT kind, text FROM parquet.`${out}/sea`
  UNION ALL SELECT kind, text FROM parquet.`${out}/tell`
  ${learned}
)
WHERE kind = 'state';
