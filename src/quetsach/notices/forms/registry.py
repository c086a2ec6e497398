"""The forms of notices, in the order in which they are tried."""

from quetsach.notices.forms.contract import NoticeForm
from quetsach.notices.forms.objects import INTELMQ, N6, XARF, XARF_OLD
from quetsach.notices.forms.paper import PaperForm
from quetsach.notices.forms.table import Table

NOTICE_FORMS: tuple[NoticeForm, ...] = (XARF, XARF_OLD, N6, INTELMQ, PaperForm(), Table())
"""JSON by its names first; text as a table last."""
