"""Figures that everybody may see: prepared, previewed, published; nobody shines through."""
