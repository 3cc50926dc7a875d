package ingest

import (
	"bundlelab/data/ingest/bpcia"
	"bundlelab/data/ingest/team"
	"bundlelab/data/ingest/workbook"
	"bundlelab/data/store"
)

// ShippedProfile is the text of the mapping profile that ships for a format,
// for a person to copy and edit. The error is an *UnknownFormatError for a
// format that is read without one.
func ShippedProfile(format string) ([]byte, error) {
	switch store.Format(format) {
	case store.BPCIA:
		return bpcia.Shipped(), nil
	case store.TEAM:
		return team.Shipped(), nil
	case workbook.Format:
		return workbook.Shipped(), nil
	default:
		return nil, &UnknownFormatError{store.Format(format)}
	}
}
