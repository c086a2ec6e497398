"""Each class is called something in Vietnamese."""

from quetsach.indicators.allow.class_texts import CLASS_TEXTS
from quetsach.texts import _, use_language


def test_each_class_has_its_words() -> None:
    use_language("vi")
    assert CLASS_TEXTS
    assert all(_(text) != text for text in CLASS_TEXTS.values())
