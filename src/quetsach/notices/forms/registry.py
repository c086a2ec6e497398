"""The forms of notices, in the order in which they are tried."""

from quetsach.notices.forms.contract import NoticeForm
from quetsach.notices.forms.paper import TEXT_FORMS, PaperForm

NOTICE_FORMS: tuple[NoticeForm, ...] = (PaperForm(), *TEXT_FORMS)
"""Documents by their content first, then JSON by its names; text as a table last."""
