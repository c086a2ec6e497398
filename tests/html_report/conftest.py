"""What the report's tests share: the Vietnamese catalogue, compiled from its source."""

from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from quetsach import texts

CATALOGUE = Path(texts.__file__).parent / "locale" / "vi" / "report.po"


@pytest.fixture(autouse=True, scope="module")
def _vietnamese(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    # The set-up compiles all catalogues into one; here the .po beside the code is what is judged.
    folder = tmp_path_factory.mktemp("locale")
    compiled = folder / "vi" / "LC_MESSAGES" / "quetsach.mo"
    compiled.parent.mkdir(parents=True)
    # The report speaks the words of the lists, too: of their classes.
    parts = (polib.pofile(str(path)) for path in (CATALOGUE, CATALOGUE.with_name("lists.po")))
    whole = {entry.msgid: entry for part in parts for entry in part}
    catalogue = polib.POFile()
    catalogue.metadata = polib.pofile(str(CATALOGUE)).metadata
    catalogue.extend(whole.values())
    catalogue.save_as_mofile(str(compiled))
    before, texts._LOCALE = texts._LOCALE, folder
    texts._catalogues.clear()
    yield
    texts._LOCALE = before
    texts._catalogues.clear()


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    texts.use_language("vi")
    yield
    texts.use_language("vi")
