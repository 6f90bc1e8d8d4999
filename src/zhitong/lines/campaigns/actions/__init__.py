"""The only writers of drives and their targets."""
