"""What a format says of itself can be read in Vietnamese."""

from pathlib import Path

import polib
import pytest

import quetsach
from quetsach.formats.contract import Format
from quetsach.formats.registry import all_formats

CATALOGUES = sorted((Path(quetsach.__file__).parent / "locale" / "vi").glob("formats*.po"))


@pytest.mark.parametrize("form", all_formats(), ids=lambda form: form.name)
def test_title_and_records_have_a_vietnamese_text(form: Format) -> None:
    entries = [entry for path in CATALOGUES for entry in polib.pofile(str(path))]
    texts = {entry.msgid: entry.msgstr for entry in entries}
    assert texts.get(form.title)
    assert texts.get(form.reads)
