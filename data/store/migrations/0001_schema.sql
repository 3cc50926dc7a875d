-- Money is whole cents, dates are days since 1970-01-01, flags are 0 or 1 and
-- NULL where nobody has said. The views at the end say the same in words.

-- Where every row came from.
CREATE TABLE import_batch(
  batch_id          INTEGER PRIMARY KEY,
  imported_at       TEXT,                         -- RFC 3339, UTC
  app_version       TEXT    NOT NULL,
  format            TEXT    NOT NULL,             -- native, rif, synpuf, synthetic ...
  is_synthetic      INTEGER NOT NULL CHECK(is_synthetic IN(0,1)),
  note              TEXT    NOT NULL,
  data_through      INTEGER,                      -- latest service day of the batch
  hospitals         INTEGER NOT NULL DEFAULT 0,
  episodes_new      INTEGER NOT NULL DEFAULT 0,
  episodes_replaced INTEGER NOT NULL DEFAULT 0,
  episodes_same     INTEGER NOT NULL DEFAULT 0,   -- already held, to the last field
  services          INTEGER NOT NULL DEFAULT 0,
  price_rows        INTEGER NOT NULL DEFAULT 0) STRICT;

-- Input files with control totals: read = loaded + skipped + rejected.
CREATE TABLE import_file(
  file_id         INTEGER PRIMARY KEY,
  batch_id        INTEGER NOT NULL REFERENCES import_batch ON DELETE CASCADE,
  role            TEXT    NOT NULL,
  name            TEXT    NOT NULL,               -- base name
  sha256          BLOB    NOT NULL,
  bytes           INTEGER NOT NULL,
  rows_read       INTEGER NOT NULL,
  rows_loaded     INTEGER NOT NULL,
  rows_skipped    INTEGER NOT NULL,
  rows_warned     INTEGER NOT NULL,
  rows_rejected   INTEGER NOT NULL,
  amount_read     INTEGER NOT NULL,               -- cents, and so below
  amount_loaded   INTEGER NOT NULL,
  amount_skipped  INTEGER NOT NULL,
  amount_rejected INTEGER NOT NULL) STRICT;
CREATE INDEX import_file_sha ON import_file(sha256);
CREATE INDEX import_file_batch ON import_file(batch_id);

-- Findings on rows. value_hint is a pattern such as 9A99-AA9, never a value.
CREATE TABLE import_error(
  file_id    INTEGER NOT NULL REFERENCES import_file ON DELETE CASCADE,
  line       INTEGER NOT NULL,                    -- 0: the file as a whole
  col        TEXT    NOT NULL,
  code       TEXT    NOT NULL,
  severity   INTEGER NOT NULL CHECK(severity BETWEEN 1 AND 4), -- info, warning, reject, refuse
  value_hint TEXT    NOT NULL,
  message    TEXT    NOT NULL,
  n          INTEGER NOT NULL) STRICT;
CREATE INDEX import_error_file ON import_error(file_id);

CREATE TABLE hospital(
  hosp_id    INTEGER PRIMARY KEY,
  ccn        TEXT NOT NULL UNIQUE CHECK(length(ccn) = 6),
  name       TEXT NOT NULL,
  state      TEXT NOT NULL,
  division   INTEGER CHECK(division BETWEEN 1 AND 9), -- census division
  beds       INTEGER,
  safety_net INTEGER CHECK(safety_net IN(0,1)),
  rural      INTEGER CHECK(rural      IN(0,1)),
  is_sch     INTEGER CHECK(is_sch     IN(0,1)),
  is_mdh     INTEGER CHECK(is_mdh     IN(0,1)),
  is_each    INTEGER CHECK(is_each    IN(0,1)),
  is_rrc     INTEGER CHECK(is_rrc     IN(0,1)),
  teaching   INTEGER CHECK(teaching   IN(0,1))) STRICT;

-- Who gave a service: SNFs, agencies, clinicians.
CREATE TABLE provider(
  prov_id INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL,                          -- CCN, NPI, TIN or ''
  code    TEXT NOT NULL,
  UNIQUE(kind, code)) STRICT;

-- A person is a keyed hash; the key is kept outside this file.
CREATE TABLE person(
  person_id INTEGER PRIMARY KEY,
  bene_hash BLOB NOT NULL UNIQUE) STRICT;

