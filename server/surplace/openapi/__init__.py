"""OpenAPI 3.1, made from the declarations of the routes, the catalogue and the release."""
