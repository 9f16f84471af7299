"""The addresses of the service: one declaration a route, and what follows from it."""
