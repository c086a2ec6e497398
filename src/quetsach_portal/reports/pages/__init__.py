"""What the pages of reports show: figures, their sources, tables."""
