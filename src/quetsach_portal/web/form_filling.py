"""Fill a form of a page that is made already: its HTML, with what somebody entered before.

Works on any form of the portal, so that no view has to know of it. Hidden fields stay as the page
has them (revisions and tokens are those of now) unless they are empty; passwords and files stay
empty.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

Fields = Sequence[tuple[str, str]]
"""Names and values as a browser sends them, in that order; a name may stand there several times."""

_Attributes = dict[str, str | None]
_Edit = tuple[int, int, str]

_PRESSED = ("submit", "button", "image", "reset")
_LEFT = (*_PRESSED, "file", "password")


@dataclass
class _Control:
    """A field of a page: its tag, where that stands, and for a text area where its text stands."""

    tag: str
    attributes: _Attributes
    start: int
    end: int
    text_end: int = -1
    options: list["_Control"] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.attributes.get("name") or ""

    @property
    def kind(self) -> str:
        return (self.attributes.get("type") or "text").lower() if self.tag == "input" else self.tag


@dataclass
class _Form:
    """A form of a page with its fields."""

    attributes: _Attributes
    controls: list[_Control] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads the forms of a page, and where its content begins."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[_Form] = []
        self.main_end = -1
        self._by_id: dict[str, _Form] = {}
        self._loose: list[tuple[str, _Control]] = []
        self._open: _Form | None = None
        self._last: _Control | None = None
        self._starts = [0]
        for line in page.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self.feed(page)
        self.close()
        for form_id, control in self._loose:
            if form_id in self._by_id:
                self._by_id[form_id].controls.append(control)

    def _place(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        start = self._place()
        end = start + len(self.get_starttag_text() or "")
        if tag == "main" and self.main_end < 0:
            self.main_end = end
        elif tag == "form":
            self._open = _Form(attributes)
            self.forms.append(self._open)
            self._by_id[attributes.get("id") or ""] = self._open
        elif tag == "option" and self._last is not None and self._last.tag == "select":
            self._last.options.append(_Control(tag, attributes, start, end, end))
        elif tag in ("input", "select", "textarea", "button"):
            self._take(_Control(tag, attributes, start, end))

    def _take(self, control: _Control) -> None:
        self._last = control if control.tag in ("select", "textarea") else None
        form_id = control.attributes.get("form")
        if form_id:
            self._loose.append((form_id, control))
        elif self._open is not None:
            self._open.controls.append(control)

    def handle_data(self, data: str) -> None:
        if self._last is not None and self._last.options:
            option = self._last.options[-1]
            option.attributes.setdefault("value", data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag in ("select", "textarea") and self._last is not None:
            self._last.text_end = self._place()
            self._last = None


@dataclass(frozen=True)
class FilledPage:
    """A page with its form filled; `rest` is what found no field there."""

    text: str
    main_end: int
    rest: tuple[tuple[str, str], ...]

    def with_note(self, note: str) -> str:
        """Return the page with `note` at the beginning of its content."""
        at = max(self.main_end, 0)
        return self.text[:at] + note + self.text[at:]


def fill_form(page: str, address: str, action: str, fields: Fields) -> FilledPage:
    """Return `page` with `fields` in the form that sends to the path `action`.

    Shapes: `address` is the page's own, by which actions are resolved. Of several such forms the
    one with most of the names is filled.
    """
    reader = _Reader(page)
    names = {name for name, _value in fields}
    forms = [form for form in reader.forms if _sends_to(form, address) == action]
    form = max(forms, key=lambda one: _alike(one, names), default=None)
    if form is None or not _alike(form, names):
        return FilledPage(page, reader.main_end, tuple(one for one in fields if one[1]))
    edits = sorted(_edits(form, fields))
    pieces, at, shift = [], 0, 0
    for start, end, text in edits:
        pieces += [page[at:start], text]
        at = end
        shift += len(text) - (end - start) if end <= reader.main_end else 0
    placed = {control.name for control in form.controls}
    rest = tuple((name, value) for name, value in fields if value and name not in placed)
    return FilledPage("".join((*pieces, page[at:])), reader.main_end + shift, rest)


def _sends_to(form: _Form, address: str) -> str:
    if (form.attributes.get("method") or "get").lower() != "post":
        return ""
    return urlsplit(urljoin(address, form.attributes.get("action") or address)).path


def _alike(form: _Form, names: set[str]) -> int:
    return len(names & {control.name for control in form.controls if control.kind != "hidden"})


def _edits(form: _Form, fields: Fields) -> Iterator[_Edit]:
    """Yield what to put in place of which part of the page."""
    values_by_name: dict[str, list[str]] = {}
    for name, value in fields:
        values_by_name.setdefault(name, []).append(value)
    for control in form.controls:
        if control.kind in _LEFT or control.tag == "button" or "disabled" in control.attributes:
            continue
        values = values_by_name.get(control.name)
        if control.kind in ("checkbox", "radio"):
            has = (control.attributes.get("value") or "on") in (values or [])
            yield _tag(control, "checked", "" if has else None)
        elif control.tag == "select":
            yield from _choices(control, values)
        elif values is not None:
            yield from _text(control, values)


def _choices(control: _Control, values: list[str] | None) -> Iterator[_Edit]:
    if values is None and "multiple" not in control.attributes:
        return
    for option in control.options:
        has = (option.attributes.get("value") or "") in (values or [])
        yield _tag(option, "selected", "" if has else None)


def _text(control: _Control, values: list[str]) -> Iterator[_Edit]:
    if control.kind == "hidden" and control.attributes.get("value"):
        return
    typed = values.pop(0) if values else ""
    if control.tag == "textarea":
        # The first line break behind the tag is no part of the text (HTML, 13.1.2.5).
        yield control.end, control.text_end, f"\n{escape(typed)}"
    else:
        yield _tag(control, "value", typed)


def _tag(control: _Control, name: str, words: str | None) -> _Edit:
    """Return the tag with the attribute `name`; None: without it."""
    attributes = {key: given for key, given in control.attributes.items() if key != name}
    if words is not None:
        attributes[name] = words
    written = "".join(
        f" {key}" if given is None else f' {key}="{escape(given)}"'
        for key, given in attributes.items()
    )
    return control.start, control.end, f"<{control.tag}{written}>"
