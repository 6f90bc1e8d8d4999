"""Reads on behalf of a person."""
