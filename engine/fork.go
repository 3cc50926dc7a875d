package engine

// Fork is a model of the same data with a memory of its own, so that a sweep
// over many lengths does not push out what the screen in front needs.
func (m *Model) Fork() *Model {
	return fresh(m.panel, m.book, m.designs)
}
