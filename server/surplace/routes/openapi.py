"""Stand-in until the merge."""

ROUTES = ()
