package sample

import "bundlelab/engine/episode"

// destination is where a patient goes on the day of discharge.
type destination int

const (
	toHome destination = iota
	toHHA
	toSNF
	toIRF
	toLTCH
	toHospice
	numDestinations
)

// severity ranks how many chronic conditions a stratum's patients carry.
type severity int

const (
	healthy severity = iota
	average
	sick
	verySick
	numSeverities
)

// stratum is one kind of surgery: an MS-DRG as an inpatient stay, or a HCPCS
// code as an outpatient procedure. Shares sum to one within a category except
// for the codes that came later, which take their share from the others.
type stratum struct {
	code, cell string
	category   episode.Category
	share      float64
	weight     float64 // MS-DRG weight; 0 for an outpatient procedure
	facility   float64 // outpatient facility dollars
	prof       float64 // mean professional dollars at the anchor
	mix        [numDestinations]float64
	r30, r90   float64 // readmission probability by day
	los        float64 // mean days of the anchor stay
	age        float64 // mean
	sick       severity
	death90    float64
}

func (s *stratum) inpatient() bool { return s.weight > 0 }

// fracture strata are emergencies: no outpatient shift, no weekday rule.
func (s *stratum) fracture() bool {
	return s.category == episode.SHFFT || s.code == "521" || s.code == "522"
}

// habits are the means of a category's care after discharge.
type habits struct {
	snfMean, snfSigma       float64 // days
	irf                     float64 // multiple of the standard case
	readmission, readmSigma float64 // dollars
	outpatient, outpSigma   float64 // dollars a month while care is heavy
	professional, profSigma float64
	dme                     float64
	age                     float64 // SD of age
	risk                    float64 // how strongly spending follows the risk score
}

// Every number in these tables is a placeholder for demonstration, tuned so
// that category means meet published anchors: CJR, BPCI and hospital readmission
// figures and CMS unit prices for fiscal year 2024. Weights are rounded and are
// not CMS Table 5.
func careHabits() [episode.NumCategories]habits {
	return [...]habits{
		{18, .62, 1.02, 12200, .62, 650, .9, 560, .8, 60, 6.5, .52},
		{35, .60, 1.30, 12400, .60, 440, .9, 1200, .7, 110, 8, .44},
		{19, .55, 1.12, 11800, .65, 700, .9, 960, .8, 120, 6.5, .50},
		{20, .60, 1.08, 14500, .65, 620, .9, 700, .8, 190, 6.5, .45},
		{25, .62, 1.10, 14200, .68, 860, 1.0, 1090, .8, 210, 8, .76},
	}
}

