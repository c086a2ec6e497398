"""Fixtures of the tests of letters."""

from collections.abc import Iterator

import pytest

from tests.portal.letters.sink import Sink, running_sink


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A mail server that the portal uses."""
    with running_sink() as taken:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", taken.port
        yield taken
