"""Reports and their versions; documents and batches."""

from quetsach_portal.reports.models import document, report

__all__ = ["document", "report"]
