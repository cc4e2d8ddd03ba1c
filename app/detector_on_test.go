//go:build race

package app

// raceDetector says that the test is some times slower than what it tests.
const raceDetector = true
