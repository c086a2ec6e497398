"""The content of report pages: figures, their lineage, the phase before."""
