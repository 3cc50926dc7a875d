package draw

// Cache keeps the lines of one pane until its key changes. A key must name
// everything the lines depend on; a test compares cached with fresh frames
// byte for byte.
type Cache[K comparable] struct {
	key   K
	lines []string
	valid bool
}

// Lines gives the lines of a key, building them only when it is new.
func (c *Cache[K]) Lines(k K, build func() []string) []string {
	if !c.valid || c.key != k {
		c.key, c.lines, c.valid = k, build(), true
	}
	return c.lines
}

// Forget drops the lines.
func (c *Cache[K]) Forget() { *c = Cache[K]{} }
