// The tables of a store, by version: plain SQL that anybody may read (docs/store.md). A change is a new entry at the end;
// a store of an older version is brought up when it is opened, one version a transaction.

export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR);

-- one row an event, in its last state; "event" is its line of NDJSON (docs/events.md)
CREATE TABLE events (
  n INTEGER PRIMARY KEY,
  id VARCHAR NOT NULL,
  revision INTEGER NOT NULL,
  phase VARCHAR NOT NULL,
  type VARCHAR NOT NULL,
  class VARCHAR,
  score DOUBLE NOT NULL,
  mmsi UINTEGER,
  partner UINTEGER,
  name VARCHAR,
  flag VARCHAR,
  source VARCHAR,
  receiver VARCHAR,
  as_of TIMESTAMP NOT NULL,
  start_t TIMESTAMP NOT NULL,
  end_t TIMESTAMP,
  duration_s DOUBLE,
  start_lat DOUBLE, start_lon DOUBLE,
  end_lat DOUBLE, end_lon DOUBLE,
  waters VARCHAR,
  reasons VARCHAR,
  search VARCHAR NOT NULL,
  acknowledged_at TIMESTAMP,
  event VARCHAR NOT NULL
);
CREATE TABLE event_zones (n INTEGER NOT NULL, zone VARCHAR NOT NULL);
CREATE TABLE event_revisions (
  id VARCHAR NOT NULL, revision INTEGER NOT NULL, phase VARCHAR NOT NULL, as_of TIMESTAMP NOT NULL, event VARCHAR NOT NULL
);

-- what is known of each vessel last; its names and voyages over time
CREATE TABLE vessels (
  mmsi UINTEGER PRIMARY KEY,
  name VARCHAR, imo UINTEGER, callsign VARCHAR, flag VARCHAR, ship_type UTINYINT, tx_class VARCHAR,
  length DOUBLE, width DOUBLE, draught DOUBLE, destination VARCHAR, eta VARCHAR,
  first_t TIMESTAMP NOT NULL, last_t TIMESTAMP NOT NULL,
  lat DOUBLE, lon DOUBLE, sog FLOAT, cog FLOAT,
  reports UBIGINT NOT NULL
);
CREATE TABLE vessel_statics (
  mmsi UINTEGER NOT NULL, t TIMESTAMP NOT NULL,
  name VARCHAR, imo UINTEGER, callsign VARCHAR, ship_type UTINYINT,
  length DOUBLE, width DOUBLE, draught DOUBLE, destination VARCHAR, eta VARCHAR
);
-- thinned: docs/store.md says which fixes are kept
CREATE TABLE fixes (mmsi UINTEGER NOT NULL, t TIMESTAMP NOT NULL, lat DOUBLE, lon DOUBLE, sog FLOAT, cog FLOAT);

-- boundaries are lines, simplified for maps: never a legal limit
CREATE TABLE zones (
  id VARCHAR PRIMARY KEY, name VARCHAR, kind VARCHAR, mrgid INTEGER, sovereigns VARCHAR[], method VARCHAR,
  west DOUBLE, south DOUBLE, east DOUBLE, north DOUBLE, boundary VARCHAR
);
CREATE TABLE sources (
  name VARCHAR PRIMARY KEY, address VARCHAR, format VARCHAR, health VARCHAR, trouble VARCHAR,
  last_heard TIMESTAMP, newest TIMESTAMP, reports UBIGINT, rejected UBIGINT, reconnects UBIGINT, updated_at TIMESTAMP
);
CREATE TABLE source_health (name VARCHAR NOT NULL, changed_at TIMESTAMP NOT NULL, health VARCHAR NOT NULL, trouble VARCHAR);
CREATE TABLE reception (
  lat DOUBLE, lon DOUBLE, deg DOUBLE, radio VARCHAR, feed VARCHAR, holes DOUBLE, visits DOUBLE, heard_share DOUBLE
);

-- what analysts decided: nothing is ever taken out of it
CREATE TABLE decisions (
  n INTEGER PRIMARY KEY, kind VARCHAR NOT NULL, event VARCHAR, mmsi UINTEGER, types VARCHAR[],
  text VARCHAR, author VARCHAR, decided_at TIMESTAMP NOT NULL, expires TIMESTAMP
);
-- those that hold: the last word on each vessel
CREATE TABLE exemptions (
  mmsi UINTEGER PRIMARY KEY, types VARCHAR[], reason VARCHAR, author VARCHAR, decided_at TIMESTAMP NOT NULL, expires TIMESTAMP NOT NULL
);
`,
  `
-- runs over recorded inputs: runs.ts; "keys" tell the same input again, "ended_at" is empty when the run was killed
CREATE TABLE runs (
  n INTEGER PRIMARY KEY, kind VARCHAR NOT NULL, inputs VARCHAR[] NOT NULL, keys VARCHAR[] NOT NULL,
  began_at TIMESTAMP NOT NULL, ended_at TIMESTAMP, from_t TIMESTAMP, to_t TIMESTAMP
);
-- the run that found it last, none for a watch; the one that no longer finds it
ALTER TABLE events ADD COLUMN run INTEGER;
ALTER TABLE events ADD COLUMN withdrawn_by INTEGER;
ALTER TABLE event_revisions ADD COLUMN run INTEGER;
`,
]

export const STORE_VERSION = MIGRATIONS.length
