"""What decides how a hand-out looks, beside its texts."""

import pytest

from quetsach.api import handouts
from quetsach.documents.sheets import handouts as sheets
from quetsach.documents.sheets.handouts import find_plain_face, template_bytes


def test_templates_and_typefaces_decide_how_a_hand_out_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert handouts.printed_alike("vi").endswith(template_bytes())
    face = find_plain_face("vi")
    assert face is not None
    assert handouts.printed_alike("vi").startswith(face.family.encode())
    monkeypatch.setattr(sheets, "KHMER", ())
    find_plain_face.cache_clear()
    try:
        assert not handouts.can_print("km")
        assert handouts.printed_alike("km") == template_bytes()
        assert handouts.can_print("vi")
    finally:
        find_plain_face.cache_clear()
