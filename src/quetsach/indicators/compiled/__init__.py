"""Lists compiled into one mapped file, kept by a person or in the cache of the user."""
