package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

const putMeta = "INSERT INTO meta(k, v) VALUES(?,?) ON CONFLICT DO UPDATE SET v = excluded.v"

// Meta reads a value about the database as a whole, such as "name", or
// "key_id", which tells whether the identifier key in use is the one its
// hashes were made with. The second result is false when it was never set.
func (s *Store) Meta(ctx context.Context, key string) (string, bool, error) {
	var v string
	err := s.db.QueryRowContext(ctx, "SELECT v FROM meta WHERE k = ?", key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return v, err == nil, s.explain("reading meta", err)
}

// SetMeta writes such a value.
func (s *Store) SetMeta(ctx context.Context, key, value string) error {
	if s.readonly {
		return fmt.Errorf("writing meta %s in %s: %w", key, s.path, errReadOnly)
	}
	_, err := s.db.ExecContext(ctx, putMeta, key, value)
	return s.explain("writing meta", err)
}

// SeenIn lists the imports that stand and brought a file of this SHA-256 (data.md
// 6.3, F003), oldest first; none when it is new.
func (s *Store) SeenIn(ctx context.Context, sha256 []byte) (batches []int64, err error) {
	const doing = "looking for an earlier import"
	rows, err := s.db.QueryContext(ctx, `SELECT DISTINCT batch_id FROM import_file JOIN import_batch USING(batch_id)
		WHERE sha256 = ? AND undone_at IS NULL ORDER BY batch_id`, sha256)
	if err != nil {
		return nil, s.explain(doing, err)
	}
	for err == nil && rows.Next() {
		var id int64
		err = rows.Scan(&id)
		batches = append(batches, id)
	}
	return batches, s.explain(doing, errors.Join(err, rows.Err(), rows.Close()))
}

// BatchRecord is a batch that was imported.
type BatchRecord struct {
	ID int64
	BatchInfo
	Counts
	DataThrough *calendar.Day // latest service day; nil without services
	Undone      time.Time     // taken back; zero when it stands
	CanUndo     bool          // its journal is there
	Files       []File
}

// ListBatches lists the imports, oldest first, with their files and findings.
func (s *Store) ListBatches(ctx context.Context) (list []BatchRecord, err error) {
	c, err := s.dial()
	if err != nil {
		return nil, s.explain("listing imports", err)
	}
	defer func() { err = errors.Join(s.explain("listing imports", err), c.Close()) }()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	const batches = `SELECT batch_id, imported_at, app_version, format, is_synthetic, note, data_through, hospitals,
		episodes_new, episodes_replaced, episodes_same, services, price_rows, undone_at, journal FROM import_batch ORDER BY batch_id`
	err = c.query(batches, func(r []driver.Value) error {
		at, err := asTime(r[1])
		list = append(list, BatchRecord{
			ID:        asInt(r[0]),
			BatchInfo: BatchInfo{Format: Format(asText(r[3])), App: asText(r[2]), Synthetic: asInt(r[4]) == 1, Note: asText(r[5]), At: at},
			Counts: Counts{
				Hospitals: int(asInt(r[7])), New: int(asInt(r[8])), Replaced: int(asInt(r[9])), Same: int(asInt(r[10])),
				Services: int(asInt(r[11])), Prices: int(asInt(r[12])),
			},
			DataThrough: asDay(r[6], 0), CanUndo: asInt(r[14]) == 1,
		})
		if err == nil {
			list[len(list)-1].Undone, err = asTime(r[13])
		}
		return err
	})
	for i := range list {
		if err == nil {
			list[i].Files, err = c.files(list[i].ID)
		}
	}
	return list, err
}

func (c *conn) files(batch int64) ([]File, error) {
	var files []File
	var ids []int64
	const query = `SELECT file_id, role, name, sha256, bytes, rows_read, rows_loaded, rows_skipped, rows_warned, rows_rejected,
		amount_read, amount_loaded, amount_skipped, amount_rejected FROM import_file WHERE batch_id = ? ORDER BY file_id`
	err := c.query(query, func(r []driver.Value) error {
		ids = append(ids, asInt(r[0]))
		files = append(files, File{
			Role: asText(r[1]), Name: asText(r[2]), SHA256: asBytes(r[3]), Bytes: asInt(r[4]),
			Read: int(asInt(r[5])), Loaded: int(asInt(r[6])), Skipped: int(asInt(r[7])), Warned: int(asInt(r[8])), Rejected: int(asInt(r[9])),
			AmountRead: money.Cents(asInt(r[10])), AmountLoaded: money.Cents(asInt(r[11])),
			AmountSkipped: money.Cents(asInt(r[12])), AmountRejected: money.Cents(asInt(r[13])),
		})
		return nil
	}, batch)
	for i, id := range ids {
		if err != nil {
			break
		}
		err = c.query("SELECT code, severity, line, col, value_hint, message, n FROM import_error WHERE file_id = ? ORDER BY rowid",
			func(r []driver.Value) error {
				files[i].Problems = append(files[i].Problems, Problem{
					Code: asText(r[0]), Severity: Severity(asInt(r[1])), Line: int(asInt(r[2])), Column: asText(r[3]),
					Hint: asText(r[4]), Message: asText(r[5]), Count: int(asInt(r[6])),
				})
				return nil
			}, id)
	}
	return files, err
}

// File records an input file of the batch with its control totals and
// findings.
func (b *Batch) File(f File) error {
	if err := b.usable(); err != nil {
		return err
	}
	var id int64
	const file = `INSERT INTO import_file(batch_id, role, name, sha256, bytes, rows_read, rows_loaded, rows_skipped, rows_warned,
		rows_rejected, amount_read, amount_loaded, amount_skipped, amount_rejected) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING file_id`
	err := b.conn.query(file, func(r []driver.Value) error { id = asInt(r[0]); return nil },
		b.id, f.Role, f.Name, f.SHA256, f.Bytes, int64(f.Read), int64(f.Loaded), int64(f.Skipped), int64(f.Warned), int64(f.Rejected),
		int64(f.AmountRead), int64(f.AmountLoaded), int64(f.AmountSkipped), int64(f.AmountRejected))
	const problem = "INSERT INTO import_error(file_id, code, severity, line, col, value_hint, message, n) VALUES(?,?,?,?,?,?,?,?)"
	for i := range f.Problems {
		p := &f.Problems[i]
		if err == nil {
			err = b.conn.run(problem, id, p.Code, int64(p.Severity), int64(p.Line), p.Column, p.Hint, p.Message, int64(p.Count))
		}
	}
	return b.fail("recording a file", err)
}

// ListHospitals lists the hospitals by CCN.
func (s *Store) ListHospitals(ctx context.Context) (all []Hospital, err error) {
	c, err := s.dial()
	if err != nil {
		return nil, s.explain("listing hospitals", err)
	}
	defer func() { err = errors.Join(s.explain("listing hospitals", err), c.Close()) }()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = c.query(selectHospitals, func(r []driver.Value) error {
		all = append(all, scanHospital(r).row)
		return nil
	})
	return all, err
}

// Episode reads one episode as it was imported, for a person to look at. An
// assumed cover reads as nil. The second result is false when there is no such
// key.
func (s *Store) Episode(ctx context.Context, key string) (e *Episode, found bool, err error) {
	c, err := s.dial()
	if err != nil {
		return nil, false, s.explain("reading an episode", err)
	}
	defer func() { err = errors.Join(s.explain("reading an episode", err), c.Close()) }()
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	// One transaction, or an import that ends in between would mix two states.
	if err := c.run("BEGIN"); err != nil {
		return nil, false, err
	}
	var id int64
	err = c.query(selectEpisodes+" WHERE e.src_key = ?", func(r []driver.Value) error {
		id, e = asInt(r[0]), scanEpisode(r)
		return nil
	}, key)
	if err != nil || e == nil {
		return nil, false, err
	}
	if err := c.services(id, e); err != nil {
		return nil, false, err
	}
	return e, true, c.run("COMMIT")
}

const selectEpisodes = `SELECT e.ep_id, e.src_key, p.bene_hash, h.ccn, e.category, e.anchor_type, e.trigger_code, e.price_code,
	e.anchor_start, e.anchor_end, e.std_anchor, e.raw_anchor, e.obs_days, e.obs_guess, e.elig_off, e.died_off, e.risk_e6,
	e.disch_status, e.age, e.sex, e.hcc_count, e.dual, e.lis, e.cdi, e.prior_pac, e.fracture, e.attending_npi, e.operating_npi,
	e.target_price, e.src_total, e.src_days, e.drop_flags, e.not_std, e.risk_facts
	FROM episode e JOIN hospital h USING(hosp_id) LEFT JOIN person p USING(person_id)`

func scanEpisode(r []driver.Value) *Episode {
	end := calendar.Day(asInt(r[9]))
	e := &Episode{
		Key: asText(r[1]), BeneHash: asBytes(r[2]), CCN: asText(r[3]), Category: episode.Category(asInt(r[4])),
		Inpatient: asInt(r[5]) == 1, Trigger: asText(r[6]), Cell: asText(r[7]), Start: calendar.Day(asInt(r[8])), End: end,
		StdAnchor: money.Cents(asInt(r[10])), RawAnchor: asCents(r[11]),
		EligEnd: asDay(r[14], end), Death: asDay(r[15], end), Risk: asInt(r[16]), Discharge: asText(r[17]),
		Age: asNumber(r[18]), Sex: asText(r[19]), HCC: asNumber(r[20]),
		Dual: asKnown(r[21]), LIS: asKnown(r[22]), CDI: asKnown(r[23]), PriorPAC: asKnown(r[24]), Fracture: asKnown(r[25]),
		Attending: asText(r[26]), Operating: asText(r[27]), Target: asCents(r[28]), CMSTotal: asCents(r[29]),
		CMSDays: int(asInt(r[30])), DropFlags: uint32(asInt(r[31])), NotStd: asInt(r[32]) == 1,
		RiskFacts: asWords(r[33]),
	}
	if asInt(r[13]) == 0 {
		through := end + calendar.Day(asInt(r[12])) - 1 // ruling 13
		e.DataThrough = &through
	}
	return e
}

func (c *conn) services(id int64, e *Episode) error {
	at := map[int64]int{}
	kinds := codeKinds()
	const lines = `SELECT s.seq, s.setting, s.rule, s.excl, s.off_from, s.off_to, s.gmlos_x100, s.std_cents, s.outlier_cents, s.raw_cents,
		s.payer_cents, s.units, p.kind, p.code, s.code_kind, s.code, s.line_key, s.stay_key, s.exclusion
		FROM service s LEFT JOIN provider p USING(prov_id) WHERE s.ep_id = ? AND s.setting > 0 ORDER BY s.seq`
	err := c.query(lines, func(r []driver.Value) error {
		at[asInt(r[0])] = len(e.Services)
		e.Services = append(e.Services, Service{
			Service: episode.Service{
				Setting: episode.Setting(asInt(r[1]) - 1), Rule: episode.Rule(asInt(r[2])), Excluded: episode.Exclusion(asInt(r[3])),
				From: int32(asInt(r[4])), To: int32(asInt(r[5])), GMLOS: int32(asInt(r[6])),
				Amount: money.Cents(asInt(r[7])), Outlier: money.Cents(asInt(r[8])),
			},
			Raw: asCents(r[9]), PrimaryPayer: money.Cents(asInt(r[10])), Units: int(asInt(r[11])),
			ProviderKind: asText(r[12]), Provider: asText(r[13]), CodeKind: kinds[asInt(r[14])], Code: asText(r[15]),
			LineKey: asText(r[16]), Stay: asText(r[17]), Exclusion: asText(r[18]),
		})
		return nil
	}, id)
	if err != nil {
		return err
	}
	return c.query("SELECT seq, off, n FROM visit WHERE ep_id = ? ORDER BY seq, ord", func(r []driver.Value) error {
		if i, ok := at[asInt(r[0])]; ok {
			s := &e.Services[i]
			s.Visits = append(s.Visits, episode.Visit{Offset: int32(asInt(r[1])), Count: int32(asInt(r[2]))})
		}
		return nil
	}, id)
}
