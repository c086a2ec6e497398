"""A real directory for the tests of a worker, and a portal that knows it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.portal.people.directory.slapd_server import Slapd, running_slapd
from tests.watch.listening.conftest import certificate

__all__ = ["certificate"]


@pytest.fixture(scope="session")
def slapd(tmp_path_factory: pytest.TempPathFactory, certificate: Path) -> Iterator[Slapd]:
    """Return a directory that runs; what a test changes in it belongs to that test alone."""
    with running_slapd(tmp_path_factory.mktemp("slapd"), certificate) as server:
        yield server


@pytest.fixture
def use(settings) -> Callable[..., Slapd]:
    """Return what tells the portal of a directory, with other settings than the usual."""

    def tell(server: Slapd, **changed: str) -> Slapd:
        settings.QUETSACH = replace(settings.QUETSACH, directory=server.settings(**changed))
        return server

    return tell


@pytest.fixture
def directory(slapd: Slapd, use: Callable[..., Slapd]) -> Slapd:
    return use(slapd)
