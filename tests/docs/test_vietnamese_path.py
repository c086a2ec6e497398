"""The path of a Vietnamese officer: from README.vi.md on, no page and no help is in English."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from quetsach.cli.main import cli
from quetsach_portal.config.command_help import help_of

ROOT = Path(__file__).parents[2]
START = ROOT / "README.vi.md"
INDEX = ROOT / "docs/vi/README.md"

NOT_OF_THE_PATH = {
    "README.md", "docs/README.md", "LICENSE", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md",
    "CHANGELOG.md",
}  # fmt: skip
"""The English page itself, the licence, and what is for developers."""

LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")
LETTER = re.compile(
    r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE
)
ENGLISH = re.compile(
    r"\b(the|of|with|which|that|are|from|each|your|this|show|when)\b", re.IGNORECASE
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def text_of(page: Path) -> str:
    """Return the Vietnamese text of `page`; the page of the collector says it in English, too."""
    text = page.read_text("utf-8")
    return text.partition("\n---\n")[0] if page == ROOT / "collect/README.md" else text


def _links(page: Path) -> Iterator[Path]:
    for target, _anchor in LINK.findall(text_of(page)):
        if "://" not in target and target.endswith(".md"):
            yield (page.parent / target).resolve()


def _is_ours(page: Path) -> bool:
    return page in {START, ROOT / "collect/README.md"} or page.is_relative_to(ROOT / "docs/vi")


@cache
def path_of(start: Path) -> tuple[Path, ...]:
    """Return all Vietnamese pages that links lead to from `start`, in the order of their names."""
    seen, waiting = {start}, [start]
    while waiting:
        for page in _links(waiting.pop()):
            if page not in seen and _is_ours(page):
                seen.add(page)
                waiting.append(page)
    return tuple(sorted(seen))


def test_no_link_of_the_path_leads_to_an_english_page() -> None:
    ways_out = [
        f"{page.relative_to(ROOT)} -> {target.relative_to(ROOT)}"
        for page in path_of(START)
        for target in _links(page)
        if not _is_ours(target) and str(target.relative_to(ROOT)) not in NOT_OF_THE_PATH
    ]
    assert ways_out == []


def test_every_vietnamese_page_is_on_the_path() -> None:
    pages = set((ROOT / "docs/vi").rglob("*.md"))
    assert pages <= set(path_of(INDEX))


def _prose(text: str) -> Iterator[str]:
    """Yield the lines that are sentences: no code, no comments, no names in backticks."""
    text = re.sub(r"<!--.*?-->", "", FENCE.sub("", text), flags=re.DOTALL)
    for line in text.splitlines():
        yield re.sub(r"`[^`]*`|\]\([^)]*\)", "", line)


@pytest.mark.parametrize("page", path_of(START), ids=lambda page: str(page.relative_to(ROOT)))
def test_no_line_of_a_page_is_in_english(page: Path) -> None:
    text = text_of(page)
    left = [
        line for line in _prose(text) if len(ENGLISH.findall(line)) >= 2 and not LETTER.search(line)
    ]
    assert left == []
    assert LETTER.search(text)


def test_no_help_is_left_in_english() -> None:
    """docs/vi/cli.md is what `--help` prints in Vietnamese; `tools.docs --check` holds it so."""
    left = [
        line
        for _kind, block in FENCE.findall((ROOT / "docs/vi/cli.md").read_text("utf-8"))
        for line in block.splitlines()
        if len(ENGLISH.findall(line)) >= 2 and not LETTER.search(line)
    ]
    assert left == []


CALL = re.compile(r"(?:^|bin/|-- |&& |\$ (?:.* )?)quetsach (?P<words>.+)$")


def _commands(page: Path) -> Iterator[list[str]]:
    """Yield the words of each call of quetsach in the blocks of `page` that are commands."""
    for kind, block in FENCE.findall(page.read_text("utf-8")):
        if kind in {"sh", "console"}:
            for line in block.replace("\\\n", " ").splitlines():
                call = CALL.search(line)
                if call:
                    yield shlex.split(re.sub(r"\$\([^)]*\)", "VALUE", call["words"]), comments=True)


CALLS = [(page, words) for page in path_of(START) for words in _commands(page)]


@pytest.mark.parametrize(
    ("page", "words"), CALLS, ids=[f"{page.stem}: {' '.join(words)[:50]}" for page, words in CALLS]
)
def test_every_command_and_option_of_the_pages_exists(page: Path, words: list[str]) -> None:
    command: click.Command = cli
    context = click.Context(cli, info_name="quetsach")
    rest = words[2:] if words[0] == "--lang" else words
    while isinstance(command, click.Group):
        if command.name == "report" and rest[0] not in command.list_commands(context):
            rest = ["fill", *rest]  # Without a command `report` fills a form.
        name, below, rest = command.resolve_command(context, list(rest))
        assert below is not None
        command, context = below, click.Context(below, info_name=name, parent=context)
    if command.name == "manage":
        explained = help_of(rest[0]) + "--verbosity"  # Django's own is not in the help.
        assert [word for word in rest[1:] if word.startswith("--") and word not in explained] == []
    else:
        # Raises UsageError for an option that is not there, or one without its value.
        command.make_parser(context).parse_args(list(rest))


def test_packages_are_installed_as_the_english_pages_say() -> None:
    for name in ("deploying.md", "upgrading.md"):
        calls = re.findall(
            r"^\s*(/opt/quetsach/bin/pip install(?: --?[\w-]+)*)",
            text_of(ROOT / "docs/vi" / name),
            re.MULTILINE,
        )
        english = (ROOT / "docs" / name).read_text("utf-8")
        assert calls
        assert [call for call in calls if call not in english] == []
    files = re.findall(r"requirements/\w+\.txt", text_of(ROOT / "docs/vi/deploying.md"))
    assert [file for file in files if not (ROOT / file).exists()] == []


FOR_DEVELOPERS = {
    "benchmarks.md", "fuzzing.md", "releasing.md", "reliability.md", "requirements.md",
    "sandbox.md", "security-asvs.md", "security-design.md",
}  # fmt: skip
"""Pages of docs/ on how the program is made and tested; these and the decisions are in English."""


def test_every_page_for_offices_has_its_vietnamese_twin() -> None:
    docs = ROOT / "docs"
    english = {
        path.relative_to(docs).as_posix()
        for path in docs.rglob("*.md")
        if path.relative_to(docs).parts[0] not in {"vi", "decisions"}
    }
    twins = {path.relative_to(docs / "vi").as_posix() for path in (docs / "vi").rglob("*.md")}
    assert english - twins == FOR_DEVELOPERS
