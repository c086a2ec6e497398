"""`quetsach indicators`: one file a command."""
