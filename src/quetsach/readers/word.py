"""Word documents (DOCX, DOCM, DOTX), read from their XML, with all that belongs to the text."""

import posixpath
from collections.abc import Mapping
from typing import Any

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.attachments import AttachedDocuments, PartReader
from quetsach.readers.contract import BlockKind, BlockPlace, ReadDocument, ReadLimits
from quetsach.readers.gather import BlockCollector
from quetsach.readers.legacy_fonts import StyleFonts
from quetsach.readers.packages import ZipPackage, names_of, parse_xml
from quetsach.readers.word_text import ParagraphNumbers, WordPart

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# "Strict Open XML" says the same in other namespaces (ISO/IEC 29500-1, annex A).
_STRICT = tuple(
    (
        f"http://purl.oclc.org/ooxml/{strict}".encode(),
        f"http://schemas.openxmlformats.org/{usual}".encode(),
    )
    for strict, usual in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
    )
)
_PARTS_OF_TEXT = ("/footnotes", "/endnotes")
_EMBEDDED = ("/package", "/aFChunk", "/oleObject")
_KINDS = ("/header", "/footer", *_PARTS_OF_TEXT, *_EMBEDDED)


class WordReader:
    """Reads a Word document: headers, body, notes, footers, embedded files, large pictures.

    Tracked deletions and reviewers' comments are left out, insertions and hidden text are kept.
    Macros are never run: a document that has them is read, and named.
    """

    name = "docx"
    title = "Word (DOCX)"

    def __init__(self, read_part: PartReader) -> None:
        self._read_part = read_part

    def knows(self, raw: bytes, name: str) -> bool:  # noqa: ARG002
        """Return whether `raw` is a Word document."""
        names = names_of(raw)
        return "[Content_Types].xml" in names and any(one.startswith("word/") for one in names)

    def read(self, raw: bytes, name: str, limits: ReadLimits) -> ReadDocument:
        """Return the document.

        Errors: E411, E412 or E414 when nothing of it can be read.
        """
        package = ZipPackage(raw, name, limits)
        out = BlockCollector(name, self.name, limits)
        with out.bounded():
            _Reading(package, out).run(AttachedDocuments(out, self._read_part))
        return out.paper(raw)


class _Reading:
    def __init__(self, package: ZipPackage, out: BlockCollector) -> None:
        self._package = package
        self._out = out
        self._line = 0
        self._table = 0

    def run(self, parts: AttachedDocuments) -> None:
        main = self._main()
        if any(name.endswith("vbaProject.bin") for name in self._package.names):
            self._out.problem("E415")
        links = self._relations(main)
        styles = self._styles(links)
        of = {kind: [t for t, k in links.values() if k.endswith(kind)] for kind in _KINDS}
        self._each(of["/header"], styles, BlockKind.HEADER)
        self._story(main, styles, BlockKind.PARAGRAPH)
        for kind in _PARTS_OF_TEXT:
            self._each(of[kind], styles, BlockKind.PARAGRAPH)
        self._each(of["/footer"], styles, BlockKind.FOOTER)
        parts.pictures(self._package, "word/media/")
        for kind in _EMBEDDED:
            for target in of[kind]:
                if target in self._package:
                    parts.read(self._package.read(target), posixpath.basename(target))

    def _main(self) -> str:
        for target, kind in self._relations("").values():
            if kind.endswith("/officeDocument") and target in self._package:
                return target
        if "word/document.xml" in self._package:
            return "word/document.xml"
        raise QuetsachError("E411", self._out.name, reason="word/document.xml")

    def _relations(self, part: str) -> Mapping[str, tuple[str, str]]:
        """Return id -> (target, kind) of a part's relations; targets inside as member names."""
        folder, base = posixpath.split(part)
        member = posixpath.join(folder, "_rels", f"{base}.rels")
        if member not in self._package:
            return {}
        root = self._xml(member)
        relations = {}
        for relation in root.iter(_RELATION):
            target, kind = relation.get("Target", ""), relation.get("Type", "")
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            relations[relation.get("Id", "")] = (target, kind)
        return relations

    def _styles(self, links: Mapping[str, tuple[str, str]]) -> tuple[StyleFonts, ParagraphNumbers]:
        parts: dict[str, Any] = {}
        for target, kind in links.values():
            name = kind.rpartition("/")[2]
            if name in ("styles", "numbering") and target in self._package:
                parts[name] = self._xml(target)
        styles = parts.get("styles")
        return StyleFonts(styles), ParagraphNumbers(parts.get("numbering"), styles)

    def _each(
        self, members: list[str], styles: tuple[StyleFonts, ParagraphNumbers], kind: BlockKind
    ) -> None:
        for member in dict.fromkeys(members):
            if member in self._package:
                self._story(member, styles, kind)

    def _story(
        self, member: str, styles: tuple[StyleFonts, ParagraphNumbers], kind: BlockKind
    ) -> None:
        targets = {
            number: target
            for number, (target, of) in self._relations(member).items()
            if of.endswith("/hyperlink")
        }
        story = WordPart(self._out, *styles, targets=targets)
        for piece in story.pieces(self._xml(member), self._table):
            if isinstance(piece.cells, tuple):
                self._table = max(self._table, piece.table)
                place = BlockPlace(table=piece.table, row=piece.row)
                self._out.row(piece.cells, place, links=piece.links)
            else:
                self._line += 1
                place = BlockPlace(line=self._line)
                self._out.paragraph(piece.text, place, kind=kind, links=piece.links)

    def _xml(self, member: str) -> Any:
        raw = self._package.read(member)
        for strict, usual in _STRICT:
            raw = raw.replace(strict, usual)
        root, damage = parse_xml(raw, f"{self._out.name}, {member}")
        if damage:
            self._out.problem("E411", member, reason=damage)
        return root
