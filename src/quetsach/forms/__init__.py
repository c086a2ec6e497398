"""Report forms as data, and what is done with their figures, before any paper or page."""
