"""Surplace: a knowledge graph of the law of refugee protection, and the service that answers from it."""

__version__ = "0.1.0"
