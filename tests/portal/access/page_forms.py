"""The forms of a page as a browser has them: where they go, and the fields that it would send."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import html

NOT_SENT = frozenset({"button", "reset", "image"})
"""Kinds of `input` that a browser sends nothing for unless they are pressed."""


@dataclass(frozen=True)
class Field:
    """One field: `kind` is its type, or "select" and "textarea"; `choices` what it may hold;
    `help` what stands beside it."""

    name: str
    kind: str
    value: str
    is_required: bool
    is_on: bool
    choices: tuple[str, ...]
    help: str
    limits: Mapping[str, str]


@dataclass(frozen=True)
class PageForm:
    """A form that is sent by POST: its path with query, its fields, and its named buttons."""

    action: str
    fields: tuple[Field, ...]
    buttons: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        """The path of the action alone."""
        return urlsplit(self.action).path


@dataclass(frozen=True)
class Page:
    """What a page offers: forms sent by POST, and paths of this site that it links to."""

    forms: tuple[PageForm, ...]
    links: tuple[str, ...]


def page_of(text: bytes, address: str) -> Page:
    """Return the forms and links of the page `text`, which stands at `address`."""
    if not text.strip():
        return Page((), ())
    root = html.fromstring(text.decode())
    forms = tuple(
        _form(one, root, address)
        for one in root.iter("form")
        if (one.get("method") or "get").lower() == "post"
    )
    return Page(forms, tuple(_links(root, address)))


def _links(root: html.HtmlElement, address: str) -> Iterator[str]:
    for link in root.iter("a"):
        target = urljoin(address, link.get("href") or "#")
        if target.startswith("/") and not link.get("download"):
            yield target.partition("#")[0]


def _form(form: html.HtmlElement, root: html.HtmlElement, address: str) -> PageForm:
    own = [*form.iter(), *_joined(form, root)]
    pressed = [
        (one.get("name"), one.get("value") or "")
        for one in own
        if one.tag in ("button", "input") and one.get("name") and _is_submit(one)
    ]
    fields = [_field(one, root) for one in own if _is_field(one)]
    return PageForm(urljoin(address, form.get("action") or ""), tuple(fields), tuple(pressed))


def _joined(form: html.HtmlElement, root: html.HtmlElement) -> list[html.HtmlElement]:
    """Return the elements that stand elsewhere and name this form."""
    name = form.get("id")
    return [] if not name else [one for one in root.iter() if one.get("form") == name]


def _is_submit(element: html.HtmlElement) -> bool:
    kind = (element.get("type") or "submit").lower()
    return kind == "submit" and (element.tag == "button" or element.get("type") is not None)


def _is_field(element: html.HtmlElement) -> bool:
    if element.tag not in ("input", "select", "textarea") or not element.get("name"):
        return False
    kind = (element.get("type") or "text").lower()
    return element.get("disabled") is None and kind not in NOT_SENT and kind != "submit"


def _help(element: html.HtmlElement, root: html.HtmlElement) -> str:
    names = (element.get("aria-describedby") or "").split()
    return " ".join(one.text_content() for one in root.iter() if one.get("id") in names)


def _field(element: html.HtmlElement, root: html.HtmlElement) -> Field:
    kind = element.tag if element.tag != "input" else (element.get("type") or "text").lower()
    options = [one for one in element.iter("option") if one.get("disabled") is None]
    choices = [one.get("value", (one.text or "").strip()) for one in options]
    value = element.get("value") or ""
    if kind == "textarea":
        value = (element.text or "").removeprefix("\n")
    elif kind == "select":
        chosen = [one.get("value", "") for one in options if one.get("selected") is not None]
        value = chosen[0] if chosen else (choices[0] if choices else "")
    elif kind in ("radio", "checkbox"):
        value = element.get("value") or "on"
    return Field(
        name=element.get("name"),
        kind=kind,
        value=value,
        is_required=element.get("required") is not None,
        is_on=element.get("checked") is not None,
        choices=tuple(choices),
        help=_help(element, root),
        limits={
            one: element.get(one)
            for one in ("min", "max", "step", "accept", "pattern", "maxlength", "multiple")
            if element.get(one) is not None
        },
    )
