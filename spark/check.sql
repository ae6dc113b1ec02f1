-- The state of the period before must be that of all these parts, and of the sea and who tells.
SELECT assert_true(count(*) >= ${carried}, 'STATE is not whole, or not one of ${parts} parts: every period takes the same PARTS')
FROM (
  SELECT DISTINCT step, part FROM states
  WHERE step IN ('sea', 'tell') OR (step IN ('learn', 'vessel') AND part IN (SELECT part FROM parts))
);
