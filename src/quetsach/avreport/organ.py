"""The body that sends: read from a small TOML file."""

import tomllib
from collections.abc import Mapping

from quetsach.avreport.message import FROM
from quetsach.errors import QuetsachError
from quetsach.texts import _, plain

KEYS: Mapping[str, str] = {
    "organ_id": "OrganId",
    "organ_name": "OrganName",
    "address": "OrganAdd",
    "email": "Email",
    "telephone": "Telephone",
    "fax": "Fax",
    "website": "Website",
}

MOST_BYTES = 64 * 1024
MOST_TEXT = 500


def read_organ(data: bytes, where: str) -> dict[str, str]:
    """Return the sender by the names of the message; what the file leaves out is left out.

    Errors: E441 when it is no TOML, lacks organ_id or organ_name, or has a key that is not known.
    """
    try:
        if len(data) > MOST_BYTES:
            raise QuetsachError("E441", where, reason=_("it is larger than 64 KiB"))
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise QuetsachError("E441", where, reason=plain(str(error))) from error
    return _checked(table, where)


def _checked(table: Mapping[str, object], where: str) -> dict[str, str]:
    unknown = sorted(set(table) - set(KEYS))
    if unknown:
        reason = _("%(name)s is not known; known are %(known)s") % {
            "name": plain(unknown[0]),
            "known": ", ".join(KEYS),
        }
        raise QuetsachError("E441", where, reason=reason)
    sender = {}
    for key, name in KEYS.items():
        value = table.get(key, "")
        if not isinstance(value, str) or len(value) > MOST_TEXT:
            raise QuetsachError("E441", where, reason=_("%(name)s is no text") % {"name": key})
        if value.strip():
            sender[name] = plain(value.strip())
    for key in ("organ_id", "organ_name"):
        if KEYS[key] not in sender:
            raise QuetsachError("E441", where, reason=_("%(name)s is missing") % {"name": key})
    return {name: sender[name] for name in FROM if name in sender}
