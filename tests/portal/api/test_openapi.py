"""The interface keeps its own description: schemathesis asks it what nobody would."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from tests.portal.api.filled import fill, whole_token
from tests.whole import todays_share

pytestmark = pytest.mark.django_db


PORTAL = WSGIHandler()


def answered_whole(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer as a server does, which closes each answer; files that came with a request go then."""
    answer = PORTAL(environ, start_response)
    try:
        return list(answer)
    finally:
        answer.close()


HOW: Any = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "derandomize": True,
}

SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", answered_whole)


def _is_asked_today(one: Any) -> bool:
    """One of three addresses that read: each is drawn some thirty questions."""
    return bool(todays_share([one.operation.path], days=3))


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
    return whole_token(world)


@pytest.fixture
def known(world, tmp_path: Path) -> Callable[[str], Mapping[str, Any]]:
    """Return the numbers that stand in a path, made once a test."""
    return cache(lambda path: fill(world, tmp_path, path))


@pytest.mark.asvs("V1.2.3")
@SCHEMA.include(_is_asked_today, method="GET").parametrize()
@settings(max_examples=3, **HOW)
def test_every_answer_to_who_reads_is_as_the_description_says(case, token, known) -> None:
    _ask(case, token, known)


@SCHEMA.exclude(method="GET").parametrize()
@settings(max_examples=8, **HOW)
def test_every_answer_to_who_hands_in_is_as_the_description_says(case, token, known) -> None:
    _ask(case, token, known)


def _ask(case: Any, token: str, known: Callable[[str], Mapping[str, Any]]) -> None:
    if case.meta.generation.mode.is_positive:
        # A number drawn at random is nobody's, and meets no shape but that of the refusal.
        numbers = known(case.path)
        case.path_parameters = {name: numbers[name] for name in case.path_parameters}
    case.call_and_validate(
        headers={"Authorization": f"Bearer {token}"},
        # A parameter that nobody knows is left alone, as on the pages; and a file that is one by
        # the description may still be empty, or no log.
        excluded_checks=[negative_data_rejection, positive_data_acceptance],
    )


def test_every_address_that_reads_answers_with_something_in_the_shape_described(
    world, token, tmp_path: Path
) -> None:
    empty, people = [], dict(world.users)
    for one in SCHEMA.get_all_operations():
        operation = one.ok()
        if operation.method.upper() == "GET":
            with transaction.atomic():
                if not _told(operation, fill(world, tmp_path, operation.path), token):
                    empty.append(operation.label)
                transaction.set_rollback(True)
            world.users = dict(people)
    assert empty == []


def _told(operation: Any, numbers: Mapping[str, Any], token: str) -> Any:
    """Return what an address answers: its rows where it has some."""
    asked = {one.name: numbers[one.name] for one in operation.path_parameters}
    case = operation.Case(path_parameters=asked)
    answer = case.call_and_validate(headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, (operation.label, answer.text)
    if answer.headers["content-type"][0] != "application/json":
        return True
    told = answer.json()
    return told["rows"] if isinstance(told, dict) and "rows" in told else told
