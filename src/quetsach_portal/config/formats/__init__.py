"""Formats by language."""
