"""Buttons and links that a tutorial names in bold stand in the portal, word by word."""

import re
from pathlib import Path

import polib
import pytest

from tests.docs.examples import ROOT

PAGES = ("docs/tutorials/first-campaign.md", "docs/vi/tutorials/first-campaign.md")
VIETNAMESE = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)


def texts() -> set[str]:
    """Return the Vietnamese texts of the portal, numbers and names in them as `#`."""
    rows = set()
    for file in (ROOT / "src/quetsach_portal/locale/vi").glob("*.po"):
        for entry in polib.pofile(str(file)):
            rows |= {
                re.sub(r"%\(\w+\)[sd]", "#", text)
                for text in (entry.msgstr, *entry.msgstr_plural.values())
            }
    return rows


@pytest.mark.parametrize("page", PAGES)
def test_the_labels_that_a_tutorial_names_stand_in_the_portal(page: str) -> None:
    bold = re.findall(r"\*\*([^*]+)\*\*", Path(ROOT / page).read_text("utf-8"))
    parts = [part.strip(" .,;:") for text in bold for part in text.split("›")]
    labels = [part for part in parts if VIETNAMESE.search(part)]
    known = texts()
    missing = [label for label in labels if re.sub(r"\b\d+\b", "#", label) not in known]
    assert labels
    assert missing == []
