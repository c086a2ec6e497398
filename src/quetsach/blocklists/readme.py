"""README.txt beside the files: how to load, verify and revert them, in two languages.

The language in use stands first. Old Windows shows it right only with a byte order mark and CR LF.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from datetime import datetime
from textwrap import wrap

from quetsach.blocklists.contract import (
    WHY_TEXTS,
    Mode,
    OmittedIndicator,
    Output,
    Policy,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.folder import ReleaseDifference
from quetsach.errors.catalogue import N_
from quetsach.texts import Language, _, language, plain, use_language

WIDTH = 88

_RULE = "=" * WIDTH

_ANSWERS = N_(
    "nslookup %(loaded)s must return %(address)s: this shows that the file is loaded (without "
    "the file this name does not exist)."
)

_PROOFS = {
    (ProofMethod.RESOLVER, Mode.BLOCK): (
        N_("nslookup %(test)s must fail: this name is blocked like every listed name."),
        N_(
            "That name does not exist, so this alone proves little. To prove the block in full, "
            "make the release with --test-name and a name of your own that resolves today: "
            "afterwards it must not resolve."
        ),
    ),
    (ProofMethod.RESOLVER, Mode.WATCH): (
        N_("nslookup %(test)s, then look for %(test)s in the log of the resolver."),
    ),
    (ProofMethod.FIREWALL, Mode.BLOCK): (
        N_(
            "ping %(address)s from a machine behind the device: there is no answer in any case, "
            "but the counter or log of the rule must show %(address)s."
        ),
        N_(
            "To prove the block in full, make the release with --test-address and an address of "
            "your own that answers today: afterwards it must not answer."
        ),
    ),
    (ProofMethod.FIREWALL, Mode.WATCH): (
        N_(
            "ping %(address)s from a machine behind the device, then look for %(address)s in the "
            "counter or log of the rule. Nothing is blocked."
        ),
    ),
    (ProofMethod.MACHINE, Mode.BLOCK): (
        N_(
            "ping %(address)s on this machine: it must fail at once (General failure), not time "
            "out."
        ),
    ),
    (ProofMethod.HOSTS, Mode.BLOCK): (
        N_(
            "ping %(loaded)s on this machine must show [%(address)s]: this shows that the lines "
            "are read."
        ),
        N_("ping %(test)s must show 0.0.0.0 or fail: it is blocked like every listed name."),
    ),
    (ProofMethod.SENSOR, Mode.BLOCK): (
        N_(
            "From a machine that the sensor monitors: nslookup %(test)s, then ping %(address)s. "
            "An alert (drop) with %(list)s must appear for each kind in the file."
        ),
    ),
    (ProofMethod.SENSOR, Mode.WATCH): (
        N_(
            "From a machine that the sensor monitors: nslookup %(test)s, then ping %(address)s. "
            "An alert or a row with %(list)s must appear for each kind in the file."
        ),
    ),
    (ProofMethod.PROXY, Mode.BLOCK): (
        N_(
            "Open http://%(test)s/ through the proxy: it must report that access is denied "
            "(403), not that the name is unknown (503)."
        ),
    ),
    (ProofMethod.PROXY, Mode.WATCH): (
        N_("Open http://%(test)s/ through the proxy, then look for %(test)s in its log."),
    ),
}


_KINDS_OF_FILE = {
    "keys.tsv": N_("the content of this release, for comparison with the next one"),
    "changes.txt": N_("what was added (+) and removed (-) since the last release"),
    "left-out.json": N_("each indicator that is not in the files, with its list, row and reason"),
}


def readme(
    output: Output,
    about: ReleaseSummary,
    *,
    files: Sequence[str],
    lost: Sequence[OmittedIndicator],
    noted: Sequence[OmittedIndicator],
    changed: ReleaseDifference | None,
) -> str:
    """Return the page in the language in use, then in the other."""

    def lines() -> list[str]:
        parts = (
            _head(output, about, lost=lost, noted=noted),
            changed_text(changed),
            _instructions(output, about, files[0]),
            _section(_("FILES"), [_file(name) for name in files]),
        )
        return [line for part in parts for line in part]

    order: tuple[Language, ...] = ("en", "vi") if language() == "en" else ("vi", "en")
    pages = [_in_language(each, lines) for each in order]
    text = f"\n\n{_RULE}\n\n".join("\n".join(page) for page in pages)
    return "\ufeff" + text.replace("\n", "\r\n") + "\r\n"


def _in_language(each: Language, lines: Callable[[], list[str]]) -> list[str]:
    context = copy_context()
    context.run(use_language, each)
    return context.run(lines)


def _head(
    output: Output,
    about: ReleaseSummary,
    *,
    lost: Sequence[OmittedIndicator],
    noted: Sequence[OmittedIndicator],
) -> Iterator[str]:
    yield _(output.title).upper()
    yield from _folded(plain(about.title)) if about.title else ()
    yield ""
    yield _("Release: %(id)s (%(name)s)") % {"id": about.list_id, "name": about.name}
    yield _("Made: %(at)s") % {"at": _moment(about.at)}
    yield _("Expires: %(until)s. Ask for a new release before then.") % {
        "until": _moment(about.expires)
    }
    if not output.exchange:
        yield from _folded(mode_text(output, about))
    yield _("Indicators: %(count)s. Left out: %(lost)s.") % {
        "count": about.taken,
        "lost": len(lost),
    }
    yield from reasons(lost)
    if noted:
        yield _("Included, but with a different scope than in the list:")
        yield from reasons(noted)


def changed_text(changed: ReleaseDifference | None) -> Iterator[str]:
    """Return the changes since the last release, where there was one, as a line."""
    if changed is not None:
        yield _(
            "Since the last release: %(added)s added, %(removed)s removed, %(kept)s unchanged"
        ) % {
            "added": len(changed.added),
            "removed": len(changed.removed),
            "kept": changed.kept,
        }


def _instructions(output: Output, about: ReleaseSummary, main: str) -> Iterator[str]:
    yield from _section(_("HOW TO USE IT"), [_(output.use) % {"file": main}])
    proofs = _proofs(output, about)
    if proofs:
        yield from _section(_("HOW TO PROVE IT"), proofs)
    if output.undo_by:
        where = _("The files for this are in the folder undo.")
        yield from _section(_("HOW TO UNDO IT"), [f"{_(output.undo_by).rstrip('.')}. {where}"])
    if output.limits:
        yield from _section(_("LIMITS"), [_(output.limits)])


def _moment(when: datetime) -> str:
    return f"{when:%H:%M %d/%m/%Y} (UTC{when:%z})"


def _file(name: str) -> str:
    text = _KINDS_OF_FILE.get(name)
    return f"{name}: {_(text)}" if text else name


def mode_text(output: Output, about: ReleaseSummary) -> str:
    """Return the effect on the device, as a sentence."""
    if about.mode is Mode.WATCH:
        return _("WATCH ONLY: matching traffic is logged or alerted, nothing is blocked.")
    if about.policy is Policy.REDIRECT and output.policies:
        return _("BLOCK: listed names are answered with %(sensor)s.") % {
            "sensor": ", ".join(about.sensor)
        }
    return _("BLOCK: traffic that matches the list is blocked.")


def reasons(omissions: Sequence[OmittedIndicator]) -> Iterator[str]:
    """Return a line for each reason, with its count."""
    for why, count in Counter(omitted.why for omitted in omissions).most_common():
        yield from _folded(f"  {count}: {_(WHY_TEXTS[why])}", "     ")


def _proofs(output: Output, about: ReleaseSummary) -> list[str]:
    facts = {
        "test": about.test_name,
        "address": about.test_address,
        "loaded": about.loaded_name,
        "list": about.list_id,
    }
    lines = (_ANSWERS,) if output.answers else ()
    return [_(text) % facts for text in (*lines, *_PROOFS.get((output.proof, about.mode), ()))]


def _section(title: str, paragraphs: Sequence[str]) -> Iterator[str]:
    yield ""
    yield title
    for text in paragraphs:
        yield from _folded(f"- {text}", "  ")


def _folded(text: str, indent: str = "") -> list[str]:
    return wrap(
        text,
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
