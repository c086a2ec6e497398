"""What the code must keep while it is rearranged, each as text or SHA-256 under a name.

Each section is gathered in a process of its own, `python -m tools.house.baseline SECTION FILE`;
`gather` runs them all. A section is {name: what must stay}, so that differences have names.
"""

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from tools.house import schema

Section = dict[str, str]
Baseline = dict[str, Section]

ROOT = Path(__file__).parents[2]
HELP_WIDTH = 90
LANGUAGES: tuple[Literal["en", "vi"], ...] = ("en", "vi")
ACTION = re.compile(r"(?!quetsach|django)[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+")
CODE = re.compile(r"[EP]\d{3}")


def gather() -> Baseline:
    """Return the whole baseline of this tree."""
    made: Baseline = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in SECTIONS:
            target = Path(folder, "made.json")
            _run(["tools.house.baseline", name, str(target)], Path(folder, name))
            made[name] = json.loads(target.read_text())
        target = Path(folder, "pages.json")
        _run(["tools.house.pages", str(target)], Path(folder, "pages"))
        made |= json.loads(target.read_text())
        for name, before in (("sqlite", []), ("postgresql", ["sh", "tools/with_postgres.sh"])):
            target = Path(folder, f"{name}.json")
            _run(["tools.house.schema", str(target)], Path(folder, name), before)
            if target.exists():
                made[f"schema {name}"] = schema.flat(json.loads(target.read_text()))
    return made


def _run(module: list[str], home: Path, before: list[str] | None = None) -> None:
    """Run a module of ours on an empty home; its log is shown only where it fails."""
    home.mkdir()
    environment = {**os.environ, "QUETSACH_HOME": str(home), "DATABASE_URL": "", "LANGUAGE": "vi"}
    command = [*(before or []), sys.executable, "-m", *module]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-4000:]}")


def sha256(data: bytes | str) -> str:
    """Return the SHA-256 of `data`, a text as UTF-8."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def tests() -> Section:
    """Return how many functions have each test's name, and how many tests they make."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout[-4000:])
    return counted_tests(done.stdout.splitlines())


def counted_tests(lines: list[str]) -> Section:
    """Return {name of a test function: "F functions, T tests"} of what pytest lists.

    Without their paths, for files move; the numbers of all stand under "all".
    """
    functions: Counter[tuple[str, str]] = Counter()
    for line in lines:
        if "::" in line:
            path, _, name = line.partition("::")
            functions[path, name.partition("[")[0]] += 1
    by_name: dict[str, list[int]] = defaultdict(list)
    for (_path, name), count in functions.items():
        by_name[name].append(count)
    by_name["all"] = list(functions.values())
    return {
        name: f"{len(counts)} functions, {sum(counts)} tests" for name, counts in by_name.items()
    }


def findings() -> Section:
    """Return the digest of each file of the demo, of its findings, traces and printed results."""
    with tempfile.TemporaryDirectory() as folder:
        demo = "demo --out demo --seed 2022 --size small"
        tables = "--inventory demo/machines.csv --plan demo/units.csv"
        sweep = f"sweep demo/evidence -i demo/indicators {tables} --sources demo/sources.toml"
        runs = {
            "demo": demo,
            "sweep": f"{sweep} --allow demo/allow/resolver.txt -o findings",
            "trace": f"trace demo/notices/canh-bao.csv -e demo/evidence {tables} -o traces",
            "card": "card findings",
            "report": "report findings --form phu-luc-2022 --unit Huyện",
        }
        made: Section = {}
        for name, words in runs.items():
            command = [sys.executable, "-m", "tools.house.fixed", *words.split()]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            made[f"{name}: exit code"] = str(done.returncode)
            made[f"{name}: output"] = sha256(re.sub(r"\d+,\d (giây|phút)", "#", done.stdout))
        files = sorted(path for path in Path(folder).rglob("*") if path.is_file())
        return made | {
            path.relative_to(folder).as_posix(): sha256(path.read_bytes()) for path in files
        }


def command_line() -> Section:
    """Return the help of each command of quetsach and of its portal, in both languages."""
    made: Section = {}
    for language in LANGUAGES:
        command = [sys.executable, "-m", "tools.house.baseline", f"help in {language}", "-"]
        environment = {**os.environ, "LANGUAGE": language, "QUETSACH_LANGUAGE": language}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
        made |= {f"{name} ({language})": text for name, text in json.loads(done.stdout).items()}
    return made


def _helps(language: Literal["en", "vi"]) -> Section:
    from quetsach.texts import use_language

    # Help texts are translated when their module is imported.
    use_language(language)
    from quetsach.cli.main import cli

    return dict(_click_helps(cli, "quetsach", None)) | dict(_portal_helps(language))


def _click_helps(command: Any, name: str, parent: Any) -> Iterator[tuple[str, str]]:
    import click

    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=HELP_WIDTH,
        max_content_width=HELP_WIDTH,
    )
    yield context.command_path, sha256(command.get_help(context))
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            subcommand = command.get_command(context, below)
            if subcommand is not None:
                yield from _click_helps(subcommand, below, context)


def _portal_helps(language: Literal["en", "vi"]) -> Iterator[tuple[str, str]]:
    _set_up()
    from django.core.management import get_commands, load_command_class
    from django.utils import translation

    translation.activate(language)
    for name, app in sorted(get_commands().items()):
        if str(app).startswith("quetsach_portal"):
            parser = load_command_class(str(app), name).create_parser("quetsach manage", name)
            yield f"quetsach manage {name}", sha256(parser.format_help())


