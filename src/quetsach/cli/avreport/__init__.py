"""`quetsach avreport`: one file a command."""
