"""The public plane with its pages, asked as a server asks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from quetsach_public import tickets
from quetsach_public.app import Application
from tests.public.asking import Ask, asked
from tests.public.made import NOW, made_home
from tests.public.pushing import Plane, PushService, serving


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def app(home: Path) -> Application:
    return Application(made_home(home, "127.0.0.1"), now=lambda: NOW, check_interval_s=0)


@pytest.fixture
def ask(app: Application) -> Ask:
    return lambda *args, **more: asked(app, *args, **more)


@pytest.fixture
def quick_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests press as soon as the form is there."""
    monkeypatch.setattr(tickets, "LEAST_AGE", 0)


@pytest.fixture
def service() -> Iterator[PushService]:
    with serving() as double:
        yield double


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path)
