"""SHACL compiled to SPARQL: each constraint of each shape is a query, and what it answers are violations."""
