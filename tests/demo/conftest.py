"""One small district for all tests of the demo."""

import json

import pytest

from quetsach.demo.district import build_district
from tests.demo.reading import Built, Lines, records


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("district")
    build_district(root, 7, "small")
    return Built(root, json.loads((root / "truth.json").read_bytes()))


@pytest.fixture(scope="session")
def lines(built: Built) -> Lines:
    """All whole lines of the evidence: unit folder, kind of record, text."""
    return list(records(built.root))
