"""The demo's command: what it prints is in the language asked for, what people write Vietnamese."""

from io import StringIO
from unittest.mock import MagicMock

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import gettext

from quetsach_portal.demo_district import load as loading
from quetsach_portal.demo_district.management.commands import demo

pytestmark = pytest.mark.django_db

STEP = "Units, people and their roles"


@pytest.mark.parametrize(
    ("options", "active", "is_english"),
    [
        ({"lang": "en"}, "vi", True),
        ({}, "en", True),
        ({}, "vi", False),
        ({"lang": "vi"}, "en", False),
    ],
)
def test_it_prints_in_one_language_and_its_people_write_vietnamese(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, str], active: str, is_english: bool
) -> None:
    written: list[str] = []

    def loaded(announce: loading.Told, _public_url: str) -> loading.LoadedDemo:
        written.append(gettext(STEP))
        announce(loading._lazy(STEP))
        return loading.LoadedDemo(MagicMock(), [], MagicMock(pk=1))

    monkeypatch.setattr(loading, "_loaded", loaded)
    monkeypatch.setattr(
        demo, "prepare_live", lambda *_args: written.append(translation.get_language())
    )
    printed = StringIO()
    with translation.override(active):
        call_command("demo", stdout=printed, **options)
    lines = printed.getvalue().splitlines()
    assert (lines[0].strip() == STEP) == is_english
    assert ("Sign in with one of these" in printed.getvalue()) == is_english
    assert written == ["Đơn vị, người dùng và vai trò", "vi"]
