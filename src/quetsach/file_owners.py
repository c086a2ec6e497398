"""Who may change a file or read a secret, by owners and modes of it and the folders above it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _

IS_TOLD = os.name == "posix"
"""Whether owner and mode say who may change a file; on Windows they say nothing of it."""

_MOST_LINKS = 40


def changed_by_others(path: Path, status: os.stat_result) -> str:
    """Return why others than root and this user may change the file at `path`; "" if none may.

    Shapes: `status` is that of the opened file. Each folder on the way counts, and each link.
    Errors: OSError.
    """
    if not IS_TOLD:
        return ""
    for place, facts in _places(path):
        reason = _reason(place, facts)
        if reason:
            return reason
    return _reason(path, status)


def refuse_changeable(path: Path, status: os.stat_result) -> None:
    """Refuse a file that others than root and this user may change. Errors: E625, OSError."""
    reason = changed_by_others(path, status)
    if reason:
        raise QuetsachError("E625", str(path), reason=reason)


def refuse_open_secret(path: Path, status: os.stat_result) -> None:
    """Refuse a secret that others may read or change. Errors: E625, E626, OSError."""
    # A pipe of the shell, as `<(pass show token)`, is nobody else's file.
    if not IS_TOLD or not stat.S_ISREG(status.st_mode):
        return
    refuse_changeable(path, status)
    mode = stat.S_IMODE(status.st_mode)
    # The group of a service may read it: /etc/quetsach/watch.token is root's and mode 640.
    if mode & 0o007:
        raise QuetsachError("E626", str(path), mode=f"{mode:04o}")


def _places(path: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield each folder and each link on the way to `path`, from the root on."""
    folder = Path("/")
    ahead = [part for part in reversed(path.absolute().parts) if part != "/"]
    yield folder, folder.stat()
    links = 0
    while ahead:
        part = ahead.pop()
        place = folder.parent if part == ".." else folder / part
        facts = place.lstat()
        if stat.S_ISLNK(facts.st_mode) and links < _MOST_LINKS:
            links += 1
            yield place, facts
            aim = place.readlink()
            folder = Path("/") if aim.is_absolute() else folder
            ahead += [name for name in reversed(aim.parts) if name != "/"]
        elif ahead:
            yield place, facts
            folder = place


def _reason(place: Path, facts: os.stat_result) -> str:
    if facts.st_uid not in (0, os.geteuid()):
        owner = {"place": place, "owner": facts.st_uid}
        return _("%(place)s belongs to another user (number %(owner)s)") % owner
    mode = stat.S_IMODE(facts.st_mode)
    # In a folder as /tmp each may change only what is his own; the mode of a link says nothing.
    if stat.S_ISLNK(facts.st_mode) or (stat.S_ISDIR(facts.st_mode) and mode & stat.S_ISVTX):
        return ""
    is_group_others = not _is_private(facts) or _has_access_list(place)
    if mode & 0o002 or (mode & 0o020 and is_group_others):
        return _("others may write %(place)s (mode %(mode)s)") % {
            "place": place,
            "mode": f"{mode:04o}",
        }
    return ""


def _has_access_list(place: Path) -> bool:
    """Tell whether users are named who may write beside owner and group.

    The bits of the group are then the most that any of them may. Source: acl(5), "CORRESPONDENCE".
    """
    try:
        return "system.posix_acl_access" in os.listxattr(place)
    except (OSError, AttributeError):  # no such lists there; no Linux
        return False


def _is_private(facts: os.stat_result) -> bool:
    """Tell whether the group is the owner's alone, as systems with such groups make them."""
    import grp  # which Windows has not
    import pwd

    try:
        owner, group = pwd.getpwuid(facts.st_uid), grp.getgrgid(facts.st_gid)
    except KeyError:
        return False
    return (
        group.gr_gid == owner.pw_gid
        and group.gr_name == owner.pw_name
        and not ({*group.gr_mem} - {owner.pw_name})
    )
