"""Pages of public ranges, and of the notices that were allotted by them."""