func strata() []stratum {
	const lejr, shfft, cabg, fusion, bowel = episode.LEJR, episode.SHFFT, episode.CABG, episode.Fusion, episode.Bowel
	type mix = [numDestinations]float64
	return []stratum{
		{"27447", "470", lejr, .297, 0, 12540, 1950, mix{.560, .415, .020, .004, 0, .001}, .022, .045, 0, 72.5, healthy, .003},
		{"27130", "470", lejr, .148, 0, 12540, 1950, mix{.600, .375, .020, .004, 0, .001}, .024, .050, 0, 72.5, healthy, .003},
		{"27702", "469", lejr, .005, 0, 17600, 1900, mix{.640, .320, .033, .006, 0, .001}, .024, .050, 0, 71, healthy, .003},
		{"470", "470", lejr, .335, 1.885, 0, 2250, mix{.300, .490, .175, .032, 0, .003}, .041, .075, 2.0, 75, average, .006},
		{"469", "469", lejr, .035, 3.08, 0, 3500, mix{.110, .270, .480, .120, .005, .015}, .100, .180, 5.5, 76, verySick, .050},
		{"522", "522", lejr, .130, 2.14, 0, 2700, mix{.040, .170, .570, .205, 0, .015}, .080, .150, 4.3, 81, sick, .090},
		{"521", "521", lejr, .050, 2.98, 0, 3900, mix{.020, .100, .640, .175, .010, .055}, .130, .235, 6.8, 83, verySick, .180},

		{"480", "480", shfft, .310, 3.03, 0, 4100, mix{.025, .075, .650, .185, .010, .055}, .130, .235, 7.3, 83, verySick, .200},
		{"481", "481", shfft, .560, 2.10, 0, 3050, mix{.040, .105, .640, .200, .002, .013}, .090, .170, 4.8, 82.5, sick, .110},
		{"482", "482", shfft, .130, 1.64, 0, 2500, mix{.080, .170, .540, .205, 0, .005}, .060, .115, 3.7, 80, average, .060},

		{"231", "231", cabg, .010, 8.55, 0, 7600, mix{.180, .370, .230, .170, .040, .010}, .180, .280, 12.5, 72, verySick, .100},
		{"232", "232", cabg, .010, 6.30, 0, 6500, mix{.380, .430, .120, .060, .005, .005}, .120, .200, 8.8, 71, sick, .040},
		{"233", "233", cabg, .190, 7.95, 0, 6900, mix{.210, .420, .220, .120, .022, .008}, .150, .240, 12.8, 72.5, verySick, .080},
		{"234", "234", cabg, .305, 5.45, 0, 5400, mix{.400, .450, .095, .050, .002, .003}, .105, .175, 9.0, 72, sick, .025},
		{"235", "235", cabg, .140, 6.05, 0, 5800, mix{.240, .430, .205, .105, .014, .006}, .140, .225, 9.8, 72.5, verySick, .060},
		{"236", "236", cabg, .345, 4.15, 0, 4500, mix{.440, .440, .075, .042, .001, .002}, .090, .155, 6.6, 71, average, .015},

		{"22551", "473", fusion, .090, 0, 12540, 2600, mix{.820, .165, .012, .003, 0, 0}, .025, .055, 0, 69, healthy, .002},
		{"22554", "473", fusion, .015, 0, 12540, 2300, mix{.810, .175, .012, .003, 0, 0}, .025, .055, 0, 69, healthy, .002},
		{"22612", "451", fusion, .050, 0, 17600, 2700, mix{.760, .220, .015, .005, 0, 0}, .035, .070, 0, 71, healthy, .003},
		{"22630", "451", fusion, .010, 0, 17600, 2700, mix{.760, .220, .015, .005, 0, 0}, .035, .070, 0, 71, healthy, .003},
		{"22633", "402", fusion, .035, 0, 17600, 3000, mix{.750, .230, .015, .005, 0, 0}, .038, .075, 0, 70, healthy, .003},
		{"402", "402", fusion, .150, 4.60, 0, 4300, mix{.610, .280, .065, .045, 0, 0}, .050, .095, 3.0, 71, average, .005},
		{"426", "426", fusion, .020, 9.70, 0, 8800, mix{.180, .220, .330, .250, .015, .005}, .150, .250, 9.0, 72, verySick, .040},
		{"427", "427", fusion, .060, 6.55, 0, 6500, mix{.370, .300, .180, .148, .002, 0}, .090, .160, 5.6, 72, sick, .012},
		{"428", "428", fusion, .040, 5.00, 0, 5200, mix{.590, .290, .070, .050, 0, 0}, .055, .100, 3.4, 71, average, .005},
		{"429", "429", fusion, .015, 8.40, 0, 7600, mix{.150, .170, .370, .270, .030, .010}, .150, .250, 10.5, 73, verySick, .060},
		{"430", "430", fusion, .025, 5.40, 0, 5200, mix{.420, .260, .170, .148, .002, 0}, .085, .150, 4.9, 72, sick, .012},
		{"447", "447", fusion, .020, 6.80, 0, 6700, mix{.160, .200, .370, .250, .015, .005}, .140, .240, 8.6, 73, verySick, .040},
		{"448", "448", fusion, .130, 4.35, 0, 4700, mix{.500, .290, .120, .090, 0, 0}, .065, .120, 4.0, 72, average, .006},
		{"450", "450", fusion, .020, 5.10, 0, 5600, mix{.190, .220, .350, .220, .012, .008}, .140, .240, 8.0, 73, verySick, .040},
		{"451", "451", fusion, .130, 3.20, 0, 3800, mix{.600, .290, .065, .045, 0, 0}, .055, .105, 3.0, 71.5, average, .005},
		{"471", "471", fusion, .025, 5.00, 0, 5500, mix{.170, .170, .390, .240, .020, .010}, .150, .250, 8.6, 73, verySick, .050},
		{"472", "472", fusion, .070, 3.15, 0, 3900, mix{.500, .230, .150, .120, 0, 0}, .080, .145, 3.9, 72, sick, .012},
		{"473", "473", fusion, .095, 2.45, 0, 3400, mix{.740, .190, .040, .030, 0, 0}, .045, .085, 2.2, 70.5, average, .004},
		// Created for discharges from 1 October 2026; see pickStratum.
		{"523", "523", fusion, 0, 13.70, 0, 10500, mix{.120, .170, .360, .325, .020, .005}, .160, .265, 11.0, 72, verySick, .050},
		{"524", "524", fusion, 0, 9.80, 0, 8200, mix{.310, .290, .210, .187, .003, 0}, .100, .175, 6.4, 71.5, sick, .015},
		{"525", "525", fusion, 0, 7.30, 0, 6600, mix{.510, .320, .095, .075, 0, 0}, .065, .115, 3.8, 70.5, average, .006},

		{"329", "329", bowel, .285, 4.90, 0, 5400, mix{.170, .270, .400, .075, .035, .050}, .195, .300, 12.6, 77, verySick, .150},
		{"330", "330", bowel, .470, 2.55, 0, 3200, mix{.480, .330, .160, .025, .003, .002}, .125, .200, 7.0, 76, sick, .040},
		{"331", "331", bowel, .245, 1.70, 0, 2400, mix{.740, .220, .035, .005, 0, 0}, .075, .125, 4.0, 74, average, .012},
	}
}
