"""The one way in which pages show a figure of machines: together with what was looked at."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quetsach_portal.looks.figures import LookFigures, looked_words, nothing_words, zero_words

register = template.Library()


@register.simple_tag
def machines(figure: int | None, look: LookFigures, label: str = "") -> SafeString:
    """Return a figure of machines, what it counts, and below it what was looked at.

    In place of a 0 of which nothing was looked at stands that nothing was.
    """
    number, named = figure or 0, format_html(" {}", label) if label else ""
    if not number and look.is_nothing:
        return _figure(format_html('<span class="looked">{}</span>{}', nothing_words(), named))
    below = " looked-below" if label else ""
    words = format_html('<small class="looked{}">{}</small>', below, looked_words(look))
    return _figure(format_html("<b>{}</b>{} {}", number_format(number), named, words))


@register.simple_tag
def machines_said(sentence: str, look: LookFigures) -> SafeString:
    """Return a sentence that tells a figure of machines, and below it what was looked at."""
    words = format_html('<small class="looked looked-below">{}</small>', looked_words(look))
    return _figure(format_html("{} {}", sentence, words))


@register.simple_tag
def machines_cell(figure: int | None, look: LookFigures) -> SafeString:
    """Return a figure for a table whose rows each have a cell of `looked`; a dash for no look."""
    number = figure or 0
    if not number and look.is_nothing:
        return _figure(format_html('<span title="{}">–</span>', nothing_words()))
    return _figure(number_format(number))


@register.simple_tag
def looked(look: LookFigures) -> SafeString:
    """Return what was looked at."""
    return format_html('<span class="looked">{}</span>', looked_words(look))


@register.simple_tag
def no_machine(look: LookFigures) -> SafeString:
    """Return the sentence for no machine found, with what was looked at."""
    return format_html('<span class="looked">{}</span>', zero_words(look))


@register.simple_tag
def public_look(total: Mapping[str, Any]) -> SafeString:
    """Return how many units checked machines, beside public figures of machines."""
    looked, units = total.get("looked"), total.get("units")
    if looked is None or units is None:
        text = _("how many units checked machines is not known")
    else:
        facts = {"looked": number_format(looked), "units": number_format(units)}
        text = _("machines were checked in %(looked)s/%(units)s units") % facts
    return format_html(' <small class="looked">({})</small>', text)


def _figure(content: object) -> SafeString:
    return format_html('<span class="machine-figure">{}</span>', content)
