"""The engine of quetsach: evidence in, findings out."""

__version__ = "0.1.0"
