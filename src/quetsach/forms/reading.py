"""Forms read from TOML or JSON, shipped or foreign, and their canonical JSON."""

import hashlib
import re
import tomllib
import types
import typing
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import ReportFormDefinition, with_blocks
from quetsach.forms.flaws import flaw
from quetsach.forms.value_json import canonical
from quetsach.texts import _

SHIPPED = Path(__file__).parent / "shipped"

MOST_BYTES = 256 * 1024
"""No definition is larger; the largest that is shipped has about 40 KB."""

_MOST_DEPTH = 12
_MOST_KEY_PARTS = 40
_KEY_PART = re.compile(r"""[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\Z""")


def shipped_codes(folder: Path = SHIPPED) -> tuple[str, ...]:
    """Return the codes of all forms that are shipped, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def shipped_form(
    code: str, blocks: tuple[str, ...] | None = None, folder: Path = SHIPPED
) -> ReportFormDefinition:
    """Return the shipped form `code`; with `blocks`, those of its optional sections alone.

    Errors: E401 when there is none of that name, E402 when its definition is not sound or a block
    is not its own.
    """
    # The code comes from the command line: only a listed name is ever turned into a path.
    known = shipped_codes(folder)
    if code not in known:
        raise QuetsachError("E401", code, known=", ".join(known))
    path = folder / f"{code}.toml"
    form = _kept(path)
    if form.code != code:
        reason = _("code %(code)s in a file named %(name)s") % {
            "code": repr(form.code),
            "name": repr(code),
        }
        raise QuetsachError("E402", path.name, reason=reason)
    if blocks is None:
        return form
    odd = [one for one in blocks if one not in {section.id for section in form.blocks()}]
    if odd:
        raise QuetsachError(
            "E402", path.name, reason=_("it has no block %(id)s") % {"id": repr(odd[0][:80])}
        )
    return with_blocks(form, blocks)


@cache
def _kept(path: Path) -> ReportFormDefinition:
    try:
        data = path.read_bytes()
    except OSError as err:
        raise QuetsachError("E402", path.name, reason=str(err)) from err
    return read_form(data, path.name)


def read_form(content: bytes, where: str) -> ReportFormDefinition:
    """Return the form that `content` defines, as JSON when it begins with a brace, else as TOML.

    Errors: E402 with the reason when it is too large, not readable or not sound.
    """
    try:
        raw = _raw(content)
        _check_keys(raw, ReportFormDefinition, "form")
        form = msgspec.convert(raw, ReportFormDefinition)
    except (ValueError, RecursionError, msgspec.MsgspecError) as err:
        raise QuetsachError("E402", where, reason=str(err)[:300]) from err
    reason = flaw(form)
    if reason is not None:
        raise QuetsachError("E402", where, reason=reason)
    return form


def form_json(form: ReportFormDefinition) -> bytes:
    """Return the one form of `form` as JSON: keys sorted, no blanks, what is usual left out.

    What is left out keeps the digest of a form when a later version of the program knows more.
    """
    return canonical(_plain(form))


def form_digest(form: ReportFormDefinition) -> str:
    """Return the SHA-256 of the form's one form, in hex; another digest is another form."""
    return hashlib.sha256(form_json(form)).hexdigest()


def _raw(content: bytes) -> object:
    if len(content) > MOST_BYTES:
        raise ValueError(_("larger than %(most)s bytes") % {"most": MOST_BYTES})
    if content.lstrip().startswith(b"{"):
        raw = msgspec.json.decode(content)
    else:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        if _has_long_key(text):
            raise ValueError(_("a key with too many parts"))
        raw = tomllib.loads(text)
    if _depth(raw) > _MOST_DEPTH:
        raise ValueError(_("nested deeper than %(most)s levels") % {"most": _MOST_DEPTH})
    return raw


def _has_long_key(text: str) -> bool:
    """Tell whether a key may have very many parts: tomllib takes their square in time.

    A form needs no dotted key at all; a label of that many one-word sentences is no loss.
    """
    parts = 0
    for piece in text.split("."):
        parts = parts + 1 if _KEY_PART.match(piece) else 0
        if parts > _MOST_KEY_PARTS:
            return True
    return False


def _depth(raw: object) -> int:
    if isinstance(raw, dict):
        return 1 + max(map(_depth, raw.values()), default=0)
    if isinstance(raw, list):
        return 1 + max(map(_depth, raw), default=0)
    return 0


def _plain(part: Any) -> Any:
    if is_dataclass(part):
        return {
            field.name: _plain(getattr(part, field.name))
            for field in fields(part)
            if field.default is MISSING or getattr(part, field.name) != field.default
        }
    if isinstance(part, tuple):
        return [_plain(one) for one in part]
    return part.value if isinstance(part, StrEnum) else part


def _check_keys(raw: object, kind: Any, where: str) -> None:
    """Refuse an unknown key: it is a typing error, and its value would be lost."""
    if isinstance(raw, list):
        for member in raw:
            _check_keys(member, kind, where)
    elif isinstance(raw, dict) and kind is not None:
        allowed = _kinds(kind)
        for key, inner in raw.items():
            if key not in allowed:
                raise ValueError(
                    _("%(where)s: %(key)s is not known") % {"where": where, "key": repr(key[:80])}
                )
            _check_keys(inner, allowed[key], key)


@cache
def _kinds(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: next(_dataclasses_in(hints[field.name]), None) for field in fields(kind)}


def _dataclasses_in(hint: Any) -> Iterator[Any]:
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    elif isinstance(hint, types.UnionType) or typing.get_origin(hint) is not None:
        for inner in typing.get_args(hint):
            yield from _dataclasses_in(inner)
