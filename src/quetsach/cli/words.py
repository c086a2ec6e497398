"""Closed sets in plain words, for people at a terminal; grades are called as in the report."""

from quetsach.texts import _


def role_word(role: str) -> str:
    """Return what an address was in a sighting, in words."""
    words = {
        "client": _("it reached out itself"),
        "resolver": _("a name server that asks for others"),
        "proxy": _("a web proxy that asks for others"),
        "gateway": _("a gateway that many machines stand behind"),
        "target": _("was reached from outside; it did not reach out"),
        "allowed": _("met only indicators that are also on allow-lists; a person must decide"),
    }
    return words.get(role, role)


def rule_word(rule: str) -> str:
    """Return the rule of a match in words."""
    words = {
        "exact": _("the very name or address"),
        "below": _("a name below the listed one"),
        "cidr": _("an address in the listed network"),
        "ip-port": _("the listed address on the listed port"),
        "url-prefix": _("under the listed web address"),
        "hash": _("the listed file"),
    }
    return words.get(rule, rule)


def where_text(name: str, row: int | str, place: str) -> str:
    """Return where in a list something stands; the place in a document says more than a row."""
    facts = {"list": name, "row": row, "place": place}
    return (_("%(list)s, %(place)s") if place else _("%(list)s, row %(row)s")) % facts


def kind_word(kind: str) -> str:
    """Return what an indicator is, in words."""
    words = {
        "name": _("domain names"),
        "address": _("addresses"),
        "network": _("networks"),
        "url": _("web addresses"),
        "hash": _("file hashes"),
    }
    return words.get(kind, kind)
