"""Text without signs that nobody sees and that control or turn what stands beside them."""

import unicodedata
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
"""Signs that turn the direction of what follows, or end a line for some programs (UAX 9, 14)."""

_LAYOUT = frozenset("\t\n\r")


def one_line(text: str) -> str:
    """Return `text` in one line, without signs that control or turn the text beside it."""
    visible = (
        " " if sign.isspace() else sign
        for sign in unicodedata.normalize("NFC", text)
        if sign.isspace() or unicodedata.category(sign) not in _HIDDEN_CATEGORIES
    )
    return " ".join("".join(visible).split())


def without_turning(text: str) -> str:
    """Return `text` with its lines and tabs, without other controls and without turning signs."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(sign for sign in text if not _turns(sign))


def _turns(sign: str) -> bool:
    return sign in _TURNING or (sign not in _LAYOUT and unicodedata.category(sign) == "Cc")


class PlainFieldsMiddleware:
    """Takes such signs out of what a form sends, whichever form it is; passwords stay as typed.

    The token of the form was read from its fields before: this reads no body that was not read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response of the next layer."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, callback: Callable[..., HttpResponse], *_arguments: object
    ) -> None:
        """Clean the fields before the view looks at them."""
        if request.method != "POST" or getattr(callback, "csrf_exempt", False):
            return
        sent = request.POST
        fields = QueryDict(mutable=True, encoding=sent.encoding)
        for name, values in sent.lists():
            is_password = "password" in name or name == "again"
            fields.setlist(name, values if is_password else list(map(without_turning, values)))
        if fields != sent:
            fields._mutable = False
            request.POST = fields  # type: ignore[assignment]  # locked, as the stubs ask for
