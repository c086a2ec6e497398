"""Public figures: prepared, previewed, published, without figures of single people."""
