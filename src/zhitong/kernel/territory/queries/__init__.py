"""Reads.  Divisions and their borders are public, so that nothing here asks who is reading."""
