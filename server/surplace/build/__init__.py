"""From the ontology and the data to a release, one module a stage; `pipeline` reads like the picture."""
