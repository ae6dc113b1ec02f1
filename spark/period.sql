-- What each operator gets beside its rows: which part of the fleet it has, and the state in which that part ended the period before.

-- For each part a number that the same hash sends to it as its vessels
CREATE TEMPORARY VIEW parts AS
SELECT concat(part, '/${parts}') AS part, CAST(min(id) AS DOUBLE) AS vessel
FROM (SELECT id, pmod(hash(CAST(id AS DOUBLE)), ${parts}) AS part FROM range(1000 * ${parts}))
GROUP BY part;

-- Lines of states begin with the part and the step
CREATE TEMPORARY VIEW states AS
SELECT kind, text, split_part(text, ';', 1) AS part, split_part(text, ';', 2) AS step FROM (${states});

CREATE TEMPORARY VIEW lines AS
SELECT CAST(vessel AS DOUBLE) AS vessel, line, '' AS step FROM reports
UNION ALL SELECT vessel, concat('part\t', part), '' FROM parts
UNION ALL SELECT vessel, concat(kind, '\t', text), step FROM states JOIN parts USING (part);
