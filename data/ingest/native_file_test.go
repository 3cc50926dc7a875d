package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"bundlelab/data/ingest"
	"bundlelab/data/store"
)

func TestNativeRefusals(t *testing.T) {
	plain := map[string]string{"episodes.csv": episodeHead + oneEpisode, "services.csv": serviceHead + oneService}
	var cut bytes.Buffer
	z := gzip.NewWriter(&cut)
	if _, err := z.Write([]byte(plain["services.csv"])); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(plain["services.csv"]))
	tests := []struct {
		name, code, file string
		files            map[string]string
	}{
		{"missing columns", "F001", "episodes.csv", map[string]string{"episodes.csv": "episode_key,ccn\nE1,010001\n"}},
		{"missing file", "F001", "services.csv", map[string]string{"services.csv": ""}},
		{"empty file", "F002", "episodes.csv", map[string]string{"episodes.csv": "\n\n"}},
		{"NUL byte", "F002", "services.csv", map[string]string{"services.csv": serviceHead + "E1,1,snf\x00,2025-03-03,2025-03-22,1.00\n"}},
		{"not UTF-8", "F002", "services.csv", map[string]string{"services.csv": serviceHead + "E1,\xe9,snf,2025-03-03,2025-03-22,1.00\n"}},
		{"open quote", "F002", "services.csv", map[string]string{"services.csv": serviceHead + "E1,\"1,snf,2025-03-03,2025-03-22,1.00\n"}},
		{"quote inside", "F002", "services.csv", map[string]string{"services.csv": serviceHead + "E1,a\"b,snf,2025-03-03,2025-03-22,1.00\n"}},
		{"long line", "F002", "services.csv", map[string]string{"services.csv": serviceHead + "E1," + strings.Repeat("x", 65<<10) + "\n"}},
		{"gzip cut short", "F002", "services.csv.gz", map[string]string{"services.csv": "", "services.csv.gz": cut.String()[:cut.Len()-12]}},
		{"header twice the same", "F002", "episodes.csv", map[string]string{"episodes.csv": "ccn," + episodeHead + "," + oneEpisode}},
		{"threshold of rows", "D001", "episodes.csv", map[string]string{"episodes.csv": episodeHead + oneEpisode + "E2,B2,010001,LEJR,IP,470,soon,2025-03-03,0.01\n"}},
		{"manifest of another file", "F004", "services.csv", map[string]string{"manifest.csv": "file,sha256,rows,sum_std_allowed\nservices.csv," + strings.Repeat("0", 64) + ",,\n"}},
		{"manifest of another count", "F004", "services.csv", map[string]string{"manifest.csv": "file,sha256,rows,sum_std_allowed\nservices.csv,,2,\n"}},
		{"manifest of another sum", "F004", "episodes.csv", map[string]string{"manifest.csv": "file,sha256,rows,sum_std_allowed\nepisodes.csv,,1,15000.01\n"}},
		{"manifest of an absent file", "F004", "manifest.csv", map[string]string{"manifest.csv": "file,sha256,rows,sum_std_allowed\nprices.csv,,2,\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"manifest.csv": "file,sha256,rows,sum_std_allowed\nservices.csv," + hex.EncodeToString(sum[:]) + ",1,9000.00\n"}
			if _, ok := tt.files["services.csv"]; ok {
				delete(files, "manifest.csv")
			}
			for _, set := range []map[string]string{plain, tt.files} {
				for name, text := range set {
					files[name] = text
					if text == "" {
						delete(files, name)
					}
				}
			}
			_, _, err := load(t, store.Native, write(t, files))
			var refused *ingest.RefusedError
			if !errors.As(err, &refused) {
				t.Fatalf("not refused: %v", err)
			}
			if refused.Code != tt.code || refused.File != tt.file {
				t.Errorf("refused with %s in %s: %v", refused.Code, refused.File, err)
			}
		})
	}
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func TestNativeAccepts(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write([]byte(serviceHead + oneService)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, code string
		files      map[string]string
	}{
		{"CRLF", "", map[string]string{"episodes.csv": strings.ReplaceAll(episodeHead+oneEpisode, "\n", "\r\n"), "services.csv": strings.ReplaceAll(serviceHead+oneService, "\n", "\r\n")}},
		{"byte order mark", "F002", map[string]string{"episodes.csv": "\ufeff" + episodeHead + oneEpisode, "services.csv": serviceHead + oneService}},
		{"gzip", "", map[string]string{"episodes.csv": episodeHead + oneEpisode, "services.csv.gz": zipped.String()}},
		{"upper-case header", "", map[string]string{"episodes.csv": strings.ToUpper(episodeHead) + oneEpisode, "services.csv": serviceHead + oneService}},
		{"extra column", "F005", map[string]string{"episodes.csv": "mood," + episodeHead + "good," + oneEpisode, "services.csv": serviceHead + oneService}},
		{"no end of line", "", map[string]string{"episodes.csv": episodeHead + strings.TrimSpace(oneEpisode), "services.csv": serviceHead + strings.TrimSpace(oneService)}},
		{"manifest of the packed file", "", map[string]string{
			"episodes.csv": episodeHead + oneEpisode, "services.csv.gz": zipped.String(), "manifest.csv": "file,sha256,rows,sum_std_allowed\nservices.csv.gz," + hexSum(zipped.Bytes()) + ",1,\n",
		}},
		{"manifest of the plain file", "", map[string]string{
			"episodes.csv": episodeHead + oneEpisode, "services.csv.gz": zipped.String(), "manifest.csv": "file,sha256,rows,sum_std_allowed\nservices.csv.gz," + hexSum([]byte(serviceHead+oneService)) + ",1,\n",
		}},
		{"quoted", "", map[string]string{"episodes.csv": episodeHead + strings.Replace(oneEpisode, "LEJR", `"LEJR"`, 1), "services.csv": serviceHead + oneService}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, report, err := load(t, store.Native, write(t, tt.files))
			if err != nil {
				t.Fatal(err)
			}
			if len(m.episodes) != 1 || len(m.episodes[0].Services) != 1 || m.episodes[0].StdAnchor != 15000_00 {
				t.Errorf("%+v", m.episodes)
			}
			if tt.code != "" && count(report, tt.code) != 1 {
				t.Errorf("no %s", tt.code)
			}
			if len(m.hospitals) != 1 || m.hospitals[0].CCN != "010001" || report.BareHospitals != 1 {
				t.Errorf("hospitals %+v", m.hospitals)
			}
		})
	}
}

