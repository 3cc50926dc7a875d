// Package early keeps Bubble Tea from asking the terminal for its background
// colour while the program starts, which can hang every command for seconds
// and writes escapes where none belong. It imports only lipgloss and must be
// initialised before bubbletea: its import path sorts first, and the linker
// initialises ready packages in the order of their paths.
package early

import "github.com/charmbracelet/lipgloss"

// The call must run before bubbletea's own init, so it has to be one itself.
func init() { lipgloss.SetHasDarkBackground(true) }
