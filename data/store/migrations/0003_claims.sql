-- What claim feeds bring beside episodes: how a batch is undone, the components
-- of target prices, reference tables. Each section says who fills it.

-- Prices: when the source states its price.
ALTER TABLE price ADD COLUMN as_of INTEGER;       -- day; NULL when the file does not say

-- Undo (data/store/undo.go): what an import changed, as it was before. The row
-- of an undone import stays in import_batch and says so.
ALTER TABLE import_batch ADD COLUMN undone_at TEXT;                          -- RFC 3339, UTC
ALTER TABLE import_batch ADD COLUMN journal INTEGER NOT NULL DEFAULT 0;      -- 1: can be undone

-- Episodes that the batch replaced, with the columns of their tables.
CREATE TABLE undo_episode(
  undo_batch INTEGER NOT NULL,
  ep_id INTEGER NOT NULL, src_key TEXT NOT NULL, batch_id INTEGER NOT NULL, person_id INTEGER, hosp_id INTEGER NOT NULL,
  category INTEGER NOT NULL, anchor_type INTEGER NOT NULL, trigger_code TEXT NOT NULL, price_code TEXT NOT NULL,
  anchor_start INTEGER NOT NULL, anchor_end INTEGER NOT NULL, std_anchor INTEGER NOT NULL, raw_anchor INTEGER,
  obs_days INTEGER NOT NULL, obs_guess INTEGER NOT NULL, elig_off INTEGER, died_off INTEGER, risk_e6 INTEGER,
  disch_status TEXT NOT NULL, age INTEGER, sex TEXT NOT NULL, hcc_count INTEGER, dual INTEGER, lis INTEGER, cdi INTEGER,
  prior_pac INTEGER, fracture INTEGER, attending_npi TEXT NOT NULL, operating_npi TEXT NOT NULL, target_price INTEGER,
  src_total INTEGER, src_days INTEGER NOT NULL, drop_flags INTEGER NOT NULL, not_std INTEGER NOT NULL,
  services INTEGER NOT NULL, digest BLOB NOT NULL,
  PRIMARY KEY(undo_batch, ep_id)) STRICT, WITHOUT ROWID;
