"""SPARQL as text and as bytes: one lexer, what it tells of a query, how answers are written and truncated."""
