"""`pytest tests/formats --golden` rewrites the expected rows of the samples first."""

import pytest

from tests.formats import golden


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="rewrite the samples' expected rows")


@pytest.fixture(scope="session", autouse=True)
def _golden(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--golden"):
        golden.rewrite()
