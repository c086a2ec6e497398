"""The sheet of what is signed: made from the file itself, and only of what is sound."""

from pathlib import Path

import pypdfium2
import pytest

from quetsach.api.signing import sign_path
from quetsach.api.verifying import write_sheet
from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.printed import groups_of, words_of
from tests.signing.seals import KEY, OTHER, WHEN, release


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    assert len(document) == 1
    text: str = document[0].get_textpage().get_text_bounded()
    document.close()
    return " ".join(text.split())


def test_sheet_shows_title_count_digest_words_and_key(tmp_path: Path) -> None:
    path = tmp_path / "release.jsonl"
    path.write_bytes(release())
    digest = sign_path(path, KEY, WHEN).signature.digest
    written = write_sheet(path)
    assert written.name == "release.jsonl.sheet.pdf"
    text = text_of(written)
    for place, word in enumerate(words_of(digest), 1):
        assert f"{place}. {word}" in text
    assert " ".join(groups_of(digest)[:8]) in text
    for shown in ("release.jsonl", "Đợt 3", KEY.public.key_id, "2026-11-24T09:30:00+07:00"):
        assert shown in text


def test_sheet_of_one_of_two_keys_names_that_key(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x")
    for key in (KEY, OTHER):
        sign_path(path, key, WHEN)
    written = write_sheet(path, out=tmp_path / "o/s.pdf", key_id=OTHER.public.key_id)
    assert OTHER.public.key_id in text_of(written)


def test_what_is_unsigned_or_altered_gets_no_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x")

    def code(key_id: str | None = None) -> str:
        with pytest.raises(QuetsachError) as error:
            write_sheet(path, key_id=key_id)
        return error.value.problem.code

    assert code() == "E238"
    sign_path(path, KEY, WHEN)
    assert code("0" * 16) == "E238"
    path.write_bytes(b"y")
    assert code() == "E235"
    assert not (tmp_path / "a.txt.sheet.pdf").exists()
