"""NOTICE: whose works go with quetsach, under which licence, written from what is installed."""

from collections.abc import Iterator, Sequence

from tools.supply.licences import LicenceTable, reasons_used
from tools.supply.parts import BuildPart

_HEAD = """quetsach
Copyright the quetsach authors. Licensed under the Apache License, Version 2.0 (see LICENSE).

Written by `python -m tools.supply notice`; a change here is overwritten.
"""
_OURS = """
Works of others in the wheel of quetsach
========================================
"""
_KERNEL = """
Compiled into the wheel of quetsach-kernel, with the standard library of Rust (MIT OR Apache-2.0)
================================================================================================
"""
_PACKAGES = """
Python packages that quetsach loads; each is installed by itself, with its own licence text
===========================================================================================
"""
_REASONS = """
Why these licences may be used
==============================
"""


def notice(table: LicenceTable, packages: Sequence[BuildPart], crates: Sequence[BuildPart]) -> str:
    """Return the text of NOTICE; crates that only build are left out."""
    ours = [
        f"{work.name}: {work.licence}\n  {work.copyright}\n  Text: {work.text}\n"
        for work in table.bundled
    ]
    used = sorted({name for part in packages for name in reasons_used(part.licence, table)})
    reasons = [f"{name}: {table.with_reason[name]}\n" for name in used]
    compiled = _lines([part for part in crates if part.runs])
    return "".join(
        (_HEAD, _OURS, *ours, _KERNEL, *compiled, _PACKAGES, *_lines(packages), _REASONS, *reasons)
    )


def _lines(parts: Sequence[BuildPart]) -> Iterator[str]:
    # No versions: which ones a build has stands in its bill of materials.
    for name, licence, page in sorted({(part.name, part.licence, part.page) for part in parts}):
        yield f"{name}: {licence}{f'  <{page}>' if page else ''}\n"
