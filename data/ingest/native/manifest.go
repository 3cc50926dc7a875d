package native

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"bundlelab/data/ingest/field"
	"bundlelab/data/store"
	"bundlelab/engine/money"
)

// manifest compares manifest.csv with what was read: the file's sha256, plain
// or as it lies on the disk, its rows and its dollars. A difference refuses the
// file it is about (F004). A blank cell asks for no comparison.
func (im *importer) manifest(ctx context.Context) error {
	rows, err := im.open("manifest", manifestColumns())
	if rows == nil || err != nil {
		return err
	}
	return each(ctx, rows, func() error {
		rows.Books.Saw(1, 0)
		name := rows.Required("file")
		role, ok := roleOf(name)
		books := im.books[role]
		if !rows.Bad() && (!ok || books == nil && im.sources[role].Name == "") {
			rows.Books.Find(store.Refuse, "F004", rows.Line(), "file", "", "the manifest names a file that is not in the folder")
			return nil
		}
		if rows.Bad() {
			rows.Books.Rejects(1, 0)
			return nil
		}
		rows.Books.Loads(1, 0)
		if books == nil || books.Refused() != nil {
			return nil
		}
		differ := func(what, want, got string) {
			books.Find(store.Refuse, "F004", 0, "", "", fmt.Sprintf("%s differs from the manifest: expected %s, found %s; fetch the file again", what, want, got))
		}
		want := strings.ToLower(rows.Text("sha256"))
		if packed := im.sources[role].Packed; want != "" && want != hex.EncodeToString(books.SHA256) && (packed == nil || want != hex.EncodeToString(packed)) {
			differ("the sha256 of the file", shortSum(want), shortSum(hex.EncodeToString(books.SHA256)))
		}
		if n := rows.Int("rows", 0, 1<<40); n != nil && *n != books.Read {
			differ("the number of rows", fmt.Sprint(*n), fmt.Sprint(books.Read))
		}
		if want, ok := sum(rows.Text("sum_std_allowed")); ok && want != books.AmountRead && (role == "episodes" || role == "services") {
			differ("the sum of dollars", want.String(), books.AmountRead.String())
		} else if !ok && rows.Text("sum_std_allowed") != "" {
			rows.Books.Find(store.Refuse, "F004", rows.Line(), "sum_std_allowed", "", field.ErrAmount.Error())
		}
		return nil
	})
}

// sum reads a total, which may exceed what one line may hold.
func sum(s string) (money.Cents, bool) {
	c, err := money.ParseCents(s)
	return c, err == nil
}

func shortSum(sum string) string {
	if len(sum) > 12 {
		return sum[:12] + "..."
	}
	return sum
}
