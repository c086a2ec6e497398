"""What the public plane shows and counts: a folder the portal writes, an inbox that it takes."""
