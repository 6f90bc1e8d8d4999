"""Everything that writes templates and papers."""
