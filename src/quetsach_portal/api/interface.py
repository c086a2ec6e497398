"""The interface as a whole: OpenAPI 3.1, its parts, the device lists, and how it says no."""

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
    public,
    rechecks,
    register,
    reports,
    rights,
)
from quetsach_portal.api.endpoints.core import reading_router as reading
from quetsach_portal.api.endpoints.core import reporting_router as reporting
from quetsach_portal.api.endpoints.core import working_router as working
from quetsach_portal.api.endpoints.intake import upload_router as handing_in
from quetsach_portal.web.acts import Refused

ADDRESS = "/lists/{campaign_id}/{name}"

PASSWORD = "TokenAsPassword"  # noqa: S105 - the name of a scheme


class DescribedApi(NinjaAPI):
    """An interface whose description names the lists too, and is written once in a process."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._written: dict[str, OpenAPISchema] = {}

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return a name from method and address: it stays when code moves to another file."""
        words = re.findall(r"\w+", f"{operation.methods[0].lower()} {operation.path}")
        return "_".join(words)

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """Return the description of the interface and of the lists.

        Anybody may ask for it, and writing it takes a second of processor time.
        """
        key = repr(sorted(where.items()))
        if key not in self._written:
            self._written[key] = self._described(**where)
        return self._written[key]

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
        "description": "Made anew each day, without what the campaign calls a false alarm.",
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
                        {one.media_type.partition(";")[0] for one in OFFERED.values()}
                    )
                },
            },
            "304": {"description": "The device has this list already"},
            "401": _plain("A token for lists, please"),
            "404": {"description": "Not there, or not yours", "content": {"text/html": {}}},
            "503": {
                **_plain("The list is being made"),
                "headers": {"Retry-After": {"required": True, "schema": {"type": "string"}}},
            },
        },
        "security": [{"ByToken": []}, {PASSWORD: []}],
    }


def _in_path(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"in": "path", "name": name, "required": True, "schema": schema}


def _plain(told: str) -> dict[str, Any]:
    return {"description": told, "content": {"text/plain": {"schema": {"type": "string"}}}}


interface = DescribedApi(
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
    cases.router,
    reports.router,
    rechecks.router,
    dashboards.router,
    public.public_figures_router,
    public.publishing_router,
    handing_in,
):
    interface.add_router("", router)


@interface.exception_handler(Http404)
def _not_there(request: HttpRequest, _told: Exception) -> HttpResponse:
    return interface.create_response(request, {"detail": "not found"}, status=404)


@interface.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, _told: Exception) -> HttpResponse:
    answer = interface.create_response(
        request, {"detail": "authentication required: send a token"}, status=401
    )
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
        request, {"detail": "the request is not valid", "wrong": wrong}, status=422
    )
