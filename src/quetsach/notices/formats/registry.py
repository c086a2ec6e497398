"""The forms of notices, in the order in which they are tried."""

from quetsach.notices.formats.contract import NoticeFormat
from quetsach.notices.formats.document import TEXT_FORMS, DocumentNotices

NOTICE_FORMS: tuple[NoticeFormat, ...] = (DocumentNotices(), *TEXT_FORMS)
"""Documents by their content first, then JSON by its names; text as a table last."""
