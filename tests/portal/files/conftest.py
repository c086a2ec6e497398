"""What the tests of the app share: a home of their own, a person, and ways to hand something in."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quetsach_portal.files.actions import (
    begin_upload,
    store_upload,
)
from quetsach_portal.files.models import StoredFile, Upload
from quetsach_portal.people.models.account import User
from tests.portal.signing_in import signed_in

PATH = "/1/34/"

Keep = Callable[..., StoredFile]


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    """An empty folder of the portal."""
    settings.QUETSACH = replace(settings.QUETSACH, home=tmp_path)
    return tmp_path


@pytest.fixture
def clerk(db: None) -> User:
    return User.objects.create_user("van.thu@coquan.example", None, name="Văn thư")


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create_user("nguoi.khac@coquan.example", None, name="Người khác")


@pytest.fixture
def kept(home: Path, clerk: User) -> Keep:
    """Hand in bytes by a plain form."""

    def give(
        raw: bytes, name: str, purpose: str = "proof", actor: User | None = None
    ) -> StoredFile:
        upload = SimpleUploadedFile(name, raw)
        return store_upload(upload, purpose=purpose, owner_path=PATH, actor=actor or clerk)

    return give


def bytes_in(home: Path) -> set[str]:
    """Return the names of all files below the home, wherever they lie."""
    return {one.name for one in home.rglob("*") if one.is_file()}


Begin = Callable[..., Upload]


@pytest.fixture
def begun(home: Path, clerk: User) -> Begin:
    def begin(raw: bytes, name: str = "a.log", purpose: str = "evidence", **more: str) -> Upload:
        return begin_upload(
            name=name, size=len(raw), purpose=purpose, owner_path=PATH, actor=clerk, **more
        )

    return begin


@pytest.fixture
def browser(home: Path, clerk: User) -> Client:
    return signed_in(clerk)
