"""A report as a workbook: downloaded, filled in offline, and read back."""
