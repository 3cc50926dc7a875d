-- A number that moves with every change of the rows that a projection reads:
-- hospital, episode, service, visit, price. Triggers move it, so a change made
-- with sqlite3 counts too. An import moves it once.
CREATE TABLE data_version(
  one     INTEGER PRIMARY KEY CHECK(one = 1),
  version INTEGER NOT NULL) STRICT;
INSERT INTO data_version VALUES(1, 1);

-- A packed copy of those rows that loads in a fraction of the time. It is
-- derived: both tables may be emptied or dropped, and are made again from the
-- rows when they are missing, older than the rows, or damaged.
CREATE TABLE snapshot(
  one          INTEGER PRIMARY KEY CHECK(one = 1),
  data_version INTEGER NOT NULL,                  -- of the rows it was made of
  format       INTEGER NOT NULL,                  -- of the chunks
  program      TEXT    NOT NULL,                  -- that made it
  chunks       INTEGER NOT NULL,
  episodes     INTEGER NOT NULL,
  services     INTEGER NOT NULL,
  prices       INTEGER NOT NULL,
  bytes        INTEGER NOT NULL) STRICT;          -- of all chunks

CREATE TABLE col_chunk(
  chunk INTEGER PRIMARY KEY,                      -- 0, 1, 2 ...
  kind  INTEGER NOT NULL,                         -- 1 episodes, 2 prices
  rows  INTEGER NOT NULL,
  lines INTEGER NOT NULL,                         -- service lines of the episodes
  crc   INTEGER NOT NULL,                         -- CRC-32C of all of the above and data
  data  BLOB    NOT NULL) STRICT;

CREATE TRIGGER moved_hospital_insert AFTER INSERT ON hospital BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_hospital_update AFTER UPDATE ON hospital BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_hospital_delete AFTER DELETE ON hospital BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_episode_insert AFTER INSERT ON episode BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_episode_update AFTER UPDATE ON episode BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_episode_delete AFTER DELETE ON episode BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_service_insert AFTER INSERT ON service BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_service_update AFTER UPDATE ON service BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_service_delete AFTER DELETE ON service BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_visit_insert AFTER INSERT ON visit BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_visit_update AFTER UPDATE ON visit BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_visit_delete AFTER DELETE ON visit BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_price_insert AFTER INSERT ON price BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_price_update AFTER UPDATE ON price BEGIN UPDATE data_version SET version = version + 1; END;
CREATE TRIGGER moved_price_delete AFTER DELETE ON price BEGIN UPDATE data_version SET version = version + 1; END;
