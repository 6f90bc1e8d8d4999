"""Rules of the field on plain values."""
