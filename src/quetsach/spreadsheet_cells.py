"""A cell of CSV that no spreadsheet takes for a formula."""

import re

_SIGNS = "=+-@＝＋－＠"
_STARTS_A_FORMULA = (*_SIGNS, "\t", "\r", "\n", "|", "%")
_AMID = re.compile(rf'([;\r\n]"*)(?=[{re.escape(_SIGNS)}])')
"""Where a spreadsheet parts cells by semicolons, as with Vietnamese settings, a cell may begin."""


def harmless_cell(text: str) -> str:
    """Return `text` with an apostrophe before what a spreadsheet would run as a formula.

    Source: OWASP, CSV Injection.
    """
    text = _AMID.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
