package storage

// BackedUp are the tables of a backup.
func BackedUp() []string { return tables }