-- One row per episode. No end is stored: the length is chosen when asking.
CREATE TABLE episode(
  ep_id         INTEGER PRIMARY KEY,              -- 0, 1, 2 ...
  src_key       TEXT    NOT NULL UNIQUE,
  batch_id      INTEGER NOT NULL REFERENCES import_batch, -- that brought the row as it stands
  person_id     INTEGER REFERENCES person,
  hosp_id       INTEGER NOT NULL REFERENCES hospital,
  category      INTEGER NOT NULL CHECK(category BETWEEN 1 AND 5), -- LEJR SHFFT CABG FUSION BOWEL
  anchor_type   INTEGER NOT NULL CHECK(anchor_type IN(1,2)),      -- inpatient, outpatient
  trigger_code  TEXT    NOT NULL,                 -- MS-DRG or HCPCS as billed
  price_code    TEXT    NOT NULL,                 -- pooled MS-DRG that sets the price
  anchor_start  INTEGER NOT NULL,
  anchor_end    INTEGER NOT NULL CHECK(anchor_end >= anchor_start),
  std_anchor    INTEGER NOT NULL,                 -- cents, as every amount
  raw_anchor    INTEGER,
  obs_days      INTEGER NOT NULL,                 -- days from anchor_end the data cover
  obs_guess     INTEGER NOT NULL CHECK(obs_guess IN(0,1)), -- from the latest service seen
  elig_off      INTEGER,                          -- last eligible day, from anchor_end
  died_off      INTEGER,                          -- day of death, from anchor_end
  risk_e6       INTEGER CHECK(risk_e6 > 0),       -- multiplier in millionths
  disch_status  TEXT    NOT NULL,
  age           INTEGER,
  sex           TEXT    NOT NULL CHECK(sex IN('','F','M')),
  hcc_count     INTEGER,
  dual          INTEGER CHECK(dual      IN(0,1)),
  lis           INTEGER CHECK(lis       IN(0,1)),
  cdi           INTEGER CHECK(cdi       IN(0,1)),
  prior_pac     INTEGER CHECK(prior_pac IN(0,1)),
  fracture      INTEGER CHECK(fracture  IN(0,1)),
  attending_npi TEXT    NOT NULL,
  operating_npi TEXT    NOT NULL,
  target_price  INTEGER,
  src_total     INTEGER,                          -- total the source states ...
  src_days      INTEGER NOT NULL,                 -- ... at this length
  drop_flags    INTEGER NOT NULL,
  not_std       INTEGER NOT NULL CHECK(not_std IN(0,1)), -- amounts are raw, not standardized
  services      INTEGER NOT NULL,                 -- lines in service with a setting above 0
  digest        BLOB    NOT NULL) STRICT;         -- of the content, to see that nothing changed

-- Service lines as days from anchor_end: day 0 is the discharge or procedure.
CREATE TABLE service(
  ep_id         INTEGER NOT NULL REFERENCES episode ON DELETE CASCADE,
  seq           INTEGER NOT NULL CHECK(seq BETWEEN 0 AND 16777215),
  setting       INTEGER NOT NULL CHECK(setting BETWEEN 0 AND 11), -- 0 anchor, then as in view setting_name
  rule          INTEGER NOT NULL CHECK(rule BETWEEN 0 AND 4),     -- whole days gmlos visits always
  excl          INTEGER NOT NULL CHECK(excl BETWEEN 0 AND 65535), -- bit set of reasons to count nothing
  off_from      INTEGER NOT NULL,
  off_to        INTEGER NOT NULL CHECK(off_to >= off_from),
  gmlos_x100    INTEGER NOT NULL CHECK(gmlos_x100 >= 0),          -- hundredths of a day, 0 unknown
  std_cents     INTEGER NOT NULL,
  outlier_cents INTEGER NOT NULL,
  raw_cents     INTEGER,
  payer_cents   INTEGER NOT NULL,                 -- what a payer before Medicare paid
  units         INTEGER NOT NULL,
  prov_id       INTEGER REFERENCES provider,
  code_kind     INTEGER NOT NULL CHECK(code_kind BETWEEN 0 AND 4), -- none DRG HCPCS HIPPS REV
  code          TEXT,
  line_key      TEXT,
  stay_key      TEXT,
  exclusion     TEXT,                             -- the file's own words
  PRIMARY KEY(ep_id, seq)) STRICT, WITHOUT ROWID;

-- Days of low-utilisation home-health visits.
CREATE TABLE visit(
  ep_id  INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  ord    INTEGER NOT NULL,                        -- order in the source
  off    INTEGER NOT NULL,                        -- days from anchor_end
  n      INTEGER NOT NULL,
  PRIMARY KEY(ep_id, seq, ord),
  FOREIGN KEY(ep_id, seq) REFERENCES service ON DELETE CASCADE) STRICT, WITHOUT ROWID;

