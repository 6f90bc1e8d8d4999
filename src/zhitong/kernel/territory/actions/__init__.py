"""The only writers of the territory."""
