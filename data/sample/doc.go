// Package sample makes up hospitals, patients and Medicare claims, so that the
// program can be tried, taught and tested without anyone's data. Everything it
// makes is SYNTHETIC: names, numbers, dates and dollars describe nobody, and the
// dates run into 2027 so that every discharge of 2026 is followed for 120 days.
//
// The default sample is Riverside Health, six hospitals of different kinds in
// two states, with discharges from 2022 to 2026. Larger ones add hospitals drawn
// by kind over all nine census divisions.
//
// Model. An episode belongs to a stratum: an MS-DRG, or a HCPCS code done in
// outpatient surgery. A stratum has a price, a mix of first destinations,
// readmission probabilities by day 30 and 90, and a mortality; a category has
// lengths of stay and levels of ambulatory care. One standard normal frailty per
// patient, partly visible in the risk score, moves destination, nursing days,
// readmission and visits together, which is what gives spending its long tail.
// Hospitals, their surgeons and facilities, and the region multiply odds and
// days. The parameters come from published figures (CJR, BPCI, hospital
// readmission, IPPS and OPPS files) and are placeholders for demonstration; the
// tests hold category means, timing, readmissions and destinations to them.
// Dollars are standardized fiscal 2024 dollars in every year.
//
// Regional prices come from the same model: reference.csv holds the spending
// curves of all price cells, simulated at two levels of post-acute care for a
// hospital that is average in everything, and the nine divisions lie between
// the two by their published index. It is a generated file because simulating it
// takes ten seconds; go generate makes it again and a test refuses a stale one.
//
// Episode i depends on the seed, the number of hospitals and i alone, so samples
// of any size stream in constant memory.
package sample
