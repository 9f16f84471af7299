"""Clients that people use, against a running service: `make clients` installs and runs them.

Each prints what it got as JSON, and that is compared with what the release holds. The table of them is in
server/README.md.
"""
