package app

import (
	"os"
	"strconv"
	"strings"
)

// crowded is the share of a machine that others may use while something is measured against a promise.
const crowded = 0.5

// shared begins to watch the machine. What it returns tells which share of it others have used since; zero where it does not say.
func shared() func() float64 {
	total, idle, own := machine()
	return func() float64 {
		t, i, o := machine()
		if t <= total {
			return 0
		}
		return ((t - total) - (i - idle) - (o - own)) / (t - total)
	}
}

// machine is the time of all processors since the machine's start, what of it they were idle, and what of it this process had;
// zero where it is not told. Source: proc(5), /proc/stat and /proc/pid/stat.
func machine() (total, idle, own float64) {
	all, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, 0, 0
	}
	mine, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0, 0, 0
	}
	first, _, _ := strings.Cut(string(all), "\n")
	for i, f := range strings.Fields(first) {
		n, _ := strconv.ParseFloat(f, 64) // the first one is a name
		if i <= 8 {                       // what follows is counted among these already
			total += n
		}
		if i == 4 || i == 5 { // with nothing to do, or waiting for disks
			idle += n
		}
	}
	_, rest, _ := strings.Cut(string(mine), ") ") // behind the name
	if f := strings.Fields(rest); len(f) > 12 {
		for _, n := range f[11:13] { // in programs and in the kernel
			x, _ := strconv.ParseFloat(n, 64) // written by the kernel
			own += x
		}
	}
	return total, idle, own
}
