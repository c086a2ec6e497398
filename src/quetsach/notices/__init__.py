"""The authority's notices about own public addresses, and what they are traced to."""
