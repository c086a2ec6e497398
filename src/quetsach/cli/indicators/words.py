"""Closed sets of the store of indicators in plain words, for people at a terminal."""

from quetsach.texts import _


def verdict_word(verdict: str) -> str:
    """Return what is to become of an indicator, in words."""
    words = {"keep": _("keep"), "watch": _("watch only"), "drop": _("drop")}
    return words.get(verdict, verdict)


def clash_word(clash: str) -> str:
    """Return over what lists contradict each other, in words."""
    words = {
        "class": _("different classes"),
        "family": _("different families"),
        "status": _("taken back by one, still listed by another"),
        "rule": _("exactly this name, or all below it as well"),
        "network": _("inside a listed network of another class"),
        "exception": _("listed, and named as an exception"),
        "dates": _("its last day lies before its first"),
        "replacement": _("replaced by one that is not looked for"),
    }
    return words.get(clash, clash)


def change_word(change: str) -> str:
    """Return what happened to an indicator from one version to the next, in words."""
    words = {
        "added": _("added"),
        "removed": _("no longer there"),
        "withdrawn": _("withdrawn"),
        "replaced": _("replaced"),
        "dropped": _("dropped by decision"),
        "returned": _("listed again"),
        "widened": _("meets more than before"),
        "narrowed": _("meets less than before"),
        "expired": _("expired"),
        "class": _("other class"),
        "family": _("other family"),
        "tlp": _("other TLP"),
        "confidence": _("other confidence"),
        "allow": _("other allow classes"),
        "decision": _("other decision"),
        "sources": _("other sources"),
    }
    return words.get(change, change)


def status_word(status: str) -> str:
    """Return where an indicator stands in its life, in words."""
    words = {
        "active": _("active"),
        "expired": _("expired"),
        "withdrawn": _("withdrawn"),
        "replaced": _("replaced"),
        "dropped": _("dropped by decision"),
    }
    return words.get(status, status)
