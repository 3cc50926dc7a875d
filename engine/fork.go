package engine

import "bundlelab/engine/panel"

// Fork is a model of the same data with a memory of its own, so that a sweep
// over many lengths does not push out what the screen in front needs.
func (m *Model) Fork() *Model {
	return &Model{panel: m.panel, book: m.book, designs: m.designs, spending: map[spendKey]*panel.Spending{}, frames: map[frameKey]*frame{}}
}
