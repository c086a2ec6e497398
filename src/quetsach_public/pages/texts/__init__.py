"""The texts of the pages, one file a language."""
