"""The web service: SPARQL over HTTP, the questions as pages and files, and a page for every name."""
