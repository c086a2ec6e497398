"""Mapping between STIX and MISP terms and our TLP, class and type, in both directions."""

import re
from collections.abc import Iterable, Mapping

from quetsach.indicators.model import Indicator, IndicatorClass, IndicatorKind, MatchRule, Tlp

# Source: OASIS, STIX 2.1, section 7.2.1.4 "TLP Marking".
TLP1_MARKINGS: Mapping[str, Tlp] = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": Tlp.CLEAR,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": Tlp.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": Tlp.AMBER,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Tlp.RED,
}
"""The marking definitions of TLP 1, by id; its "white" is the "clear" of TLP 2."""

# Source: OASIS, cti-stix-common-objects, extension-definition-specifications/tlp-2.0.
TLP2_MARKINGS: Mapping[str, Tlp] = {
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": Tlp.CLEAR,
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": Tlp.GREEN,
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": Tlp.AMBER,
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": Tlp.AMBER_STRICT,
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": Tlp.RED,
}
"""The marking definitions of TLP 2, by id."""

TLP2_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
"""The extension that carries `tlp_2_0` in a marking definition of TLP 2."""

TLP2_CREATED = "2022-10-01T00:00:00.000Z"
"""The creation time of the marking definitions of TLP 2; part of the published objects."""

TLP_MARKINGS: Mapping[str, Tlp] = {**TLP1_MARKINGS, **TLP2_MARKINGS}
"""Every marking definition of a TLP level, by id."""

MARKING_OF: Mapping[Tlp, str] = {level: marking for marking, level in TLP2_MARKINGS.items()}
"""The id that a level is written with: that of TLP 2."""

TLP_WORDS: Mapping[str, Tlp] = {
    "white": Tlp.CLEAR,
    "clear": Tlp.CLEAR,
    "green": Tlp.GREEN,
    "amber": Tlp.AMBER,
    "amber+strict": Tlp.AMBER_STRICT,
    "amber-strict": Tlp.AMBER_STRICT,
    "red": Tlp.RED,
}
"""The levels as tags and labels name them, behind their `tlp:`."""

# Sources of the words: STIX 2.1, 10.6 (indicator type), 10.9 (infrastructure type) and the
# kill chains of Lockheed Martin and MITRE ATT&CK; MISP taxonomies (veris, ecsirt, enisa, rsit,
# misp-galaxy); `threat_type` of ThreatFox. A word that fits two classes is used for neither.
CLASS_WORDS: Mapping[str, IndicatorClass] = {
    "c2": IndicatorClass.C2,
    "c&c": IndicatorClass.C2,
    "cnc": IndicatorClass.C2,
    "c2-server": IndicatorClass.C2,
    "c&c-server": IndicatorClass.C2,
    "c2server": IndicatorClass.C2,
    "botnet-cc": IndicatorClass.C2,
    "command-and-control": IndicatorClass.C2,
    "command-and-control-server": IndicatorClass.C2,
    "command-control": IndicatorClass.C2,
    "sinkhole": IndicatorClass.SINKHOLE,
    "sinkholed": IndicatorClass.SINKHOLE,
    "phishing": IndicatorClass.PHISHING,
    "spear-phishing": IndicatorClass.PHISHING,
    "spearphishing": IndicatorClass.PHISHING,
    "phish": IndicatorClass.PHISHING,
    "credential-phishing": IndicatorClass.PHISHING,
    "download": IndicatorClass.DOWNLOAD,
    "malware-download": IndicatorClass.DOWNLOAD,
    "malware-distribution": IndicatorClass.DOWNLOAD,
    "payload-delivery": IndicatorClass.DOWNLOAD,
    "hosting-malware": IndicatorClass.DOWNLOAD,
    "dropper-url": IndicatorClass.DOWNLOAD,
    "exploit-kit": IndicatorClass.DOWNLOAD,
    "scanner": IndicatorClass.SCANNER,
    "scanning": IndicatorClass.SCANNER,
    "port-scan": IndicatorClass.SCANNER,
    "portscan": IndicatorClass.SCANNER,
    "reconnaissance": IndicatorClass.SCANNER,
    "brute-force": IndicatorClass.SCANNER,
    "bruteforce": IndicatorClass.SCANNER,
}
"""Words for a class as labels, tags, types and kill-chain phases say them; see `class_of`."""

