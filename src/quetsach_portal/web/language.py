"""The language of a page: the user's own choice, that of the link or cookie, else Vietnamese."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from quetsach.api import in_language

COOKIE = "language"


class LanguageMiddleware:
    """Switch to the language of the request; the browser's own wish is not asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in its language."""
        language = language_of(request)
        with translation.override(language), in_language("en" if language == "en" else "vi"):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response


def language_of(request: HttpRequest) -> str:
    """Return "vi" or "en"."""
    known = dict(settings.LANGUAGES)
    if request.user.is_authenticated and request.user.language in known:
        return str(request.user.language)
    asked = request.GET.get("lang", "") or request.COOKIES.get(COOKIE, "")
    return asked if asked in known else settings.LANGUAGE_CODE