CREATE TABLE price(
  kind       TEXT    NOT NULL CHECK(kind IN('benchmark','preliminary_target')),
  price_code TEXT    NOT NULL,
  division   INTEGER NOT NULL CHECK(division BETWEEN 1 AND 9),
  days       INTEGER NOT NULL CHECK(days >= 0),
  period     TEXT    NOT NULL,                    -- '' serves every period
  batch_id   INTEGER NOT NULL REFERENCES import_batch,
  price      INTEGER NOT NULL,                    -- cents per episode, and so below
  p99        INTEGER,
  post_mean  INTEGER,
  post_sd    INTEGER,
  mean       INTEGER,
  sd         INTEGER,
  p1         INTEGER,
  p5         INTEGER,
  p75        INTEGER,
  p95        INTEGER,
  episodes   INTEGER NOT NULL,                    -- behind the row, 0 unknown
  source     TEXT    NOT NULL,
  PRIMARY KEY(kind, price_code, division, days, period)) STRICT, WITHOUT ROWID;

CREATE TABLE meta(
  k TEXT PRIMARY KEY,
  v TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- The same in words, for people.
CREATE VIEW category_name(category, name) AS VALUES
  (1,'LEJR'),(2,'SHFFT'),(3,'CABG'),(4,'FUSION'),(5,'BOWEL');

CREATE VIEW setting_name(setting, name) AS VALUES
  (0,'anchor'),(1,'readmission'),(2,'snf'),(3,'irf'),(4,'ltch'),(5,'hha'),(6,'outpatient'),
  (7,'professional'),(8,'dme'),(9,'hospice'),(10,'other_inpatient'),(11,'partb_drug');

CREATE VIEW episodes AS
SELECT e.src_key, h.ccn, h.name AS hospital, c.name AS category,
  CASE e.anchor_type WHEN 1 THEN 'IP' ELSE 'OP' END AS anchor_type,
  e.trigger_code, e.price_code,
  date(e.anchor_start*86400, 'unixepoch') AS anchor_start,
  date(e.anchor_end*86400, 'unixepoch') AS anchor_end,
  printf('%s%d.%02d', CASE WHEN e.std_anchor < 0 THEN '-' ELSE '' END,
    abs(e.std_anchor)/100, abs(e.std_anchor)%100) AS std_anchor,
  e.obs_days,
  date((e.anchor_end + e.obs_days - 1)*86400, 'unixepoch') AS data_through,
  CASE e.obs_guess WHEN 1 THEN 'assumed' ELSE 'stated' END AS data_through_is,
  date((e.anchor_end + e.elig_off)*86400, 'unixepoch') AS elig_end,
  e.died_off, e.age, e.sex, e.operating_npi, e.services, e.ep_id
FROM episode e JOIN hospital h USING(hosp_id) JOIN category_name c USING(category);

CREATE VIEW services AS
SELECT e.src_key, s.line_key, h.ccn, c.name AS category, t.name AS setting,
  CASE s.rule WHEN 0 THEN 'whole' WHEN 1 THEN 'days' WHEN 2 THEN 'gmlos' WHEN 3 THEN 'visits' ELSE 'always' END AS rule,
  date((e.anchor_end + s.off_from)*86400, 'unixepoch') AS from_date,
  date((e.anchor_end + s.off_to)*86400, 'unixepoch') AS to_date,
  s.off_from, s.off_to,
  printf('%s%d.%02d', CASE WHEN s.std_cents < 0 THEN '-' ELSE '' END,
    abs(s.std_cents)/100, abs(s.std_cents)%100) AS std_allowed,
  CASE s.code_kind WHEN 1 THEN 'DRG' WHEN 2 THEN 'HCPCS' WHEN 3 THEN 'HIPPS' WHEN 4 THEN 'REV' ELSE '' END AS code_kind,
  s.code, p.kind AS provider_kind, p.code AS provider, s.excl, s.exclusion, s.ep_id, s.seq
FROM service s JOIN episode e USING(ep_id) JOIN hospital h USING(hosp_id)
  JOIN category_name c USING(category) JOIN setting_name t USING(setting) LEFT JOIN provider p USING(prov_id);

CREATE VIEW batches AS
SELECT batch_id, imported_at, format, CASE is_synthetic WHEN 1 THEN 'synthetic' ELSE 'real' END AS kind,
  date(data_through*86400, 'unixepoch') AS data_through, hospitals, episodes_new, episodes_replaced,
  episodes_same, services, price_rows, note, app_version
FROM import_batch;
