package bpcia

import "testing"

func TestDelivery(t *testing.T) {
	for _, tt := range []struct {
		stem, part, set string
		stamp           int
	}{
		{"epi_202004.csv", "epi_", "202004", 20200401},
		{"perf_epi_202004.csv", "epi_", "perf_202004", 20200401},
		{"perf_ip_202004.csv", "ip_", "perf_202004", 20200401},
		{"7777-0001_ip_20200415.csv", "ip_", "7777-0001_20200415", 20200415},
		{"ip_baseline.csv", "ip_", "baseline", 0},
		{"ip_.csv", "ip_", "", 0},
		{"ip_209913.csv", "ip_", "209913", 0},     // no month 13
		{"ip_123456.csv", "ip_", "123456", 0},     // no year 1234
		{"ip_2020_04.csv", "ip_", "2020_04", 0},   // no one number
		{"ip_20200230.csv", "ip_", "20200230", 0}, // no such day
	} {
		set := delivery(tt.stem, []string{tt.part})
		if set != tt.set || stamp(set) != tt.stamp {
			t.Errorf("%s: delivery %q of %d", tt.stem, set, stamp(set))
		}
	}
}
