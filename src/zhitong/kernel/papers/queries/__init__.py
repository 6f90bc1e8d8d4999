"""Reading templates and papers."""