// oddPeriod is an error of the caller's own.
type oddPeriod struct{ period string }

func (e oddPeriod) Error() string { return "no period " + e.period }

func TestPricesAreJudgedFirst(t *testing.T) {
	dir := write(t, map[string]string{
		"episodes.csv": episodeHead + oneEpisode, "services.csv": serviceHead + oneService,
		"prices.csv": "cell,division,days,price,period\n470,6,30,24000.00,\n470,6,30,24000.00,PY9\n",
	})
	judge := func(rows []store.PriceRow) error {
		for _, r := range rows {
			if r.Period != "" {
				return oddPeriod{r.Period}
			}
		}
		return nil
	}
	for _, dry := range []bool{false, true} {
		o := ingest.Options{Format: store.Native, Dir: dir, DryRun: dry, Key: key(t), Today: today(), Prices: judge}
		m := &memory{}
		_, err := ingest.Import(context.Background(), o, m)
		var odd oddPeriod
		if !errors.As(err, &odd) || odd.period != "PY9" || len(m.prices) != 0 {
			t.Errorf("dry %v: got %v, %d prices in the sink", dry, err, len(m.prices))
		}
		o.Dir = filepath.Join(dir, "prices.csv")
		if _, err := ingest.ImportPrices(context.Background(), o, m); !errors.As(err, &odd) || len(m.prices) != 0 {
			t.Errorf("prices alone, dry %v: got %v", dry, err)
		}
	}
}
