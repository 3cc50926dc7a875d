package native

import (
	"bytes"
	"context"
	"hash/maphash"

	"bundlelab/data/ingest/table"
)

// keys numbers the episode keys of episodes.csv by their first row. It holds
// the keys side by side in one piece of memory: a nation has a million.
type keys struct {
	seed  maphash.Seed
	text  []byte
	ends  []uint64 // of each key in text
	slots []uint32 // place + 1 of a key, by hash; 0 is free
}

func newKeys() *keys {
	return &keys{seed: maphash.MakeSeed(), slots: make([]uint32, 1<<10)}
}

func (k *keys) at(place int) []byte {
	from := uint64(0)
	if place > 0 {
		from = k.ends[place-1]
	}
	return k.text[from:k.ends[place]]
}

func (k *keys) hash(key []byte) uint64 { return maphash.Bytes(k.seed, key) }

// some is a sieve for the keys from one place to another: it may let others
// through, but it is small enough to stay close to the processor, which the
// keys of a nation are not.
func (k *keys) some(from, to int) sieve {
	s := make(sieve, sieveWords)
	for place := from; place < to; place++ {
		h := k.hash(k.at(place))
		s[h>>6%sieveWords] |= 1 << (h & 63)
	}
	return s
}

// sieveWords makes a sieve of a million bits.
const sieveWords = 1 << 14

type sieve []uint64

func (s sieve) holds(hash uint64) bool { return s[hash>>6%sieveWords]&(1<<(hash&63)) != 0 }

// slot is where a key is, or where it belongs.
func (k *keys) slot(key []byte) int {
	mask := len(k.slots) - 1
	i := int(k.hash(key)) & mask
	for k.slots[i] != 0 && !bytes.Equal(k.at(int(k.slots[i])-1), key) {
		i = (i + 1) & mask
	}
	return i
}

// find is the place of a key; -1 when there is none.
func (k *keys) find(key []byte) int { return int(k.slots[k.slot(key)]) - 1 }

// add numbers a key that is new.
func (k *keys) add(key []byte) {
	i := k.slot(key)
	if k.slots[i] != 0 {
		return
	}
	k.text = append(k.text, key...)
	k.ends = append(k.ends, uint64(len(k.text)))
	k.slots[i] = uint32(len(k.ends))
	if 4*len(k.ends) < 3*len(k.slots) {
		return
	}
	k.slots = make([]uint32, 2*len(k.slots))
	for place := range k.ends {
		k.slots[k.slot(k.at(place))] = uint32(place) + 1
	}
}

// survey is what a first look at the keys alone shows: where each episode is,
// how many services it has, and whether the services follow the order of the
// episodes.
type survey struct {
	keys    *keys
	lines   []uint32 // services of each place
	ordered bool
}

// look reads the keys of both files. What is wrong with a file is for its real
// reading to say.
func (im *importer) look(ctx context.Context) (*survey, error) {
	s := &survey{keys: newKeys(), ordered: true}
	im.run.Again(im.sources["episodes"])
	im.run.Again(im.sources["services"])
	err := cells(im.sources["episodes"], func(key []byte) {
		if len(key) > 0 {
			s.keys.add(key)
		}
	})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	s.lines = make([]uint32, len(s.keys.ends))
	last := 0
	err = cells(im.sources["services"], func(key []byte) {
		place := last // most rows are of the episode of the row before
		if place >= len(s.lines) || !bytes.Equal(s.keys.at(place), key) {
			if place = s.keys.find(key); place < 0 {
				return
			}
		}
		s.lines[place]++
		s.ordered = s.ordered && place >= last
		last = place
	})
	return s, err
}

// cells gives every episode key of a file.
func cells(src table.Source, each func(key []byte)) error {
	in, err := table.Open(src)
	if err != nil {
		return ignoreBad(err)
	}
	defer func() { _ = in.Close() }() // read only
	column := in.Column("episode_key")
	if column < 0 {
		return nil
	}
	return in.Cells(column, func(cell []byte) { each(bytes.TrimSpace(cell)) })
}
