"""Rules that conclude: their files, what they read and write, their strata, and how they are run."""
