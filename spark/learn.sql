-- The first pass: what vessels teach one another, as one text file in order.
--
-- All rows of a vessel reach one operator, which puts them in order itself, so nothing is sorted here.
INSERT OVERWRITE DIRECTORY '${out}/learn' USING parquet
SELECT TRANSFORM(line) USING '${operator} learn --header "$(cat header.csv)" ${rules}' AS (kind STRING, text STRING)
  ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
FROM (SELECT line FROM lines WHERE bucket >= 0 AND step IN ('', 'learn'));

-- a lesson has no tab
INSERT OVERWRITE DIRECTORY '${out}/lessons' USING text
SELECT /*+ REPARTITION(1) */ kind FROM parquet.`${out}/learn` WHERE kind <> 'state'
SORT BY kind;
