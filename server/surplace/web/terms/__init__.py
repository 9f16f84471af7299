"""The ontology as pages: an overview, a page a module with its diagram, a page a vocabulary as a tree."""
