"""The interface as a whole: OpenAPI 3.1, its routers, the device lists, and refusals."""

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from quetsach_portal.api.device_lists import OFFERED
from quetsach_portal.api.endpoints import (
    campaigns,
    cases,
    dashboards,
    followup,
    intake,
    letters,
    lists,
    planted,
    prints,
    public,
    ranges,
    rechecks,
    register,
    reports,
    rights,
    sensors,
)
from quetsach_portal.api.endpoints.core import reading_router as reading
from quetsach_portal.api.endpoints.core import reporting_router as reporting
from quetsach_portal.api.endpoints.core import working_router as working
from quetsach_portal.api.endpoints.intake import upload_router as handing_in
from quetsach_portal.sensors.heartbeats import AT_MOST_EACH, TooSoon
from quetsach_portal.web.acts import Refused

ADDRESS = "/lists/{campaign_id}/{name}"

PASSWORD = "TokenAsPassword"  # noqa: S105 - the name of a scheme


class DescribedApi(NinjaAPI):
    """An interface whose description includes the lists, and is computed once in a process."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._computed: dict[str, OpenAPISchema] = {}

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return a name from method and address: it stays when code moves to another file."""
        words = re.findall(r"\w+", f"{operation.methods[0].lower()} {operation.path}")
        return "_".join(words)

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """Return the description of the interface and of the lists.

        Anybody may request it, and computing it takes a second of processor time.
        """
        key = repr(sorted(where.items()))
        if key not in self._computed:
            self._computed[key] = self._described(**where)
        return self._computed[key]

    def _described(self, **where: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**where)
        schema["components"]["securitySchemes"][PASSWORD] = {
            "type": "http",
            "scheme": "basic",
            "description": "Any name; the token as the password.",
        }
        schema["paths"][ADDRESS] = {"get": _fetching()}
        return schema


def _fetching() -> dict[str, Any]:
    return {
        "operationId": "device_list",
        "summary": "A list for a resolver or a firewall, with its ETag",
        "description": "Renewed each day, without the approved false alarms of the campaign.",
        "parameters": [
            _in_path("campaign_id", {"type": "integer", "minimum": 0}),
            _in_path("name", {"type": "string", "enum": list(OFFERED)}),
            {"in": "header", "name": "If-None-Match", "schema": {"type": "string"}},
        ],
        "responses": {
            "200": {
                "description": "The list",
                "headers": {"ETag": {"required": True, "schema": {"type": "string"}}},
                "content": {
                    kind: {"schema": {"type": "string"}}
                    for kind in sorted(
                        {offered.media_type.partition(";")[0] for offered in OFFERED.values()}
                    )
                },
            },
            "304": {"description": "The device has this list already"},
            "401": _plain("A token for lists is required"),
            "404": {
                "description": "Unknown, or not visible to the token",
                "content": {"text/html": {}},
            },
            "503": {
                **_plain("The list is being made"),
                "headers": {"Retry-After": {"required": True, "schema": {"type": "string"}}},
            },
        },
        "security": [{"ByToken": []}, {PASSWORD: []}],
    }


def _in_path(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"in": "path", "name": name, "required": True, "schema": schema}


def _plain(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"text/plain": {"schema": {"type": "string"}}}}


interface = DescribedApi(
    title="quetsach",
    version="1",
    description=(
        "What the portal's pages show, upload of evidence, lists for devices. Create a token on "
        "the page “Programs” of your unit and send it as `Authorization: Bearer qs_...`. An object "
        "that the token may not see answers 404, as if it did not exist."
    ),
    urls_namespace="interface",
    docs_url=None,
)
for router in (
    reading,
    working,
    reporting,
    register.router,
    rights.router,
    campaigns.router,
    letters.router,
    followup.unit_answers_router,
    followup.followup_router,
    public.participation_router,
    intake.intake_router,
    planted.planted_router,
    cases.router,
    reports.router,
    ranges.router,
    lists.router,
    rechecks.router,
    dashboards.router,
    public.public_figures_router,
    public.publishing_router,
    handing_in,
    prints.prints_router,
    sensors.sensors_router,
    sensors.watch_router,
):
    interface.add_router("", router)


@interface.exception_handler(Http404)
def _not_found(request: HttpRequest, _error: Exception) -> HttpResponse:
    return interface.create_response(request, {"detail": "not found"}, status=404)


@interface.exception_handler(AuthenticationError)
def _not_authenticated(request: HttpRequest, _error: Exception) -> HttpResponse:
    response = interface.create_response(
        request, {"detail": "authentication required: send a token"}, status=401
    )
    response.headers["WWW-Authenticate"] = 'Bearer realm="quetsach"'
    return response


@interface.exception_handler(PermissionDenied)
def _not_allowed(request: HttpRequest, error: Exception) -> HttpResponse:
    return interface.create_response(request, {"detail": str(error)}, status=403)


@interface.exception_handler(TooSoon)
def _too_soon(request: HttpRequest, _error: Exception) -> HttpResponse:
    response = interface.create_response(request, {"detail": "too soon"}, status=429)
    response.headers["Retry-After"] = str(int(AT_MOST_EACH.total_seconds()))
    return response


@interface.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Any) -> HttpResponse:
    return interface.create_response(request, {"detail": refused.told}, status=409)


@interface.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, refused: Any) -> HttpResponse:
    wrong = [
        {"where": [str(part) for part in error["loc"]], "told": str(error["msg"])}
        for error in refused.errors
    ]
    return interface.create_response(
        request, {"detail": "the request is not valid", "wrong": wrong}, status=422
    )
