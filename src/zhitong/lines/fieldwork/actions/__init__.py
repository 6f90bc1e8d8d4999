"""Actions of the field."""
