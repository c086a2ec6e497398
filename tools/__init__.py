"""What keeps the project itself in order: catalogue of texts, generated pages, set-up."""
