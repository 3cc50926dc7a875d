package panel_test

import (
	"fmt"
	"testing"

	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/panel"
)

// Rows give back what they were made of, whether episodes share a pool of
// services, have one of their own or none, and are equal to nothing shorter or
// longer.
func TestRowsGiveBackTheirEpisodes(t *testing.T) {
	b := episode.NewBuilder(4) // 70,000 stand in it
	for i := range 70_000 {
		b.Add(&episode.Service{Setting: episode.SNF, From: int32(i % 90), To: int32(i%90 + 3), Amount: 100})
	}
	var made []panel.Episode
	for i, s := range []episode.Lines{{}, {}, b.Pool().Lines(0, 1), b.Pool().Lines(1, 69_998), b.Pool().Lines(69_999, 1), episode.Pack(episode.Service{Amount: 3_000_000_000}), {}, {}} {
		made = append(made, panel.Episode{
			Key: fmt.Sprintf("key%d", i*i*i), Trigger: fmt.Sprint(470 + i%2), Cell: "470", Surgeon: "", Services: s,
			Category: episode.LEJR, Inpatient: i%2 == 0, NotStd: i == 3, ObsGuess: i == 4, Risk: int64(i), Start: 5, End: 9, ObsDays: 40, EligOff: 3, DeathOff: panel.NoEnd,
		})
	}
	var rows panel.Rows
	for i := range made {
		rows.Add(&made[i])
	}
	for i := range made {
		got := rows.Episode(i)
		if rows.Key(i) != made[i].Key || !got.Services.Equal(made[i].Services) {
			t.Errorf("episode %d is %s with %d services", i, rows.Key(i), got.Services.Len())
		}
		if got.Services = made[i].Services; got != made[i] {
			t.Errorf("episode %d is %+v, want %+v", i, got, made[i])
		}
	}
	var less panel.Rows
	for i := range made[1:] {
		less.Add(&made[i])
	}
	if !rows.Equal(rows) || rows.Equal(less) || less.Equal(rows) {
		t.Error("rows of other lengths are equal")
	}
}

// The first of all days is a day on which an anchor may end, as are days that
// share their last bits with another.
func TestEveryDayIsNoted(t *testing.T) {
	var made []panel.Episode
	days := []calendar.Day{0, 1, 4097, 1}
	for _, d := range days {
		made = append(made, panel.Episode{End: d})
	}
	p, err := panel.New("test", []panel.Hospital{{CCN: "1"}}, made, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range days {
		if got, ok := p.FirstEnd(d, d); !ok || got != d {
			t.Errorf("no anchor ends on day %d", d)
		}
	}
}
