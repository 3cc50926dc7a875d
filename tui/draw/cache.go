package draw

// Cache keeps what was drawn last, the lines of a pane for one, until its key
// changes. A key must name everything that what is drawn depends on; a test
// compares cached with fresh frames byte for byte.
type Cache[K comparable, V any] struct {
	key   K
	value V
	valid bool
}

// Of gives what belongs to a key, building it only when the key is new.
func (c *Cache[K, V]) Of(k K, build func() V) V {
	if !c.valid || c.key != k {
		c.key, c.value, c.valid = k, build(), true
	}
	return c.value
}

// Forget drops what is kept.
func (c *Cache[K, V]) Forget() { *c = Cache[K, V]{} }

// Each keeps the lines of a list one by one: a key moves a lever, and most
// lines stay as they are.
type Each[K comparable, V any] []Cache[K, V]

// At is the place of the i-th.
func (e *Each[K, V]) At(i int) *Cache[K, V] {
	for len(*e) <= i {
		*e = append(*e, Cache[K, V]{})
	}
	return &(*e)[i]
}
