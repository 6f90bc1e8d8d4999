"""Measurements: everything as ratios side by side in one run.  ``script/bench NAME``; method in README.md."""
