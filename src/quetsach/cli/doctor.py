"""`quetsach doctor`: what this machine has, what is missing, and how to get it."""

import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

import click

from quetsach import __version__
from quetsach.compiled import misfit
from quetsach.errors.exceptions import Problem
from quetsach.extras import EXTRA_OF, OUR_OWN, is_installed
from quetsach.texts import _, plain

_NEEDED = ("pyarrow", "isal", "idna", "msgspec", "cryptography", "pyroaring", "jinja2")


@dataclass(frozen=True)
class DoctorCheck:
    """One thing looked at: whether it is well, what was found, and what to do if it is not."""

    what: str
    well: bool
    found: str
    todo: str = ""


@click.command("doctor", help=_("Check what this machine provides and what is missing."))
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def doctor_command(as_json: bool) -> int:
    """Print what was found; 2 when the engine cannot work."""
    checks = [*_engine(), *_extras()]
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    else:
        for check in checks:
            click.echo(f"{'✓' if check.well else '!'} {check.what}: {check.found}")
            if not check.well:
                click.echo(f"    {check.todo}")
    return 0 if all(check.well for check in _engine()) else 2


def _engine() -> Iterator[DoctorCheck]:
    yield DoctorCheck("quetsach", True, __version__)
    yield DoctorCheck(
        "Python", sys.version_info >= (3, 11), platform.python_version(), "Python >= 3.11"
    )
    missing = [name for name in _NEEDED if find_spec(name) is None]
    yield DoctorCheck(
        _("libraries"), not missing, ", ".join(missing) or _("complete"), _("Run: make setup")
    )
    try:
        letters = json.loads('"đủ"').encode(sys.stdout.encoding or "ascii").decode()
    except UnicodeEncodeError:
        letters = ""
    yield DoctorCheck(
        _("Vietnamese letters on this terminal"), bool(letters), sys.stdout.encoding, "PYTHONUTF8=1"
    )


def _extras() -> Iterator[DoctorCheck]:
    from quetsach.sandbox.shut_in import offered
    from quetsach.sieve.kernel import rust_available

    rust, other = rust_available(), misfit()
    yield DoctorCheck(
        _("sieve"),
        rust,
        _("Rust kernel") if rust else other.what() if other else _("pure Python, slower"),
        other.todo()
        if other
        else _(
            "In the folder of the source: install a Rust toolchain, then run: make setup. From a "
            "release: install its file quetsach_kernel-*.whl"
        ),
    )
    yield from _of_packages()
    tesseract = shutil.which("tesseract")
    reads = tesseract is not None and "vie" in _languages(tesseract)
    yield DoctorCheck(
        _("reading of scanned letters (OCR)"),
        reads,
        _("ready") if reads else _("not installed; only needed for scanned letters"),
        _("On Debian: apt-get install tesseract-ocr tesseract-ocr-vie"),
    )
    kernel = offered()
    yield DoctorCheck(
        _("sandbox for reading untrusted files"),
        kernel.is_whole,
        kernel.words(),
        _("Linux 5.13 or newer with Landlock; without it, only memory and time are limited"),
    )
    yield _escapes()
    yield from _plugins()
    spark = is_installed("pyspark") and shutil.which("java") is not None
    yield DoctorCheck(
        _("Spark engine"),
        spark,
        _("ready") if spark else _("not installed; only needed for --engine spark"),
        _("Install the extra `spark` and a Java runtime, version 17 or newer"),
    )
    free = shutil.disk_usage(Path.cwd()).free
    yield DoctorCheck(
        _("free disk space here"),
        free > 1 << 30,
        f"{free / 1e9:.1f} GB",
        _("Findings need little space; keep at least 1 GB free"),
    )


def _plugins() -> Iterator[DoctorCheck]:
    """Yield each entry point of another package: by whom it is, and whether it can be used."""
    from quetsach.api.plugins import plugin_rows

    for plugin in plugin_rows():
        offer = plugin.offer
        yield DoctorCheck(
            _("plugin: %(group)s %(name)s") % {"group": offer.group.full, "name": offer.name},
            plugin.is_usable,
            f"{offer.package} {offer.version}",
            _("It is not used: %(reason)s") % {"reason": plugin.reason or "?"},
        )


