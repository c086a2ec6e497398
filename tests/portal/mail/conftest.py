"""Fixtures of the tests of mails."""

from collections.abc import Iterator

import pytest

from tests.portal.mail.sink import Sink, running_sink


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A mail server that the portal uses."""
    with running_sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink
