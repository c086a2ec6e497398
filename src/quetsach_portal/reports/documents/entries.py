"""The entry for the register of outgoing documents, in the two forms that registers read."""

from dataclasses import replace
from xml.etree import ElementTree

from quetsach.api.reports import entry_json, register_entry
from quetsach_portal.reports.document_models import ReportDocument
from quetsach_portal.reports.documents.official import official_report

FORMS = ("xml", "json")


def entry_as(document: ReportDocument, form: str) -> bytes:
    """Return the entry of a document whose files are made.

    The XML is the one made with the files, which knows how many pages they have.
    """
    if form == "xml":
        return document.entry.encode()
    pages = ElementTree.fromstring(document.entry).findtext(".//PageAmount")  # noqa: S314 - ours
    made = register_entry(official_report(document))
    return entry_json(replace(made, pages=int(pages) if pages else None))
