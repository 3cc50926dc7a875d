// Package store is the local SQLite database: its schema and migrations,
// imports in one transaction each, and loading everything into the engine's
// panel and price book, from the rows or from a packed copy of them, the
// snapshot. People may open the same file with sqlite3.
package store
