-- The first pass: what vessels teach one another, as one text file in order.
--
-- All rows of a vessel must reach one operator; it puts them in order itself, so nothing is sorted here.
INSERT OVERWRITE DIRECTORY '${out}/lessons' USING text
SELECT /*+ REPARTITION(1) */ line
FROM (
  SELECT TRANSFORM(line) USING '${operator} learn --header "$(cat header.csv)" ${rules}' AS (line STRING)
  FROM (SELECT /*+ REPARTITION(${parts}, vessel) */ line FROM reports)
)
SORT BY line;
