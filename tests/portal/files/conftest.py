"""What the tests of the app share: a home of their own, a person, and ways to hand something in."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.people.models.account import User

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
