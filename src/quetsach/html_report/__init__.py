"""The self-contained HTML report of a findings folder."""
