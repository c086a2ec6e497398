"""The settings of an office come to the server's process as they were given."""

from pathlib import Path

import pytest

from quetsach_public.block_page.releasing import ReleaseMethod
from quetsach_public.block_page.settings import VARIABLE, BlockPageSettings, block_page_settings


@pytest.mark.parametrize(
    "settings",
    [
        BlockPageSettings(Path("/var/lib/quetsach-held")),
        BlockPageSettings(
            *(Path("home"), Path("release"), ReleaseMethod.RPZ, 'Xã "A" & B', "0299 000 000"),
            wait_s=60,
            release_s=7200,
        ),
    ],
)
def test_what_the_command_hands_over_is_what_the_server_reads(
    settings: BlockPageSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, settings.as_text())
    assert block_page_settings() == settings


@pytest.mark.parametrize(("text", "error"), [(None, KeyError), ("{", ValueError), ("{}", KeyError)])
def test_a_process_without_settings_does_not_start(
    text: str | None, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if text is not None:
        monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(error):
        block_page_settings()
