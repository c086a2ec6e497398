"""Tags for what many pages show: states, shares, ages, and the errors of a form."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import template
from django.forms import BaseForm, BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.web.tables import LongTable

register = template.Library()

TONES = frozenset({"good", "bad", "warn", "calm", "info"})


@register.simple_tag
def tag(text: object, tone: str = "calm") -> SafeString:
    """Return `text` as a small label; its colour says nothing that the words do not say."""
    return format_html(
        '<span class="tag tag-{}">{}</span>', tone if tone in TONES else "calm", text
    )


@register.simple_tag
def form_token() -> SafeString:
    """Return the hidden field that makes sending a form twice the same as sending it once."""
    return format_html('<input type="hidden" name="token" value="{}">', uuid4())


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """Return the list of all errors of `form` with links to their fields, for the page's top."""
    faulty = [(field, _first_control(field)) for field in form if field.errors]
    return {"form": form, "faulty": faulty}


def _first_control(field: BoundField) -> str:
    """Return the id to which a link leads; a group of choices has one for each."""
    if field.id_for_label:
        return str(field.id_for_label)
    choices = [one.id_for_label for one in field if one.id_for_label]
    return str(choices[0] if choices else field.auto_id)


@register.inclusion_tag("components/pager.html")
def pager(page: Any) -> dict[str, Any]:
    """Return the links to the page before and after."""
    return {"page": page}


@register.inclusion_tag("components/key_pager.html")
def key_pager(page: Any) -> dict[str, Any]:
    """Return the links to the page before and after of one that has no number."""
    return {"page": page}


@register.inclusion_tag("components/table_find.html")
def table_find(table: LongTable) -> dict[str, Any]:
    """Return the box over a long table that finds rows and what is overdue."""
    return {"table": table, "shows_all": urlencode(table.others)}


@register.inclusion_tag("components/table_fields.html")
def table_fields(table: LongTable) -> dict[str, Any]:
    """Return the fields of that box, for a page that has a form of its own over the table."""
    return {"table": table}


@register.inclusion_tag("components/table_head.html")
def table_head(table: LongTable) -> dict[str, Any]:
    """Return the caption of a long table with its count, and its heads, most of them links."""
    return {"table": table}


@register.filter
def share(part: int | None, whole: int | None) -> str:
    """Return "37 %", rounded down so that 100 % means all; "–" where there is no whole."""
    if not whole or part is None:
        return "–"
    return f"{100 * part // whole} %"


@register.filter
def age(since: datetime | None) -> str:
    """Return how long ago `since` is, in whole days, or hours on the first day."""
    if since is None:
        return "–"
    passed = timezone.now() - since
    if passed.days >= 1:
        return ngettext("%(days)s day", "%(days)s days", passed.days) % {"days": passed.days}
    hours = max(0, int(passed.total_seconds() // 3600))
    return _("%(hours)s h") % {"hours": hours}
