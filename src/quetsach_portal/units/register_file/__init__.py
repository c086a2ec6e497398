"""A register of units as offices keep it in a workbook, read into rows and row errors."""
