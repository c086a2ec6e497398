"""`quetsach letter`: one file a command."""
