"""Attacks on a running service, each with figures: `cd tests && python -m abuse NAME`; without a name, all.

Clients have addresses of their own, 127.0.N.M, all of this machine, and nothing is sent anywhere else.
"""
