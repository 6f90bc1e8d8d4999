"""What was learned, what it suggests, how good it is."""
