"""Makes the editor of the pages: from its sources and the packages that its lock file names, one script."""
