"""The machinery of a request: messages, negotiation, the declaration of a route, caching, the one path."""
