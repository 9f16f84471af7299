"""Engines answer SPARQL: a pool of processes over an embedded release, or an endpoint elsewhere."""
