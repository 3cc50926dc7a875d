package policy

// file is a design as TOML writes it.
type file struct {
	Schema     string        `toml:"schema"`
	ID         string        `toml:"id"`
	Name       string        `toml:"name"`
	Title      string        `toml:"title"`
	Status     string        `toml:"status"`
	Formula    string        `toml:"formula"`
	Family     string        `toml:"family"`
	Payer      string        `toml:"payer"`
	Note       string        `toml:"note"`
	Order      int           `toml:"order"`
	Categories []string      `toml:"categories"`
	Open       bool          `toml:"open_categories"`
	Listed     []fileList    `toml:"category"`
	Measures   []fileMeasure `toml:"measure"`
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

type fileList struct {
	ID       string   `toml:"id"`
	Title    string   `toml:"title"`
	Kind     string   `toml:"kind"`
	Group    string   `toml:"group"`
	Triggers []string `toml:"triggers"`
	fileSource
}

type fileMeasure struct {
	ID            string   `toml:"id"`
	Title         string   `toml:"title"`
	Weight        string   `toml:"weight"`
	MaxPoints     string   `toml:"max_points"`
	Categories    []string `toml:"categories"`
	InpatientOnly bool     `toml:"inpatient_only"`
	Since         string   `toml:"since"`
	Through       string   `toml:"through"`
	fileSource
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
	ID    string `toml:"id"`
	Label string `toml:"label"`
	fileSource
}

type fileParam struct {
	Key        string      `toml:"key"`
	Categories []string    `toml:"categories"`
	Kinds      []string    `toml:"kinds"`
	Classes    []string    `toml:"classes"`
	Tracks     []string    `toml:"tracks"`
	Days       string      `toml:"days"`
	Values     []fileValue `toml:"values"`
}

type fileValue struct {
	Since   string `toml:"since"`
	Through string `toml:"through"`
	Value   string `toml:"value"`
	fileSource
}
