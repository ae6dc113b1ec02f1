-- What each operator gets: pieces of the rows of its vessels, which part of the fleet it has, and the state in which that part ended the
-- period before.

-- Rows are put together by vessel before they are moved: a piece of many costs Spark as much as a row. They are kept by part, so that both
-- passes read them without moving them again; whoever asks for the bucket gets all of a part in one task
CREATE TABLE lines (bucket INT, line STRING, step STRING) USING parquet
CLUSTERED BY (bucket) INTO ${parts} BUCKETS
LOCATION '${out}/rows';

INSERT OVERWRITE TABLE lines
SELECT CAST(bucket AS INT), line, ''
FROM (
  SELECT TRANSFORM(line) USING '${operator} cut ${cut} --header "$(cat header.csv)" ${rules}' AS (bucket STRING, line STRING)
    ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
  FROM reports
);

-- For each part a bucket that the same hash sends to it as those of its vessels
CREATE TEMPORARY VIEW parts AS
SELECT concat(part, '/${parts}') AS part, CAST(min(id) AS INT) AS bucket
FROM (SELECT id, pmod(hash(CAST(id AS INT)), ${parts}) AS part FROM range(1000 * ${parts}))
GROUP BY part;

-- Lines of states begin with the part and the step
CREATE TEMPORARY VIEW states AS
SELECT kind, text, split_part(text, ';', 1) AS part, split_part(text, ';', 2) AS step FROM (${states});

INSERT INTO TABLE lines
SELECT bucket, concat('part\t', part), '' FROM parts
UNION ALL SELECT bucket, concat(kind, '\t', text), step FROM states JOIN parts USING (part);
