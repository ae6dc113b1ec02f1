-- Where to read the rows to judge, for files that every executor sees as paths of its own: a view `reports` of ranges of 128 MB, which
-- `operator cut --ranges` reads itself, so that no row goes through Java; what is compressed is read whole by the first of its ranges. Of files the list is read, and nothing else.
CREATE TEMPORARY VIEW reports AS
SELECT /*+ REPARTITION(${ranges}) */ concat_ws('\t', first, least(first + 134217728, length), path) AS line
FROM (
  SELECT path, length, explode(sequence(0L, greatest(length - 1, 0L), 134217728L)) AS first
  FROM binaryFile.`${in}`
);
