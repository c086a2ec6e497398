"""Lists of indicators: each form, compiled lists, releases, decisions and allow-lists."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from sys import modules as loaded
from tempfile import TemporaryDirectory
from types import ModuleType

from bench.fuzz.as_file import by_path
from bench.fuzz.mutation import mutated_any, mutated_bytes, mutated_json, mutated_text
from bench.fuzz.samples import texts_in
from bench.fuzz.target import BrokenPromiseError, FuzzTarget
from bench.fuzz.targets.list_samples import list_samples
from quetsach.indicators import column_guess, options, read, values
from quetsach.indicators.allow import lists as allow_lists
from quetsach.indicators.compiled import list_file, validity
from quetsach.indicators.formats.contract import ListFormat
from quetsach.indicators.formats.registry import FORMS
from quetsach.indicators.options import ListOptions
from quetsach.indicators.releases import decisions, lines, release, store
from quetsach.signing import release as signed_release
from tests.indicators.compiled.test_list_file import CONTENT
from tests.indicators.compiled.test_validity import read_all
from tests.indicators.formats import test_mapped_table
from tests.indicators.releases import written
from tests.signing import seals
from tests.signing.seals import KEY

OPTIONS = ListOptions(accept_private=True)
_MAPPED = ListOptions(column_maps=(options.column_map_of(test_mapped_table.MAP, "a.toml"),))


def list_targets() -> list[FuzzTarget]:
    """Return a target for each form of list, and for all that is stored of lists."""
    return [*map(_of_form, FORMS), *_stored()]


def _of_form(form: ListFormat) -> FuzzTarget:
    return FuzzTarget(
        f"list.{form.name}",
        by_path(partial(_read_list, form), "list.txt"),
        partial(list_samples, form.name),
        (loaded[type(form).__module__], values),
    )


def _read_list(form: ListFormat, path: Path) -> None:
    """Read a list by one form; each of its rows is an indicator or refused with a reason."""
    chosen = _MAPPED if form.name == "mapped" else OPTIONS
    indicator_set = read.read_lists([path], chosen, forms=(form,))
    for reading in indicator_set.readings:
        if reading.rows != reading.taken + reading.refused:
            raise BrokenPromiseError("a row is neither taken nor refused")


def _stored() -> list[FuzzTarget]:
    def of(
        name: str,
        reader: Callable[[Path], object],
        samples: Callable[[], Sequence[bytes]],
        module: ModuleType,
    ) -> FuzzTarget:
        return FuzzTarget(f"list.{name}", by_path(reader, name), samples, (module,))

    return [
        FuzzTarget(
            "list.compiled",
            by_path(_read_compiled, "all.qslist"),
            _compiled,
            (list_file, validity),
            _mutated_compiled,
        ),
        FuzzTarget(
            "list.released",
            lambda content: release.read_release(content, "a.jsonl"),
            _releases,
            (release, lines),
            mutated_any,
        ),
        FuzzTarget(
            "list.release-line",
            lambda content: [lines.entry_of(line) for line in content.split(b"\n")],
            lambda: [line for content in _releases() for line in content.split(b"\n")],
            (lines,),
            mutated_json,
        ),
        FuzzTarget(
            "list.release-seals",
            lambda content: signed_release.read_signed_release(BytesIO(content)),
            lambda: [seals.sealed_by(seals.release("203.0.113.7"), KEY), *_releases()],
            (signed_release,),
            mutated_any,
        ),
        of("decisions", partial(decisions.read_decisions, at_us=0), _decisions, decisions),
        of("allow-list", lambda path: allow_lists.read_allow([path]), _allowed, allow_lists),
        FuzzTarget(
            "list.column-map",
            lambda content: options.column_map_of(content.decode("utf-8", "replace"), "a.toml"),
            lambda: texts_in(
                "indicators/test_options.py", "indicators/formats/test_mapped_table.py"
            ),
            (options,),
            mutated_text,
        ),
        FuzzTarget(
            "list.versions",
            _read_versions,
            lambda: [b'{"digest":"%s","created":"2026-09-01T08:00:00+07:00"}\n' % (b"a" * 64)],
            (store,),
            mutated_any,
        ),
        FuzzTarget(
            "list.value",
            _read_values,
            lambda: list(texts_in("indicators/test_values.py", "indicators/text", least=4)),
            (values, column_guess),
            mutated_text,
            by_line=True,
        ),
    ]


def _read_values(content: bytes) -> None:
    for line in content.decode("utf-8", "replace").split("\n"):
        values.parse_value(line, OPTIONS)


def _read_versions(content: bytes) -> None:
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        (Path(folder) / "versions.jsonl").write_bytes(content)
        store.versions(Path(folder))


def _releases() -> list[bytes]:
    return [release.release_bytes(written.release())]


def _decisions() -> list[bytes]:
    return [decisions.decision_lines([written.DECISION]) * 2]


def _allowed() -> list[bytes]:
    return [*texts_in("indicators/allow"), b"cdn.example\n192.0.2.0/24\n# a\n"]


@cache
def _compiled() -> list[bytes]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "all.qslist"
        list_file.write_compiled(path, CONTENT)
        return [path.read_bytes()]


def _mutated_compiled(content: bytes, others: Sequence[bytes], chance: object) -> bytes:
    """Return damaged content, mostly with the checksum that fits."""
    changed = mutated_bytes(content, others, chance)  # type: ignore[arg-type]
    if len(changed) % 8:
        return changed
    return changed[:16] + hashlib.sha256(changed[48:]).digest() + changed[48:]


def _read_compiled(path: Path) -> None:
    compiled = list_file.open_compiled(path)
    validity.check_columns(compiled.columns.arrays, compiled.columns.spans, compiled.columns.lists)
    read_all(compiled.columns)
