"""Bring the pages of the repository into the folders that the site is built of, one a language.

A page may link to any file of the repository; in the site only pages and the files beside them are
there. Links between pages are turned to where they lie in the site, and a link to a file that the
site does not have, such as a source file, becomes its text alone.
"""

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ENGLISH: Mapping[str, str] = {
    "README.md": "index.md",
    "docs/README.md": "pages.md",
    "ARCHITECTURE.md": "project/architecture.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "STYLE.md": "project/style.md",
    "SECURITY.md": "project/security.md",
    "CHANGELOG.md": "project/changelog.md",
}
"""Where pages of the repository lie in the English site; those of docs/ keep their places."""

VIETNAMESE: Mapping[str, str] = {
    "README.vi.md": "index.md",
    "docs/vi/README.md": "pages.md",
    "collect/README.md": "collector.md",
}

BESIDE = (".png", ".svg", ".ipynb", ".toml", ".yml", ".tsv", ".json")
"""Files of docs/ that pages link to or show."""

_PART = re.compile(
    r"^[ >]*```.*?^[ >]*```[^\n]*$|`[^`\n]+`"
    r"|(?P<text>!?\[(?:[^\[\]]|\[[^\]]*\])*\])\((?P<target>[^)\s]+)(?P<title>[^)]*)\)",
    re.MULTILINE | re.DOTALL,
)
"""A block of code, code in the line, or a link; whichever begins first."""


@dataclass(frozen=True)
class Place:
    """A page or file in the site: its language's folder there, and its path in it."""

    folder: str
    path: str

    def address(self) -> str:
        """Return where the built site has it."""
        path = self.path.removesuffix(".md") + ".html" if self.path.endswith(".md") else self.path
        return f"{self.folder}/{path}" if self.folder else path


def places(root: Path) -> dict[str, Place]:
    """Return where each file of the repository that the site has lies in it, by its path."""
    rows = {source: Place("", path) for source, path in ENGLISH.items()}
    rows |= {source: Place("vi", path) for source, path in VIETNAMESE.items()}
    for file in sorted((root / "docs").rglob("*")):
        source = file.relative_to(root).as_posix()
        if source in rows or file.suffix not in (".md", *BESIDE):
            continue
        path = file.relative_to(root / "docs").as_posix()
        folder = ""
        if path.startswith("vi/"):
            folder, path = "vi", path.removeprefix("vi/")
        if path.endswith("/README.md"):
            path = path.removesuffix("README.md") + "index.md"
        rows[source] = Place(folder, path)
    return {source: place for source, place in rows.items() if (root / source).is_file()}


def stage(root: Path, target: Path) -> None:
    """Write the pages into `target`/en and `target`/vi, made anew."""
    where = places(root)
    shutil.rmtree(target, ignore_errors=True)
    for source, place in where.items():
        file = target / (place.folder or "en") / place.path
        file.parent.mkdir(parents=True, exist_ok=True)
        if source.endswith(".md"):
            text = (root / source).read_text(encoding="utf-8")
            file.write_text(with_links(text, source, where), encoding="utf-8")
        else:
            shutil.copyfile(root / source, file)


def with_links(text: str, source: str, where: Mapping[str, Place]) -> str:
    """Return the text of the page `source` with its links as the site has them."""

    def turned(match: re.Match[str]) -> str:
        if match["target"] is None:
            return match[0]
        target, hash_, anchor = match["target"].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return match[0]
        aim = os.path.normpath(Path(source).parent / target)
        for name in (aim, f"{aim}/README.md"):
            if name in where:
                link = _relative(where[source], where[name])
                return f"{match['text']}({link}{hash_}{anchor}{match['title']})"
        return match["text"].strip("![]")

    return _PART.sub(turned, text)


def _relative(page: Place, aim: Place) -> str:
    """Return the link from a page to `aim`: to the source in its own language, else as built."""
    if page.folder == aim.folder:
        return os.path.relpath(aim.path, Path(page.path).parent)
    return os.path.relpath(aim.address(), Path(page.address()).parent)
