"""The interface keeps its own description: schemathesis asks it what nobody would."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.tokens import make_token
from quetsach_portal.rights.models import Role

pytestmark = pytest.mark.django_db


PORTAL = WSGIHandler()


def answered_whole(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer as a server does, which closes each answer; files that came with a request go then."""
    answer = PORTAL(environ, start_response)
    try:
        return list(answer)
    finally:
        answer.close()


SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", answered_whole)


@pytest.fixture(autouse=True)
def own_connection() -> Iterator[None]:
    """Let the application work on the test's own connection, as Django's test client does."""
    moments = (request_started, request_finished)
    for moment in moments:
        moment.disconnect(close_old_connections)
    yield
    for moment in moments:
        moment.connect(close_old_connections)


@pytest.fixture
def token(world) -> str:
    """A token for everything, of the district's compiler."""
    return make_token(
        world.units["TC"],
        name="schemathesis",
        scopes=list(TokenScope.values),
        expires_on=timezone.localdate() + timedelta(days=5),
        actor=world.user("TC", Role.COMPILER),
    )[1]


@SCHEMA.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_every_answer_is_as_the_description_says(case, token) -> None:
    case.call_and_validate(
        headers={"Authorization": f"Bearer {token}"},
        # A parameter that nobody knows is left alone, as on the pages; and a file that is one by
        # the description may still be empty, or no log.
        excluded_checks=[negative_data_rejection, positive_data_acceptance],
    )


def test_a_sign_that_no_database_takes_is_answered_as_the_description_says(client, token) -> None:
    answer = client.get("/api/v1/units?after=%00", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, list(answer.json())) == (400, ["detail"])
    told = client.get("/api/v1/openapi.json").json()
    assert "400" in told["paths"]["/api/v1/units"]["get"]["responses"]


def test_the_description_is_openapi_3_1(client) -> None:
    told = client.get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    for path, ways in told["paths"].items():
        for way, one in ways.items():
            assert one.get("security"), f"{way} {path} has no guard"
            assert one.get("summary"), f"{way} {path} says not what it is"
