"""The interface as a whole: OpenAPI 3.1, its parts, and how it says no."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, ValidationError

from quetsach_portal.api.by_app import (
    campaigns,
    cases,
    dashboards,
    followup,
    intake,
    letters,
    participation,
    public_figures,
    publishing,
    rechecks,
    register,
    reports,
    rights,
    said,
)
from quetsach_portal.api.describing import Described
from quetsach_portal.api.handing_in import router as handing_in
from quetsach_portal.api.reading import router as reading
from quetsach_portal.api.reporting import router as reporting
from quetsach_portal.api.working import router as working
from quetsach_portal.web.problems import Refused

interface = Described(
    title="quetsach",
    version="1",
    description=(
        "What the portal's pages show, evidence in, lists for devices out. Make a token on the "
        "page “Programs” of your unit; send it as `Authorization: Bearer qs_...`. A thing that is "
        "not yours answers 404, as if it were not there."
    ),
    urls_namespace="interface",
    docs_url=None,
)
interface.add_router("", reading)
interface.add_router("", working)
interface.add_router("", reporting)
for app in (
    register,
    rights,
    campaigns,
    letters,
    said,
    followup,
    participation,
    intake,
    cases,
    reports,
    rechecks,
    dashboards,
    public_figures,
    publishing,
):
    interface.add_router("", app.router)
interface.add_router("", handing_in)


@interface.exception_handler(Http404)
def _not_there(request: HttpRequest, _told: Exception) -> HttpResponse:
    return interface.create_response(request, {"detail": "not there, or not yours"}, status=404)


@interface.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, _told: Exception) -> HttpResponse:
    answer = interface.create_response(request, {"detail": "a token, please"}, status=401)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="quetsach"'
    return answer


@interface.exception_handler(PermissionDenied)
def _not_allowed(request: HttpRequest, told: Exception) -> HttpResponse:
    return interface.create_response(request, {"detail": str(told)}, status=403)


@interface.exception_handler(Refused)
def _refused(request: HttpRequest, told: Any) -> HttpResponse:
    return interface.create_response(request, {"detail": told.told}, status=409)


@interface.exception_handler(ValidationError)
def _makes_no_sense(request: HttpRequest, told: Any) -> HttpResponse:
    wrong = [
        {"where": [str(part) for part in one["loc"]], "told": str(one["msg"])}
        for one in told.errors
    ]
    return interface.create_response(
        request, {"detail": "the request makes no sense", "wrong": wrong}, status=422
    )
