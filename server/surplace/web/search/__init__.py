"""Search by name, in memory: what there is, how a search is read, what is closest, what is shown of it."""
