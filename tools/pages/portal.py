"""Pages of the portal: settings, interface, life of a campaign, security, words."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import django

from quetsach.sandbox.contract import SandboxProfile
from quetsach.sandbox.escape_attempts import EscapeAttempt
from tools.glossary import Area, Glossary, Term
from tools.pages.markdown import page, table
from tools.security_asvs import (
    PUBLISHED,
    REQUIREMENTS,
    asvs_page,
    proofs,
    read_levels,
    read_requirements,
)


class DescribedSetting(Protocol):
    """A setting; all of a Setting that a page needs."""

    @property
    def key(self) -> str:
        """Its key in a file."""

    @property
    def kind(self) -> str:
        """What its value is."""

    @property
    def variable(self) -> str:
        """The environment variable that goes before the file."""

    @property
    def usual(self) -> str:
        """What holds without it."""

    @property
    def meaning(self) -> str:
        """What it is."""


def settings_page(portal: Iterable[DescribedSetting], public: Iterable[DescribedSetting]) -> str:
    """Return the page of the settings of both planes."""
    return page(
        "Settings of the portal and the public page",
        "Both are read once when they start: from a TOML file, and from environment variables, "
        "which go before it ([how files are read](configuration.md)). The portal reads "
        "`/etc/quetsach/portal.toml`, or the file that `QUETSACH_PORTAL_CONFIG` names:",
        _settings(portal),
        "The public page ([how it is served](public-page.md)) reads `/etc/quetsach/public.toml`, "
        "or the file that `QUETSACH_PUBLIC_CONFIG` names. It is a file of its own, so that what "
        "answers everybody cannot read the passwords of the portal:",
        _settings(public),
    )


def _settings(settings: Iterable[DescribedSetting]) -> str:
    rows = [
        (f"`{setting.key}`", setting.kind, f"`{setting.variable}`", setting.usual, setting.meaning)
        for setting in settings
    ]
    return table(("Key in the file", "Kind", "Variable", "Without it", "Is"), rows)


def interface_page(schema: Mapping[str, Any]) -> str:
    """Return the page of the portal's interface for programs, address by address."""
    rows = [
        (f"`{way.upper()} {path}`", told["summary"])
        for path, ways in schema["paths"].items()
        for way, told in ways.items()
    ]
    return page(
        "The portal for other programs",
        "A focal point, a compiler or an owner of the lead office creates a token on the page "
        "*Chương trình kết nối* (Programs) of their unit; a program sends it as "
        "`Authorization: Bearer qs_...`. The "
        "token reads what its maker may read in that unit on that day. A field that a page hides "
        "from the maker is empty here; an object that the maker may not see answers 404.",
        "Long lists come in pages: `?limit=100`, then `&after=` with the `next` of the page "
        "before, until it is null. Times are ISO 8601 with their offset; deadlines are exclusive. "
        "A refusal gives its reason in `detail`. All schemas are described, as OpenAPI 3.1, at "
        "`/api/v1/openapi.json`.",
        table(("address", "gives"), rows),
    )


class Retained(Protocol):
    """What becomes of a field; all of a FieldRetention that a page needs."""

    @property
    def fate(self) -> str:
        """What becomes of it: keep, blank or delete."""

    @property
    def after(self) -> str:
        """When, in words."""


class Step(Protocol):
    """One step of an act; all of a LifecycleStep that a page needs."""

    @property
    def act(self) -> str:
        """The act that the step belongs to."""

    @property
    def function(self) -> Callable[..., object]:
        """What is called."""

    @property
    def meaning(self) -> str:
        """What that does."""


def life_page(steps: Iterable[Step], retention: Mapping[str, Retained]) -> str:
    """Return the page of what the acts of a campaign's life do, and how long fields are kept."""
    by_act: dict[str, list[Step]] = {}
    for step in steps:
        by_act.setdefault(step.act, []).append(step)
    parts = [
        f"## `{act}`\n\n"
        + table(
            ("step", "function", "does"),
            [
                (str(number), f"`{_place_of(step.function)}`", step.meaning)
                for number, step in enumerate(of_act, start=1)
            ],
        )
        for act, of_act in by_act.items()
    ]
    return page(
        "The life of a campaign",
        "What the acts of `lifecycle/actions.py` do, each in one transaction: all of its steps, or "
        "none. `purge` is part of `archive`.",
        *parts,
        _retention_part(retention),
    )


def _retention_part(retention: Mapping[str, Retained]) -> str:
    rows: dict[tuple[str, str, str], list[str]] = {}
    for name, one_field in retention.items():
        model, _dot, field_name = name.rpartition(".")
        rows.setdefault((model, one_field.fate, one_field.after), []).append(f"`{field_name}`")
    return (
        "## What is kept, and how long\n\n"
        "Every field that can name a person or a machine.\n\n"
        + table(
            ("table", "fields", "fate", "after"),
            [
                (f"`{model}`", ", ".join(names), fate, after)
                for (model, fate, after), names in rows.items()
            ],
        )
    )