def _set_up() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quetsach_portal.config.settings")
    django.setup()


def docs() -> Section:
    """Return the digest of each generated page of docs/."""
    from tools.docs import pages

    return {name: sha256(text) for name, text in pages().items()}


def addresses() -> Section:
    """Return the route of each address of the portal with its name."""
    _set_up()
    from django.urls import URLResolver, get_resolver

    def below(resolver: Any, space: str, route: str) -> Iterator[tuple[str, str]]:
        for pattern in resolver.url_patterns:
            longer = route + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                name = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from below(pattern, name, longer)
            else:
                yield longer, f"{space}{pattern.name}" if pattern.name else "without a name"

    made: dict[str, list[str]] = defaultdict(list)
    for route, name in below(get_resolver(), "", "/"):
        made[route].append(name)
    return {route: ", ".join(sorted(names)) for route, names in made.items()}


def jobs() -> Section:
    """Return each kind of job: whether it is heavy, and every how many seconds it runs."""
    _set_up()
    from quetsach_portal.config.jobs import HANDLERS, HEAVY, PERIODIC

    return {kind: f"heavy: {kind in HEAVY}, every: {PERIODIC.get(kind)}" for kind in HANDLERS}


def trees(package: str = "*") -> Iterator[ast.Module]:
    """Return the syntax tree of each source file of a package, or of all; without migrations."""
    for folder in sorted(ROOT.glob(f"src/{package}/")):
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts:
                yield ast.parse(path.read_bytes())


def error_codes() -> Section:
    """Return the sentences of each error code, English and Vietnamese.

    They are read out of the source: each is a key "E101" or "P101" of a dict, its value a call
    that holds the sentences.
    """
    vietnamese = translations()
    made: dict[str, list[str]] = defaultdict(list)
    for tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Dict):
                continue
            for key, value in zip(node.keys, node.values, strict=True):
                if not (isinstance(key, ast.Constant) and CODE.fullmatch(str(key.value))):
                    continue
                texts = constants(value)
                translated = [vietnamese.get(text, "") for text in texts]
                made[str(key.value)].append(" | ".join((*texts, *translated)))
    return {code: " || ".join(sorted(texts)) for code, texts in made.items()}


def constants(node: ast.AST) -> list[str]:
    """Return the strings in `node`, in their order."""
    return [
        inner.value
        for inner in ast.walk(node)
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
    ]


def translations() -> Mapping[str, str]:
    """Return the Vietnamese of each English text, of engine and portal."""
    import polib

    made: dict[str, set[str]] = defaultdict(set)
    for path in ROOT.glob("src/*/locale/vi/*.po"):
        for entry in polib.pofile(str(path)):
            made[entry.msgid].add(entry.msgstr or " / ".join(entry.msgstr_plural.values()))
    return {english: " || ".join(sorted(texts)) for english, texts in made.items()}


def texts() -> Section:
    """Return the digest of each text's Vietnamese."""
    return {english: sha256(vietnamese) for english, vietnamese in translations().items()}


def audit_words() -> Section:
    """Return each action and each kind of object that the portal writes into the audit trail.

    They are read out of the source: strings like "case.closed" wherever they are, for helpers hand
    them on (with them come names of files and kinds of jobs), and `kind=` beside `object_id=`.
    """
    words: set[str] = set()
    for tree in trees("quetsach_portal"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and ACTION.fullmatch(str(node.value)):
                words.add(f"action {node.value!s}")
            elif isinstance(node, ast.Call):
                by_name = {keyword.arg: keyword.value for keyword in node.keywords}
                if {"kind", "object_id"} <= by_name.keys():
                    words.update(f"kind {text}" for text in constants(by_name["kind"]))
    return dict.fromkeys(words, "written")


SECTIONS: Mapping[str, Callable[[], Section]] = {
    "tests": tests,
    "findings": findings,
    "command line": command_line,
    "docs": docs,
    "addresses": addresses,
    "jobs": jobs,
    "error codes": error_codes,
    "texts": texts,
    "audit words": audit_words,
}
HELPS: Mapping[str, Callable[[], Section]] = {
    f"help in {language}": lambda language=language: _helps(language)  # type: ignore[misc]
    for language in LANGUAGES
}


def differences(
    before: Baseline, after: Baseline, *, tables: Mapping[str, str] | None = None
) -> list[str]:
    """Return a line for each difference, "section: name: before -> after".

    With `tables` (old name to new) the tables of `before` are renamed, and names of constraints,
    which follow those of their tables, are not compared.
    """
    lines: list[str] = []
    for section in sorted({*before, *after}):
        if section not in before or section not in after:
            lines.append(f"{section}: only in {'the first' if section in before else 'the second'}")
            continue
        old, new = before[section], after[section]
        if tables and section.startswith("schema "):
            old, new = schema.renamed(old, tables), schema.without_names(new)
        lines += [
            f"{section}: {name}: {old.get(name, 'none')} -> {new.get(name, 'none')}"
            for name in sorted({*old, *new})
            if old.get(name) != new.get(name)
        ]
    return lines


def main(section: str, target: str) -> None:
    """Gather one section into a file, or onto the screen."""
    text = json.dumps({**SECTIONS, **HELPS}[section](), sort_keys=True, ensure_ascii=False)
    if target == "-":
        print(text)
    else:
        Path(target).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
