package policy

// file is a design as TOML writes it.
type file struct {
	Schema     string        `toml:"schema"`
	ID         string        `toml:"id"`
	Name       string        `toml:"name"`
	Title      string        `toml:"title"`
	Status     string        `toml:"status"`
	Formula    string        `toml:"formula"`
	Note       string        `toml:"note"`
	Order      int           `toml:"order"`
	Categories []string      `toml:"categories"`
	Periods    []filePeriod  `toml:"period"`
	Tracks     []fileTrack   `toml:"track"`
	Default    []fileDefault `toml:"default_track"`
	Steps      []fileStep    `toml:"step"`
	Params     []fileParam   `toml:"parameter"`
}

type fileSource struct {
	Cite     string   `toml:"cite"`
	Evidence Evidence `toml:"evidence"`
	Note     string   `toml:"note"`
}

type filePeriod struct {
	ID       string `toml:"id"`
	Start    string `toml:"start"`
	End      string `toml:"end"`
	Baseline []int  `toml:"baseline"`
	fileSource
}

type fileTrack struct {
	ID    string     `toml:"id"`
	Name  string     `toml:"name"`
	Rules []fileRule `toml:"rule"`
}

type fileRule struct {
	Since   string     `toml:"since"`
	Through string     `toml:"through"`
	Open    bool       `toml:"open"`
	Closed  string     `toml:"closed"`
	AnyOf   []fileFlag `toml:"any_of"`
	fileSource
}

type fileFlag struct {
	Name string `toml:"name"`
	fileSource
}

type fileDefault struct {
	Since      string `toml:"since"`
	Through    string `toml:"through"`
	Track      string `toml:"track"`
	SmallBelow int    `toml:"small_below"`
	SmallTrack string `toml:"small_track"`
	fileSource
}

type fileStep struct {
	ID string `toml:"id"`
	fileSource
}

type fileParam struct {
	Key        string      `toml:"key"`
	Categories []string    `toml:"categories"`
	Tracks     []string    `toml:"tracks"`
	Values     []fileValue `toml:"values"`
}

type fileValue struct {
	Since   string `toml:"since"`
	Through string `toml:"through"`
	Value   string `toml:"value"`
	fileSource
}
