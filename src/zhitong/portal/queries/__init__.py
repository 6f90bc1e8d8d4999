"""Reads behind the pages of the desk."""
