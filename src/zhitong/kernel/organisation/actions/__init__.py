"""The only writers of organisation."""
