"""Pages of letters, one file a desk."""
