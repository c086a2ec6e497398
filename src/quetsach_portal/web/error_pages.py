"""Pages for what went wrong: in words, with the next step, and without inner secrets."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for a request that makes no sense."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "the request makes no sense"}, status=400)
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for what the person may see and not do."""
    return render(request, "errors/403.html", {"told": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for what is not there, or not for this person: the two look alike."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "not there, or not yours"}, status=404)
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for a fault of ours."""
    return render(request, "errors/500.html", status=500)


def sent_from_elsewhere(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form whose proof of origin is missing or too old."""
    told = _("This form was open for too long, or came from another site.")
    return render(request, "errors/400.html", {"told": told}, status=403)
