"""The lists for devices in the description of the interface: they have addresses of their own.

A firewall fetches them with a Basic password and reads no JSON, so no route of ninja serves them.
"""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from quetsach_portal.api.lists import OFFERED

ADDRESS = "/lists/{campaign_id}/{name}"

PASSWORD = "TokenAsPassword"  # noqa: S105 - the name of a scheme


class Described(NinjaAPI):
    """An interface whose description names the lists too, and is written once in a process."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._written: dict[str, OpenAPISchema] = {}

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
