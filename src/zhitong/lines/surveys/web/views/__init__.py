"""Pages of forms and surveys."""