def _todo(extra: str, missing: Sequence[str]) -> str:
    """Return what brings the missing packages of an extra: a command, or words about the portal."""
    own = [package for package in missing if package in OUR_OWN]
    if own:
        return Problem("E615", "quetsach", {"package": own[0]}).todo()
    return f"pip install 'quetsach[{extra}]'"


def _of_packages() -> Iterator[DoctorCheck]:
    purposes = {
        "documents": _("letters, lists and forms in Word, Excel, PDF, Outlook"),
        "pdf": _("PDFs: written, signed, checked"),
        "lists": _("all warning lists of MISP"),
        "portal": _("the portal"),
    }
    for extra, purpose in purposes.items():
        packages = sorted(package for package in EXTRA_OF if EXTRA_OF[package] == extra)
        missing = [package for package in packages if not is_installed(package)]
        yield DoctorCheck(
            purpose,
            not missing,
            _("not installed: %(packages)s") % {"packages": ", ".join(missing)}
            if missing
            else _("ready"),
            _todo(extra, missing),
        )
    if is_installed("typst"):
        from quetsach.documents.typeset.typst import find_face

        face = find_face()
        yield DoctorCheck(
            _("font of official documents"),
            face.is_prescribed,
            face.family,
            _("On Debian: apt-get install fonts-liberation2"),
        )


def _escapes() -> DoctorCheck:
    """Try to get out of the sandbox in each of its profiles, and say what succeeds."""
    from quetsach.sandbox.contract import EndedFromOutside, SandboxFailed, SandboxProfile
    from quetsach.sandbox.escape_attempts import ATTEMPTS
    from quetsach.sandbox.escape_trials import attempt_escapes, unexpected

    what = _("attempts to get out of the sandbox")
    todo = _("What is possible here is not refused by this machine's kernel; see docs/sandbox.md")
    possible, beyond = [], []
    try:
        for profile in SandboxProfile:
            reached = attempt_escapes(profile)
            possible += [f"{profile}: {_(attempt.words)}" for attempt in reached]
            beyond += [f"{profile}: {_(attempt.words)}" for attempt in unexpected(profile, reached)]
    except (SandboxFailed, EndedFromOutside, OSError) as error:
        return DoctorCheck(
            what, False, _("could not be made: %(reason)s") % {"reason": error}, todo
        )
    if beyond:
        listed = {"unexpected": "; ".join(beyond)}
        return DoctorCheck(
            what, False, _("possible against the promise: %(unexpected)s") % listed, todo
        )
    facts = {
        "count": len(ATTEMPTS),
        "profiles": len(SandboxProfile),
        "possible": "; ".join(possible),
    }
    said = _("%(count)s tried in %(profiles)s profiles; possible: %(possible)s") % facts
    return DoctorCheck(what, True, said)


def _languages(tesseract: str) -> list[str]:
    listed = subprocess.run(
        [tesseract, "--list-langs"], capture_output=True, text=True, check=False, timeout=20
    )
    return listed.stdout.split()


@click.command(
    "formats", help=_("List the log formats that are read, in the order they are tried.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print them as JSON."))
def formats_command(as_json: bool) -> int:
    """Print the registry."""
    from quetsach.captures.registry import capture_readers
    from quetsach.formats.registry import all_formats, offered_formats

    rows = [
        {"name": one.name, "title": _(one.title), "reads": _(one.reads)} for one in all_formats()
    ]
    rows += [
        {"name": decoder.kind, "title": _(decoder.title), "reads": _(decoder.reads)}
        for decoder in capture_readers()
    ]
    rows += [
        {
            "name": form.name,
            "title": form.title,
            "reads": form.reads,
            "package": offer.package,
            "version": offer.version,
        }
        for form, offer in offered_formats()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        whose = f"  [{row['package']} {row['version']}]" if "package" in row else ""
        click.echo(plain(f"{row['name']:<{width}}  {row['title']}{whose}"))
        click.echo(plain(f"{'':<{width}}  {row['reads']}"))
    click.echo(_("Packed files are opened as they are: gzip, zstd, xz, bzip2; also UTF-16 text."))
    return 0
