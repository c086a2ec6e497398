"""Since when nothing can be written, also where not even that can be noted."""

from dataclasses import replace
from pathlib import Path

import pytest

from quetsach_portal.web import write_stops


@pytest.mark.django_db
def test_a_disk_that_refuses_even_the_note_is_known_to_the_process(
    tmp_path: Path, settings
) -> None:
    home = tmp_path / "home"
    home.write_text("no folder, so nothing can be written below it")
    settings.QUETSACH = replace(settings.QUETSACH, home=home)
    assert write_stops.stopped_since() is None
    since = write_stops.note_stopped()
    assert write_stops.stopped_since() == since == write_stops.note_stopped()
