-- The second pass: each vessel by itself, then vessels against each other, then what was found is told as events. An operator starts in a
-- folder that holds the header; where the lessons are, detect.sh says. Where there are no lines Spark starts no operator, but lessons
-- alone can be worth an event (a feed that fell silent): a line that the operator leaves out starts it.

-- found, rows and state lines; kept, so that what follows can be run again
INSERT OVERWRITE DIRECTORY '${out}/vessel' USING parquet
SELECT TRANSFORM(line)
  USING '${operator} vessel --lessons ${lessons} --header "$(cat header.csv)" ${rules}' AS (kind STRING, text STRING)
  ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
FROM (SELECT line FROM lines WHERE bucket >= 0 AND step IN ('', 'vessel'));

-- the extract of all ships fits one operator
INSERT OVERWRITE DIRECTORY '${out}/sea' USING parquet
SELECT TRANSFORM(kind, text)
  ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
  USING '${operator} sea --lessons ${lessons} ${rules}' AS (kind STRING, text STRING)
  ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
FROM (
  SELECT /*+ REPARTITION(1) */ kind, text
  FROM (
    SELECT kind, text FROM parquet.`${out}/vessel` WHERE kind = 'rows'
    UNION ALL SELECT kind, text FROM states WHERE step = 'sea'
    UNION ALL SELECT 'found', ''
  )
);

INSERT OVERWRITE DIRECTORY '${out}/tell' USING parquet
SELECT TRANSFORM(kind, text)
  ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
  USING '${operator} tell --lessons ${lessons} ${rules}' AS (kind STRING, text STRING)
  ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
FROM (
  SELECT /*+ REPARTITION(1) */ kind, text
  FROM (
    SELECT kind, text FROM parquet.`${out}/vessel` WHERE kind = 'found'
    UNION ALL SELECT kind, text FROM parquet.`${out}/sea` WHERE kind = 'found'
    UNION ALL SELECT kind, text FROM states WHERE step = 'tell'
    UNION ALL SELECT 'rows', ''
  )
);

-- an event has no tab
INSERT OVERWRITE DIRECTORY '${out}/events' USING text
SELECT kind FROM parquet.`${out}/tell` WHERE kind <> 'state';

INSERT OVERWRITE DIRECTORY '${out}/events.parquet' USING parquet
SELECT
  e.id, e.type, e.phase, e.revision, e.mmsi, e.vessel.name, e.class, e.score,
  CAST(e.start.t AS TIMESTAMP) AS start_t, e.start.lat AS start_lat, e.start.lon AS start_lon,
  CAST(e.`end`.t AS TIMESTAMP) AS end_t, e.`end`.lat AS end_lat, e.`end`.lon AS end_lon,
  value AS event
FROM (
  SELECT value, from_json(value, 'id STRING, type STRING, phase STRING, revision INT, mmsi BIGINT, vessel STRUCT<name: STRING>, class STRING, score DOUBLE,
    start STRUCT<t: STRING, lat: DOUBLE, lon: DOUBLE>, `end` STRUCT<t: STRING, lat: DOUBLE, lon: DOUBLE>') AS e
  FROM text.`${out}/events`
);
