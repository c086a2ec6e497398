"""The report form of a campaign: a shipped form, blocks of one, or the office's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quetsach.api.reports import (
    QuetsachError,
    ReportForm,
    form_json,
    read_form,
    report_forms,
    shipped_codes,
    shipped_form,
)
from quetsach_portal.web.acts import Refused

OWN = "own"
"""The choice for the office's own form in the list of forms."""

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
    block_ids = [one.id for one in whole.blocks()]
    chosen_ids = tuple(one for one in block_ids if one in blocks)
    if chosen_ids == tuple(block_ids):
        return ChosenForm(whole.code, whole.version)
    form = shipped_form(code, chosen_ids)
    return ChosenForm(form.code, form.version, form_json(form).decode())


def brought(data: bytes, name: str) -> ChosenForm:
    """Return the form that the office wrote itself. Errors: Refused with what is wrong in it."""
    try:
        form = read_form(data[: MOST_BYTES + 1], name)
    except QuetsachError as error:
        raise Refused(str(error), field="own") from error
    if form.code in shipped_codes():
        raise Refused(
            _("The program already has a form with the code %(code)s: give yours another code.")
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


def choice_code(code: str) -> str:
    """Return what is chosen in the list of forms for a campaign's form."""
    return code if code in shipped_codes() else OWN


def title_in(definition: str) -> str:
    """Return the title of a form that a campaign keeps, in the language of the page."""
    title = read_form(definition.encode(), "campaign").title
    return title.en if get_language() == "en" else title.vi


class _Chooser(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files chosen at once; its value is a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=_Chooser(), **options)

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        """Return the files, each checked as one is."""
        given = data if isinstance(data, list | tuple) else [data]
        cleaned: list[UploadedFile[bytes]] = []
        for one in given or [None]:
            file = super().clean(one, initial)
            if file:
                cleaned.append(file)
        return cleaned


@cache
def shipped() -> tuple[ReportForm, ...]:
    """Return all forms; they change with the program alone."""
    return tuple(report_forms())


def form_named(code: str) -> ReportForm:
    """Return the form with this code. Errors: Refused when the program ships none such."""
    for form in shipped():
        if form.code == code:
            return form
    raise Refused(_("The program has no such form."), field="form_code")


def title_of(form: ReportForm) -> str:
    """Return the form's title in the language of the page."""
    return form.title_en if get_language() == "en" else form.title_vi
