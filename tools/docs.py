"""Write the reference pages of docs/ from the code they describe, and the index of the dialects.

`python -m tools.docs` writes them; with `--check` it writes nothing and names the stale ones.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from quetsach.errors.exceptions import CATALOGUE
from quetsach.texts import use_language
from tools import form_pages
from tools.glossary import LEDGER, read_glossary
from tools.pages.formats import formats_page, lists_page, outputs_page
from tools.pages.fuzzing import fuzzing_page, fuzzing_section, with_section
from tools.pages.portal import (
    glossary_page,
    page_words,
    portal_pages,
    sandbox_page,
    security_page,
    settings_page,
)
from tools.pages.readers import with_readers
from tools.pages.reference import cli_page, errors_page, forms_page, letter_page, schema_page
from tools.pages.vietnamese import vietnamese_pages
from tools.scoreboard import board as scoreboard

FOLDER = Path("docs")
FUZZED = FOLDER / "fuzzing.json"


PAGE_WORDS = "../src/quetsach_portal/worklist/guide/words.json"
"""The words of the portal's help, which has no docs folder beside it."""


DIALECT_INDEX = "../src/quetsach/formats/dialects/shipped/index.json"
"""No page, but written from the dialects as pages are."""


def pages() -> dict[str, str]:
    """Return the text of each generated page by its file name."""
    # Help texts are translated when their module is imported.
    use_language("en")
    from quetsach.blocklists.outputs.registry import OUTPUTS
    from quetsach.captures.registry import capture_readers
    from quetsach.cli.main import cli
    from quetsach.formats.dialects.making_index import index_text
    from quetsach.formats.registry import all_formats
    from quetsach.indicators.formats.registry import FORMS
    from quetsach.letters.model import ReadLetter
    from quetsach.sandbox.escape_attempts import ATTEMPTS
    from quetsach_portal.config.setting_keys import portal_settings, public_settings

    fuzzed = json.loads(FUZZED.read_bytes())
    written = {
        "cli.md": cli_page(cli, "quetsach"),
        "errors.md": errors_page(CATALOGUE),
        "formats.md": formats_page(
            all_formats(), capture_readers(), scoreboard.FILE.read_text("utf-8")
        ),
        "glossary.md": glossary_page(read_glossary(LEDGER)),
        "lists.md": lists_page(FORMS),
        "outputs.md": outputs_page(OUTPUTS),
        "letter.md": letter_page(ReadLetter),
        "schema.md": schema_page(),
        "portal-settings.md": settings_page(portal_settings(), public_settings()),
        "forms-shipped.md": forms_page(form_pages.shipped_forms()),
        "security-asvs.md": security_page(),
        "fuzzing.md": fuzzing_page(fuzzed),
        "reliability.md": with_section(
            (FOLDER / "reliability.md").read_text("utf-8"), fuzzing_section(fuzzed)
        ),
        "sandbox.md": sandbox_page(ATTEMPTS),
        DIALECT_INDEX: index_text(),
        PAGE_WORDS: page_words(read_glossary(LEDGER)),
        **vietnamese_pages(),
        **portal_pages(),
    }
    return {name: with_readers(name, text) for name, text in written.items()}


def stale(wanted: Mapping[str, str], folder: Path) -> list[str]:
    """Return the names of the pages in `folder` that are not as `wanted`."""
    return [
        name
        for name, text in wanted.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: Sequence[str]) -> int:
    """Write or check the pages; return the exit code."""
    wanted = pages()
    old = stale(wanted, FOLDER)
    if "--check" in arguments:
        for name in old:
            print(f"{FOLDER / name} is stale: run make docs", file=sys.stderr)
        return 1 if old else 0
    for name in old:
        (FOLDER / name).write_text(wanted[name], encoding="utf-8")
        print(f"wrote {FOLDER / name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
