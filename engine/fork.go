package engine

// Fork is a model of the same data with a memory of its own, so that a sweep
// over many lengths does not push out what the screen in front needs.
func (m *Model) Fork() *Model {
	f := fresh(m.panel, m.book, m.designs)
	f.groups = m.groups
	return f
}
