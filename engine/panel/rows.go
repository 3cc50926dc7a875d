package panel

import (
	"bundlelab/engine/calendar"
	"bundlelab/engine/episode"
	"bundlelab/engine/money"
)

// Rows are episodes as a panel keeps them: hundreds of thousands, with what is
// text or long elsewhere, so that the garbage collector, which follows every
// pointer, finds none among them.
type Rows struct {
	Episodes []Row
	Blocks   []Block
	Texts    []string // distinct triggers, cells and surgeons
	numbers  map[string]Text
}

// Row is one episode. Its length is not stored: it is chosen later.
type Row struct {
	Anchor    money.Cents  // standardized facility and professional amount of the anchor
	Risk      int64        // risk multiplier in millionths; 0 unknown
	Hospital  int          // index into Panel.Hospitals
	Start     calendar.Day // of the anchor stay or procedure
	End       calendar.Day // discharge or procedure day: offset 0
	ObsDays   int32        // days from End that the data cover; a length up to this is exact
	EligOff   int32        // last eligible day as an offset; NoEnd when never lost
	DeathOff  int32        // day of death as an offset; NoEnd when alive
	Trigger   Text         // MS-DRG or HCPCS as billed
	Cell      Text         // pooled MS-DRG that sets the price
	Surgeon   Text         // operating NPI, of "" unknown
	Block     uint32       // index into Rows.Blocks, rising by one at most from row to row
	Key       uint32       // where the key begins in the block's keys; it ends where the next begins
	First     uint32       // first service in the block's pool
	Services  uint32       // how many
	Category  episode.Category
	Inpatient bool
	NotStd    bool // amounts are raw, not standardized
	ObsGuess  bool // ObsDays comes from the latest service seen, not from the file
}

// Text is the number of a text of the rows. Equal texts have one number.
type Text uint32

// Block is what a run of episodes shares.
type Block struct {
	Keys  []byte // one after the other
	Lines *episode.Pool
}

// Number gives the number of a text, new or not.
func (r *Rows) Number(s string) Text {
	n, ok := r.numbers[s]
	if !ok {
		if r.numbers == nil {
			r.numbers = map[string]Text{}
		}
		n = Text(len(r.Texts))
		r.numbers[s], r.Texts = n, append(r.Texts, s)
	}
	return n
}

// Add appends an episode. Those whose services stand in one pool share a block
// when they come one after the other.
func (r *Rows) Add(e *Episode) {
	pool, first := e.Services.Place()
	if n := len(r.Blocks); n == 0 || r.Blocks[n-1].Lines != pool {
		r.Blocks = append(r.Blocks, Block{Lines: pool})
	}
	b := &r.Blocks[len(r.Blocks)-1]
	r.Episodes = append(r.Episodes, Row{
		Anchor: e.Anchor, Risk: e.Risk, Hospital: e.Hospital, Start: e.Start, End: e.End, ObsDays: e.ObsDays, EligOff: e.EligOff, DeathOff: e.DeathOff,
		Trigger: r.Number(e.Trigger), Cell: r.Number(e.Cell), Surgeon: r.Number(e.Surgeon),
		Block: uint32(len(r.Blocks) - 1), Key: uint32(len(b.Keys)), First: uint32(first), Services: uint32(e.Services.Len()),
		Category: e.Category, Inpatient: e.Inpatient, NotStd: e.NotStd, ObsGuess: e.ObsGuess,
	})
	b.Keys = append(b.Keys, e.Key...)
}

// Text gives the words of a number.
func (r *Rows) Text(n Text) string { return r.Texts[n] }

// Key is the pseudonymous key of episode i, unique.
func (r *Rows) Key(i int) string {
	e := &r.Episodes[i]
	keys := r.Blocks[e.Block].Keys
	if i+1 < len(r.Episodes) && r.Episodes[i+1].Block == e.Block {
		keys = keys[:r.Episodes[i+1].Key]
	}
	return string(keys[e.Key:])
}

// Services are those of episode i.
func (r *Rows) Services(i int) episode.Lines {
	e := &r.Episodes[i]
	return r.Blocks[e.Block].Lines.Lines(int(e.First), int(e.Services))
}

// Size is the sum of what the services of all episodes cost, whatever their
// sign.
func (r *Rows) Size() (all money.Cents) {
	for i := range r.Blocks {
		if p := r.Blocks[i].Lines; p != nil {
			all += p.Size()
		}
	}
	return all
}

// Episode is episode i in full.
func (r *Rows) Episode(i int) Episode {
	e := &r.Episodes[i]
	return Episode{
		Key: r.Key(i), Trigger: r.Text(e.Trigger), Cell: r.Text(e.Cell), Surgeon: r.Text(e.Surgeon), Services: r.Services(i), Hospital: e.Hospital,
		Anchor: e.Anchor, Risk: e.Risk, Start: e.Start, End: e.End, ObsDays: e.ObsDays, EligOff: e.EligOff, DeathOff: e.DeathOff,
		Category: e.Category, Inpatient: e.Inpatient, NotStd: e.NotStd, ObsGuess: e.ObsGuess,
	}
}

// Equal says whether two hold the same episodes in the same order, however they
// are packed.
func (r Rows) Equal(o Rows) bool {
	if len(r.Episodes) != len(o.Episodes) {
		return false
	}
	for i := range r.Episodes {
		a, b := r.Episode(i), o.Episode(i)
		if !a.Services.Equal(b.Services) {
			return false
		}
		if a.Services, b.Services = (episode.Lines{}), (episode.Lines{}); a != b {
			return false
		}
	}
	return true
}
