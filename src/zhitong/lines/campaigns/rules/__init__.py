"""Rules of drives on plain values."""
