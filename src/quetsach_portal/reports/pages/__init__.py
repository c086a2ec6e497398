"""The content of report pages: figures, their sources, tables."""
