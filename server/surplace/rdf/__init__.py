"""RDF as bytes: the formats, one writer, readers, and what the formats cannot carry."""
