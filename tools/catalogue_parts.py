"""The parts of the two Vietnamese catalogues, merged into the files that programs read.

The build backend calls this too (`tools/wheel_texts.py`): it may import nothing but polib.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

_PLACEHOLDER = re.compile(r"%\((\w+)\)[-#0 +]*[\d.]*[a-zA-Z]|%%")


@dataclass(frozen=True)
class CatalogueFiles:
    """Where the parts of a catalogue lie, below the repository, and the file made of them."""

    parts: Path
    target: Path
    plurals: str = ""

    def write(self, merged: polib.POFile, root: Path = Path()) -> None:
        """Write the merged catalogue as the program reads it."""
        target = root / self.target
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(merged.to_binary())


_ENGINE_PARTS = Path("src/quetsach/locale/vi")
_PORTAL_PARTS = Path("src/quetsach_portal/locale/vi")
ENGINE = CatalogueFiles(_ENGINE_PARTS, _ENGINE_PARTS / "LC_MESSAGES/quetsach.mo")
PORTAL = CatalogueFiles(
    _PORTAL_PARTS, _PORTAL_PARTS / "LC_MESSAGES/django.mo", "nplurals=1; plural=0;"
)


def read_parts(files: CatalogueFiles, root: Path = Path()) -> list[tuple[str, polib.POFile]]:
    """Return name and entries of each part, by name."""
    return [
        (path.name, polib.pofile(str(path))) for path in sorted((root / files.parts).glob("*.po"))
    ]


def merge_catalogue(files: CatalogueFiles, root: Path = Path()) -> tuple[polib.POFile, list[str]]:
    """Return a whole catalogue, and what is wrong with its parts."""
    merged, problems = merge(read_parts(files, root))
    if files.plurals:
        merged.metadata["Plural-Forms"] = files.plurals
    return merged, problems


def placeholders(message: str) -> list[str]:
    """Return the named placeholders of `message`, sorted, with their conversion."""
    return sorted(found.group() for found in _PLACEHOLDER.finditer(message))


def merge(parts: Iterable[tuple[str, polib.POFile]]) -> tuple[polib.POFile, list[str]]:
    """Return one catalogue of all `parts` (name, entries), and what is wrong with them."""
    merged = polib.POFile()
    merged.metadata = {"Language": "vi", "Content-Type": "text/plain; charset=UTF-8"}
    problems: list[str] = []
    known: dict[str, tuple[str, str]] = {}
    for name, part in parts:
        for entry in part:
            if entry.obsolete:
                continue
            problems += [f"{name}: {wrong}: {entry.msgid!r}" for wrong in _faults(entry)]
            if entry.msgid not in known:
                known[entry.msgid] = (entry.msgstr, name)
                merged.append(
                    polib.POEntry(
                        msgid=entry.msgid,
                        msgstr=entry.msgstr,
                        msgid_plural=entry.msgid_plural,
                        msgstr_plural=entry.msgstr_plural,
                    )
                )
            elif known[entry.msgid][0] != entry.msgstr:
                first = known[entry.msgid][1]
                problems.append(f"{name}: translated otherwise in {first}: {entry.msgid!r}")
    return merged, problems


def _faults(entry: polib.POEntry) -> Iterator[str]:
    # Vietnamese has one form for any number.
    translated = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
    if not translated.strip():
        yield "not translated"
        return
    if entry.fuzzy:
        yield "marked fuzzy"
    asked = placeholders(entry.msgid_plural or entry.msgid)
    if asked != placeholders(translated):
        yield "its placeholders differ"
    if entry.msgid.endswith("\n") != translated.endswith("\n"):
        yield "one of the two ends with a line break"