CREATE TABLE undo_service(
  undo_batch INTEGER NOT NULL,
  ep_id INTEGER NOT NULL, seq INTEGER NOT NULL, setting INTEGER NOT NULL, rule INTEGER NOT NULL, excl INTEGER NOT NULL,
  off_from INTEGER NOT NULL, off_to INTEGER NOT NULL, gmlos_x100 INTEGER NOT NULL, std_cents INTEGER NOT NULL,
  outlier_cents INTEGER NOT NULL, raw_cents INTEGER, payer_cents INTEGER NOT NULL, units INTEGER NOT NULL, prov_id INTEGER,
  code_kind INTEGER NOT NULL, code TEXT, line_key TEXT, stay_key TEXT, exclusion TEXT,
  PRIMARY KEY(undo_batch, ep_id, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE undo_visit(
  undo_batch INTEGER NOT NULL,
  ep_id INTEGER NOT NULL, seq INTEGER NOT NULL, ord INTEGER NOT NULL, off INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY(undo_batch, ep_id, seq, ord)) STRICT, WITHOUT ROWID;
-- Episodes that the batch brought again unchanged: whose they were.
CREATE TABLE undo_same(
  undo_batch INTEGER NOT NULL,
  ep_id      INTEGER NOT NULL,
  batch_id   INTEGER NOT NULL,
  obs_days   INTEGER NOT NULL,
  PRIMARY KEY(undo_batch, ep_id)) STRICT, WITHOUT ROWID;
-- Price rows that the batch replaced.
CREATE TABLE undo_price(
  undo_batch INTEGER NOT NULL,
  kind TEXT NOT NULL, price_code TEXT NOT NULL, division INTEGER NOT NULL, days INTEGER NOT NULL, period TEXT NOT NULL,
  batch_id INTEGER NOT NULL, price INTEGER NOT NULL, p99 INTEGER, post_mean INTEGER, post_sd INTEGER, mean INTEGER, sd INTEGER,
  p1 INTEGER, p5 INTEGER, p75 INTEGER, p95 INTEGER, episodes INTEGER NOT NULL, source TEXT NOT NULL, as_of INTEGER,
  PRIMARY KEY(undo_batch, kind, price_code, division, days, period)) STRICT, WITHOUT ROWID;

-- What each batch said of a hospital, in its order: a hospital is all of it
-- laid over each other, so one batch's word can be taken back. Batch 0 is what
-- was there before this table.
CREATE TABLE hospital_said(
  said_id  INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL,
  ccn TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, division INTEGER, beds INTEGER,
  safety_net INTEGER, rural INTEGER, is_sch INTEGER, is_mdh INTEGER, is_each INTEGER, is_rrc INTEGER, teaching INTEGER) STRICT;
CREATE INDEX hospital_said_ccn ON hospital_said(ccn);
INSERT INTO hospital_said(batch_id, ccn, name, state, division, beds, safety_net, rural, is_sch, is_mdh, is_each, is_rrc, teaching)
SELECT 0, ccn, name, state, division, beds, safety_net, rural, is_sch, is_mdh, is_each, is_rrc, teaching FROM hospital;

-- BPCI Advanced: components of target prices, peer groups of hospitals and
-- bounds of outlying spending (data/store/component.go). The batch is part of
-- the key: nothing is replaced, the newest batch is read. Ratios in millionths.
CREATE TABLE component(
  batch_id     INTEGER NOT NULL REFERENCES import_batch,
  initiator    TEXT    NOT NULL,                  -- BPID of the episode initiator
  kind         TEXT    NOT NULL,                  -- ACH or PGP, as given
  ccn          TEXT    NOT NULL,                  -- the hospital, of a group the one it is associated with
  epi_type     TEXT    NOT NULL,
  epi_category TEXT    NOT NULL,                  -- as given
  period       TEXT    NOT NULL,                  -- '' when not stated
  convener     TEXT    NOT NULL,
  category     INTEGER CHECK(category BETWEEN 1 AND 5), -- ours; NULL for any other
  episodes     INTEGER,
  over_40      INTEGER CHECK(over_40 IN(0,1)),
  spend        INTEGER,                           -- cents, as sbs to real_target below
  sbs          INTEGER,
  hbp          INTEGER,
  benchmark    INTEGER,
  target       INTEGER,
  real_target  INTEGER,
  pcma         INTEGER,
  pat          INTEGER,
  case_mix     INTEGER,
  efficiency   INTEGER,
  pgp_eff      INTEGER,
  pgp_offset   INTEGER,
  pgp_adjusted INTEGER,
  pgp_pcma     INTEGER,
  pay_ratio    INTEGER,
  PRIMARY KEY(batch_id, initiator, kind, ccn, epi_type, epi_category, period)) STRICT, WITHOUT ROWID;

CREATE TABLE peer_group(
  batch_id    INTEGER NOT NULL REFERENCES import_batch,
  ccn         TEXT    NOT NULL,
  academic    TEXT    NOT NULL,
  urban_rural TEXT    NOT NULL,
  safety_net  TEXT    NOT NULL,
  bed_size    TEXT    NOT NULL,
  census      TEXT    NOT NULL,
  PRIMARY KEY(batch_id, ccn)) STRICT, WITHOUT ROWID;

CREATE TABLE winsor(
  batch_id     INTEGER NOT NULL REFERENCES import_batch,
  epi_category TEXT    NOT NULL,
  code         TEXT    NOT NULL,                  -- MS-DRG or APC
  category     INTEGER CHECK(category BETWEEN 1 AND 5),
  low          INTEGER,                           -- cents an episode, as high
  high         INTEGER,
  PRIMARY KEY(batch_id, epi_category, code)) STRICT, WITHOUT ROWID;

-- Reference tables that a user imports (data/store/reference.go). No
-- projection reads them: what they lead to is written into the episodes.
CREATE TABLE drg(
  fy         INTEGER NOT NULL,                    -- federal fiscal year of the discharge
  code       TEXT    NOT NULL CHECK(length(code) = 3),
  mdc        TEXT    NOT NULL,                    -- two digits, PRE or ''
  kind       TEXT    NOT NULL,                    -- MED, SURG or ''
  weight     INTEGER NOT NULL CHECK(weight >= 0), -- ten-thousandths
  gmlos_x100 INTEGER NOT NULL CHECK(gmlos_x100 >= 0), -- hundredths of a day, 0 unknown
  amlos_x100 INTEGER NOT NULL CHECK(amlos_x100 >= 0),
  PRIMARY KEY(fy, code)) STRICT, WITHOUT ROWID;
CREATE TABLE hcc_map(
  payment_year INTEGER NOT NULL,
  version      INTEGER NOT NULL,                  -- 24 or 28, of the CMS-HCC model
  diagnosis    TEXT    NOT NULL,                  -- ICD-10-CM without its point
  hcc          INTEGER NOT NULL,
  PRIMARY KEY(payment_year, version, diagnosis, hcc)) STRICT, WITHOUT ROWID;
CREATE TABLE risk_coefficient(
  design   TEXT    NOT NULL,
  period   TEXT    NOT NULL,
  category TEXT    NOT NULL,                      -- LEJR ... BOWEL, or '' for all
  variable TEXT    NOT NULL,
  version  INTEGER NOT NULL,                      -- of the HCC model, where the variable is about one
  factor   TEXT    NOT NULL,                      -- exponentiated coefficient, decimal
  source   TEXT    NOT NULL,
  evidence TEXT    NOT NULL,
  PRIMARY KEY(design, period, category, variable)) STRICT, WITHOUT ROWID;

-- What claims said of a patient beside the columns, for the risk multiplier:
-- the HCCs of the look-back and how Medicare began. NULL: risk_e6, where there
-- is one, is the file's own.
ALTER TABLE episode      ADD COLUMN risk_facts TEXT;
ALTER TABLE undo_episode ADD COLUMN risk_facts TEXT;
