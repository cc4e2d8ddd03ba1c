package commands

import "strings"

// ZoneNames are the zones that are offered.
func ZoneNames() []string { return strings.Fields(zoneNames) }
