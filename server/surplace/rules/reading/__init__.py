"""Reads a CONSTRUCT query into its algebra: terms, triple patterns, expressions, groups."""