LABEL_OF: Mapping[IndicatorClass, str | None] = {
    IndicatorClass.C2: "command-and-control",
    IndicatorClass.SINKHOLE: "sinkhole",
    IndicatorClass.PHISHING: "phishing",
    IndicatorClass.DOWNLOAD: "hosting-malware",
    IndicatorClass.SCANNER: "reconnaissance",
    IndicatorClass.UNKNOWN: None,
}
"""The label a class is written with, in STIX and as a MISP tag; `class_of` reads each back."""

INDICATOR_TYPE_OF: Mapping[IndicatorClass, str] = {
    IndicatorClass.C2: "malicious-activity",
    # To talk to a sinkhole does no harm, and shows that the machine is infected.
    IndicatorClass.SINKHOLE: "compromised",
    IndicatorClass.PHISHING: "malicious-activity",
    IndicatorClass.DOWNLOAD: "malicious-activity",
    IndicatorClass.SCANNER: "malicious-activity",
    IndicatorClass.UNKNOWN: "malicious-activity",
}
"""The value of `indicator_types` (STIX 2.1, 10.6) that a class is written with."""

BENIGN_TYPES = frozenset(("benign", "whitelist", "allowlist", "allow-list"))
"""Indicator types and labels of harmless values, which are not matched."""

HASH_TYPES: Mapping[int, str] = {32: "md5", 40: "sha1", 64: "sha256"}
"""What MISP calls a hash, by the number of its hex digits."""

STIX_HASHES: Mapping[str, str] = {"md5": "MD5", "sha1": "'SHA-1'", "sha256": "'SHA-256'"}
"""The key of a hash in a STIX pattern, quoted where the grammar asks for it."""

_TAG = re.compile(r'([^:="]{1,80}):([^="]{1,120})(?:="([^"]{0,200})")?')


def misp_type(indicator: Indicator) -> str:
    """Return the MISP attribute type of `indicator`.

    A name with all below it is a `domain`, an exact one a `hostname`, as in the RPZ export of
    MISP.
    """
    if indicator.kind is IndicatorKind.NAME:
        return "hostname" if indicator.rule is MatchRule.EXACT else "domain"
    if indicator.kind is IndicatorKind.HASH:
        return HASH_TYPES[len(indicator.key)]
    if indicator.kind is IndicatorKind.URL:
        return "url"
    return "ip-dst|port" if indicator.rule is MatchRule.IP_PORT else "ip-dst"


def tag_parts(tag: str) -> tuple[str, str, str]:
    """Return namespace, predicate and value of a machine tag `a:b="c"`; what is missing is ""."""
    match = _TAG.fullmatch(tag.strip())
    if match is None:
        return "", tag.strip(), ""
    return match.group(1).strip().lower(), match.group(2).strip(), match.group(3) or ""


def tlp_of(words: Iterable[str]) -> Tlp | None:
    """Return the strictest level that tags such as `tlp:amber` name, or None.

    A marking definition of STIX is known by its id as well.
    """
    levels = [level for word in words if (level := _level(word)) is not None]
    return max(levels, key=tuple(Tlp).index, default=None)


def class_of(words: Iterable[str]) -> IndicatorClass:
    """Return the class of the first of `words` that has one, else UNKNOWN.

    Only a whole word counts, or the predicate or value of a machine tag (`kill-chain:delivery`).
    """
    for word in words:
        _namespace, predicate, tag_value = tag_parts(word[:200])
        for part in (tag_value, predicate):
            of_class = CLASS_WORDS.get(_word(part))
            if of_class is not None:
                return of_class
    return IndicatorClass.UNKNOWN


def _level(word: str) -> Tlp | None:
    if word in TLP_MARKINGS:
        return TLP_MARKINGS[word]
    lowered = word.strip().lower()
    return TLP_WORDS.get(lowered[4:].strip()) if lowered.startswith("tlp:") else None


def _word(text: str) -> str:
    return re.sub(r"[\s_-]+", "-", text.strip().lower()[:80])
