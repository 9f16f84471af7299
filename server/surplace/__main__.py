"""`python -m surplace` is the command `surplace`."""

from surplace.cli import main

main(prog_name="surplace")
