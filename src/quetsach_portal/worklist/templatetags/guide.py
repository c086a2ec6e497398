"""What pages show of the help and of news: the `?` of a heading, whom to call, the bell."""

import logging
from typing import Any

from django import template
from django.db import DatabaseError
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quetsach_portal.people.news.readers import MOST_COUNTED, unread_count
from quetsach_portal.worklist.guide.contacts import help_lines
from quetsach_portal.worklist.guide.content import help_subjects

register = template.Library()
log = logging.getLogger(__name__)


@register.simple_tag
def help_on(key: str) -> SafeString:
    """Return the link to the help on a subject.

    Shapes: `key` is that of a subject in guide/subjects.toml, its anchor on the page.
    Errors: KeyError for a subject that there is none of: a template with one fails at once.
    """
    title = help_subjects()[key].title
    return format_html(
        '<a class="help-mark" href="{}#{}" title="{}"><span aria-hidden="true">?</span>'
        '<span class="visually-hidden">{}</span></a>',
        reverse("guide:subjects"),
        key,
        title,
        _("Help: %(subject)s") % {"subject": title},
    )


@register.inclusion_tag("guide/call.html", takes_context=True)
def whom_to_call(context: Context) -> dict[str, Any]:
    """Return the desks that the reader can call; who is not signed in hears of none."""
    scope = context["request"].scope
    if not scope.user_id:
        return {}
    return {"lines": help_lines(scope), "is_signed_in": True}


@register.simple_tag(takes_context=True)
def unread_news(context: Context) -> dict[str, object]:
    """Return how much is unread as a number and as text, "" for none; "99+" is the most.

    Cost: one query a page; none for who is not signed in. Where the database fails the page of the
    error still shows its head, without a number.
    """
    request = context.get("request")
    scope = getattr(request, "scope", None)
    if not scope or not scope.user_id:
        return {"count": 0, "text": ""}
    try:
        count = unread_count(scope)
    except DatabaseError:
        log.warning("news not counted")
        return {"count": 0, "text": ""}
    if not count:
        return {"count": 0, "text": ""}
    text = str(count) if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"
    return {"count": count, "text": text}
