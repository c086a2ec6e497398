import string

import polib

from quetsach.html_report.page import render
from tests.html_report import example
from tests.html_report.conftest import CATALOGUE
from tests.html_report.messages import message_ids
from tests.html_report.reading import read


def test_every_text_has_its_vietnamese_and_no_translation_is_left_over() -> None:
    entries = polib.pofile(str(CATALOGUE))
    translated = {entry.msgid for entry in entries if entry.msgstr and not entry.fuzzy}
    assert translated == message_ids()


def test_translations_keep_the_placeholders() -> None:
    for entry in polib.pofile(str(CATALOGUE)):
        names = {one.split(")")[0] for one in entry.msgid.split("%(")[1:]}
        assert names == {one.split(")")[0] for one in entry.msgstr.split("%(")[1:]}, entry.msgid


def test_vietnamese_page_holds_no_english_message() -> None:
    words = {
        " ".join(one.split())
        for one in read(render(*example.findings(), "vi", example.ZONE).html).words
    }
    unlike = {one.msgid for one in polib.pofile(str(CATALOGUE)) if one.msgid != one.msgstr}
    plain = {one for one in unlike if "%(" not in one}
    assert len(plain) > 100
    assert not words & plain
    assert any(set(one) - set(string.printable) for one in words)
