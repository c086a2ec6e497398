"""A report as a workbook: downloaded, filled in without a network, and taken back."""
