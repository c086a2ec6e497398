"""Figures of completeness as links to the reports that they count."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from quetsach_portal.followup.rates import ReportRates

register = template.Library()


@register.simple_tag(takes_context=True)
def slot_link(context: Context, figure: str, words: object) -> SafeString | str:
    """Return `words` as a link to the reports of the page's unit that `figure` counts.

    Of a past day the figure is stored and its rows are not: there it stays words.
    """
    node, phase = context["node"], context.get("phase")
    if phase is None:
        return str(words)
    if context.get("on"):
        return format_html('<span class="no-rows">{}</span>', words)
    return format_html('<a href="{}">{}</a>', _address(context, node.pk, figure), words)


@register.simple_tag(takes_context=True)
def slot_number(context: Context, rates: ReportRates, figure: str) -> SafeString | str:
    """Return a number of a row as a link to its reports, where the row is of units below."""
    count = getattr(rates, figure)
    shown = number_format(count, use_l10n=True, force_grouping=True)
    is_open = count and not context.get("on") and context.get("opens_units")
    if not is_open or rates.node_id == context["node"].pk:
        return str(shown)
    return format_html('<a href="{}">{}</a>', _address(context, rates.node_id, figure), shown)


def _address(context: Context, node_id: int, figure: str) -> str:
    asked: dict[str, Any] = {"under": node_id, "phase": context["phase"].no, "show": figure}
    address = reverse("followup:completeness", args=[context["campaign"].pk])
    return f"{address}?{urlencode(asked)}"
