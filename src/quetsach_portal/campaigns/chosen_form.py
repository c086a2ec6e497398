"""The report form that a campaign chooses: one that is shipped, blocks of it, or its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quetsach.api.reports import (
    QuetsachError,
    form_json,
    read_form,
    shipped_codes,
    shipped_form,
)
from quetsach_portal.web.problems import Refused

OWN = "own"
"""What stands in the list of forms for one that the office brings itself."""

MOST_BYTES = 256 * 1024


@dataclass(frozen=True)
class ChosenForm:
    """Which form: `definition` is its one JSON where it is not a shipped one as a whole."""

    code: str
    version: str
    definition: str = ""


def chosen(code: str, blocks: Sequence[str] = ()) -> ChosenForm:
    """Return the shipped form `code`, of its optional sections those in `blocks` alone.

    Errors: Refused where the program ships no such form.
    """
    if code not in shipped_codes():
        raise Refused(_("The program has no such form."), field="form_code")
    whole = shipped_form(code)
    known = [one.id for one in whole.blocks()]
    taken = tuple(one for one in known if one in blocks)
    if taken == tuple(known):
        return ChosenForm(whole.code, whole.version)
    form = shipped_form(code, taken)
    return ChosenForm(form.code, form.version, form_json(form).decode())


def brought(data: bytes, name: str) -> ChosenForm:
    """Return the form that the office wrote itself. Errors: Refused with what is wrong in it."""
    try:
        form = read_form(data[: MOST_BYTES + 1], name)
    except QuetsachError as error:
        raise Refused(str(error), field="own") from error
    if form.code in shipped_codes():
        raise Refused(
            _("The program ships a form with the code %(code)s: give yours another.")
            % {"code": form.code},
            field="own",
        )
    return ChosenForm(form.code, form.version, form_json(form).decode())


def block_choices() -> list[tuple[str, str]]:
    """Return the blocks of all shipped forms as choices: form:block, and its title."""
    is_english = get_language() == "en"
    return [
        (f"{code}:{one.id}", one.title.en if is_english else one.title.vi)
        for code in shipped_codes()
        for one in shipped_form(code).blocks()
    ]


def blocks_of(code: str, definition: str) -> list[str]:
    """Return the blocks that are chosen now, as `block_choices` names them."""
    if code not in shipped_codes():
        return []
    form = read_form(definition.encode(), code) if definition else shipped_form(code)
    return [f"{code}:{one.id}" for one in form.blocks()]


def shown_code(code: str) -> str:
    """Return what is chosen in the list of forms for a campaign's form."""
    return code if code in shipped_codes() else OWN


def title_in(definition: str) -> str:
    """Return the title of a form that a campaign keeps, in the language of the page."""
    title = read_form(definition.encode(), "campaign").title
    return title.en if get_language() == "en" else title.vi
