"""Suppositions: the rules run again, in memory, on a release with something added or left out."""