def _place_of(function: Callable[..., object]) -> str:
    return f"{function.__module__.removeprefix('quetsach_portal.')}.{function.__name__}"


def glossary_page(glossary: Glossary) -> str:
    """Return the page of the glossary, area by area."""
    empty = ", ".join(f"`{word}`" for word in glossary.empty)
    return page(
        "Glossary",
        "One word for one thing, in code, pages and documents. The source is "
        "[glossary.toml](glossary.toml); `tests/test_glossary.py` holds the code against it. "
        "A code name in *italics* is decided but not in the code yet. The words of the last column "
        "are no class names in `src`.",
        *(f"## {area.name}\n\n{_terms(area)}" for area in glossary.areas),
        f"## Words that name nothing by themselves\n\n{empty}.",
    )


def page_words(glossary: Glossary) -> str:
    """Return the words that the portal's help explains to its readers, as JSON."""
    words = [
        {
            "anchor": term.page.anchor,
            "vi": term.page.term,
            "en": term.english,
            "vi_is": term.page.vietnamese,
            "en_is": term.page.english,
        }
        for term in glossary.terms()
        if term.page is not None
    ]
    return json.dumps(words, ensure_ascii=False, indent=1) + "\n"


def _terms(area: Area) -> str:
    heads = ("English", "code", "tiếng Việt", "is", "not")
    rows = [
        (term.english, _code(term), term.vietnamese, term.meaning, ", ".join(term.synonyms))
        for term in area.terms
    ]
    return table(heads, rows)


def _code(term: Term) -> str:
    return f"*`{term.code}`*" if term.to_come else f"`{term.code}`"


def security_page() -> str:
    """Return the table of requirements of ASVS and the tests that prove them."""
    levels = read_levels(PUBLISHED.read_text("utf-8"))
    rows = read_requirements(REQUIREMENTS.read_text("utf-8"), levels)
    return page(
        "Security requirements and their tests",
        "Ids are those of the OWASP Application Security Verification Standard 5.0.0 (OWASP "
        "Foundation, CC BY-SA 4.0), as its published file has them; the words are ours, and the "
        "standard's own hold. A test names what it proves by `@pytest.mark.asvs`.",
        asvs_page(rows, proofs(), levels),
    )


def portal_pages() -> dict[str, str]:
    """Return the pages that are written from the portal's code, which needs Django set up."""
    with TemporaryDirectory() as home:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quetsach_portal.config.settings")
        os.environ.setdefault("QUETSACH_HOME", home)
        django.setup()
        from quetsach_portal.api.interface import interface
        from quetsach_portal.lifecycle.actions import LIFECYCLE_STEPS
        from quetsach_portal.lifecycle.retention_table import RETENTION
        from tools.pages.vietnamese import addresses_page  # It imports this module.

        schema = interface.get_openapi_schema(path_prefix="/api/v1")
        return {
            "portal-api.md": interface_page(schema),
            "vi/portal-api.md": addresses_page(schema),
            "campaign-life.md": life_page(LIFECYCLE_STEPS, RETENTION),
        }


def sandbox_page(attempts: Sequence[EscapeAttempt]) -> str:
    """Return the table of the attempts to get out of the sandbox, and for whom each succeeds."""
    rows = [
        (
            attempt.words,
            *("possible" if profile in attempt.stays else "refused" for profile in SandboxProfile),
        )
        for attempt in attempts
    ]
    return page(
        "The sandbox, and the attempts to get out of it",
        "What strangers wrote is read by a process of its own ([security](../SECURITY.md)). A "
        "*reader* has no network, a *sender* calls others at the ports named, a *listener* takes "
        "what comes to the sockets that it was given. The tests and `quetsach doctor` make each of "
        "these attempts in each of them. The table is that of a kernel with Landlock 6 (Linux "
        "6.12) and seccomp; `quetsach doctor` says what this machine's refuses.",
        "Where root starts it, it is a user of its own, if root has the capabilities CHOWN, "
        "DAC_OVERRIDE, KILL, SETGID and SETUID. `QUETSACH_SANDBOX_OWN_USER=0` leaves that out: "
        "for files on a FUSE or NFS mount that only root itself may read.",
        "Windows and macOS have neither Landlock nor seccomp. A stranger's file is read there in a "
        "process with a clean environment, bounded time and answer, on macOS bounded memory too, "
        "but with the rights of the user who starts it; `quetsach doctor` says so. The portal, "
        "which reads what anybody hands in, is not for these systems ([Windows](windows.md)).",
        table(("Attempt", *(f"As a {profile}" for profile in SandboxProfile)), rows),
    )
