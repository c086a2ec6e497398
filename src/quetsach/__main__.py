"""`python -m quetsach` is the command line."""

from quetsach.cli.main import main

main()
