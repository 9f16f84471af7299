"""`surplace serve`: a main process that owns the socket, and the web process below it."""
