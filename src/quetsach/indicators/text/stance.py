"""Decides by context whether a value is an indicator, a reference, or a question for a person."""

import re
from dataclasses import dataclass
from enum import StrEnum

from quetsach.hostnames import suffix_section
from quetsach.indicators.model import IndicatorKind
from quetsach.indicators.options import RefusalReason
from quetsach.indicators.text.in_text import TextIndicator
from quetsach.urls import parse_url

# Sites that write about malware, and those for everybody: in a report a bare address of one is
# a reference. One that is meant as an indicator is defanged.
_SITES = frozenset(
    """
    abuse.ch acronis.com any.run apachefriends.org apple.com appomni.com avast.com avast.io
    bleepingcomputer.com binarydefense.com bitdefender.com censys.io checkpoint.com chromium.org
    cisa.gov cloudflare.com crowdstrike.com cside.dev cve.org cyble.com cybernews.com
    cybervergent.com deepinstinct.com docs.rs dropbox.com emergingthreats.net eset.com
    esetstatic.com exploit-db.com eye.security facebook.com first.org fortinet.com fraunhofer.de
    gendigital.com gist.github.com github.com github.io gitlab.com google.com guard.io
    hexacorn.com hybrid-analysis.com ibm.com infoblox.com infosec.exchange instagram.com isc.org
    joesandbox.com kaspersky.com krebsonsecurity.com linkedin.com
    malpedia.caad.fkie.fraunhofer.de malware-traffic-analysis.net man7.org mandiant.com
    mastodon.social mdsec.co.uk medium.com microsoft.com misp-project.org mitre.org mozilla.org
    netresec.com nist.gov nviso.eu openphish.com paloaltonetworks.com proofpoint.com prodaft.com
    python.org qianxin.com reaqta.com recordedfuture.com redcanary.com reddit.com sans.edu
    securelist.com securityintelligence.com sentinelone.com serverfault.com shodan.io snort.org
    socket.dev sophos.com spamhaus.com spamhaus.org stackoverflow.com suricata-ids.org t.me
    talosintelligence.com threatdown.com ti.360.net trendmicro.com tria.ge twitter.com
    urlscan.io virusbulletin.com virusradar.com virustotal.com vmware.com w3.org web.archive.org
    welivesecurity.com wikipedia.org x.com youtube.com zscaler.com openxmlformats.org purl.org
    xmlsoap.org adobe.com oasis-open.org ietf.org iana.org chongluadao.vn khonggianmang.vn
    tinnhiemmang.vn vncert.vn zalo.me zalo.vn
    """.split()  # noqa: SIM905 - so many quoted words are not read better
)
# Malware asks them for its own address; a whole service is no indicator (class what-is-my-ip).
_SERVICES = frozenset(
    """
    api.ipify.org curlmyip.net checkip.amazonaws.com checkip.dyndns.org freegeoip.app
    geoplugin.net icanhazip.com ident.me ifconfig.me ip-api.com ipecho.net ipify.org ipinfo.io
    myexternalip.com reallyfreegeoip.org whatismyip.com wtfismyip.com
    """.split()  # noqa: SIM905 - so many quoted words are not read better
)
_EVERYBODYS = frozenset(
    """
    amazon.com amazonaws.com bing.com discord.com drive.google.com dropboxusercontent.com
    gmail.com firebasestorage.googleapis.com storage.googleapis.com googleapis.com gstatic.com
    icloud.com live.com microsoftonline.com office.com outlook.com paypal.com qq.com
    steamcommunity.com telegram.org tiktok.com whatsapp.com windowsupdate.com yahoo.com
    yandex.ru raw.githubusercontent.com githubusercontent.com youtu.be api.telegram.org
    example.com example.net example.org openssl.org baidu.com mega.nz
    """.split()  # noqa: SIM905 - so many quoted words are not read better
)


def is_source(host: str) -> bool:
    """Return whether `host` is a usual source of references: news, laboratories, authorities."""
    return is_under(host, _SITES | _SERVICES)


def is_for_everybody(host: str) -> bool:
    """Return whether `host` is under a service that nearly every office uses."""
    return is_under(host, _EVERYBODYS)


def is_address_service(host: str) -> bool:
    """Return whether `host` is a service that returns the caller's address."""
    return is_under(host, _SERVICES)


def is_whole_service(host: str) -> bool:
    """Return whether `host` belongs to the owner of a well-known site, and not to a customer."""
    name = host
    while name:
        if name in _SITES or name in _EVERYBODYS:
            return True
        # `somebody.github.io` is somebody's; `storage.googleapis.com` is Google's.
        name = name.partition(".")[2]
        if suffix_section(name):
            return False
    return False


def is_under(host: str, sites: frozenset[str]) -> bool:
    """Return whether `host` is one of `sites`, or a name below one."""
    name = host
    while name:
        if name in sites:
            return True
        name = name.partition(".")[2]
    return False


class ValuePosition(StrEnum):
    """The position of a value: in a column of values, alone in a list, or within a sentence."""

    VALUE = "value"
    ITEM = "item"
    PROSE = "prose"


class HeadingMeaning(StrEnum):
    """The meaning of a heading for the values below it."""

    OPEN = "open"
    BENIGN = "benign"
    SOURCES = "sources"


_HARMLESS = re.compile(
    r"\bnot (?:inherently |itself )?malicious\b|\bnon-malicious\b|(?:is|are|was|were) benign\b"
    r"|[(<\u2013\u2014-] ?benign\b|không (?:phải (?:là )?)?(?:mã )?độc(?: hại)?\b"
    r"|hợp pháp|lành tính|vô hại"
    r"|^\W*(?:registrar|name ?servers?|hosting provider|registrant|whois server)\b[^:]{0,12}:",
    re.IGNORECASE,
)
_LEGITIMATE = re.compile(
    r"(?:(?:is|are) (?:an? )?|[(<\u2013\u2014:-] ?)legitimate\b(?!,? but)"
    r"|\bthe legitimate (?:site|domain|website|service)\b",
    re.IGNORECASE,
)
_TAKEN_OVER = re.compile(
    r"compromis|infected|inject|hacked|abused|hosting the c|bị chiếm|bị xâm nhập|bị lợi dụng",
    re.IGNORECASE,
)
_BENIGN_HEADING = re.compile(
    r"\bnon-malicious\b|\bnot (?:inherently )?malicious\b|\bbenign\b|^\W*legitimate\b"
    r"|không (?:phải (?:là )?)?mã độc|hợp pháp",
    re.IGNORECASE,
)
# Whom the malware attacks: their names are no indicators of it.
_TARGETS_HEADING = re.compile(
    r"\btargeted\b|^(?:\w+ )?targets$|bị nhắm (?:đến|tới)|^mục tiêu|bị tấn công$",
    re.IGNORECASE,
)
_SOURCES_HEADING = re.compile(
    r"^(?:references?|notes?|sources?|social media posts?|further (?:reading|information)|links?"
    r"|authors?(?:\(s\))?|credits?|acknowledg\w+|see also|more info\w*|blog ?posts?"
    r"|tài liệu tham khảo|tham khảo|ghi chú|nguồn(?: tham khảo)?|căn cứ|nơi nhận)\b",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"\b(?:above|trên)\b.{0,60}\b(?:urls?|domains?|files?|sites?|địa chỉ)\b"
    r"|\b(?:urls?|domains?) above\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SEPARATED = re.compile(r"\s*(?:$|<?--|[-\u2013\u2014\u2192(|#;*/<=\u2190]|:|\[|\s{2}|\t|[+`\"'])")
_NAMES_OF_VALUES = re.compile(
    r"sha-?\d{1,3}|md5|hash(?:es)?|file|location|name|port|ip|ipv[46]|address(?:es)?|domains?|url|urls|c2|c&c|host"
    r"|server|hostname|tcp|udp|http|https|get|post|traffic|site|địa|chỉ|tên|miền|cổng|máy|chủ|mã|băm|stt|độc|hại",
    re.IGNORECASE,
)
_MAIL_HEADER = re.compile(
    r"\W{0,4}(?:received|from|to|cc|return-path|reply-to|sender|message-id|helo|x-[\w-]{1,30})\b[^:]{0,3}:"
    r"|\W{0,4}(?:helo |.{0,60}\bby \S+ \((?:postfix|exim))",
    re.IGNORECASE,
)
_CERTIFICATE = re.compile(r"\b(?:common ?name|issuer|subject|cn=)", re.IGNORECASE)
_OWN_LABEL = re.compile(
    r"(?:website|web|trang(?: tin| thông tin)?(?: điện tử)?|email|e-mail|điện thoại|đt|fax"
    r"|cổng thông tin\w*|địa chỉ|tại|cổng)\s*:?\s*$",
    re.IGNORECASE,
)


def section_of(heading: str) -> HeadingMeaning:
    """Return the meaning of `heading` for the values below it."""
    words = heading.strip(" \t#=*_:.-")
    if (
        _BENIGN_HEADING.search(words)
        and not _TAKEN_OVER.search(words)
        and "but" not in words.lower()
    ):
        return HeadingMeaning.BENIGN
    if _TARGETS_HEADING.search(words):
        return HeadingMeaning.BENIGN
    return HeadingMeaning.SOURCES if _SOURCES_HEADING.match(words) else HeadingMeaning.OPEN


def is_benign(remark: str) -> bool:
    """Return whether `remark` marks the values beside it as harmless."""
    if _HARMLESS.search(remark):
        return True
    return _LEGITIMATE.search(remark) is not None and not _TAKEN_OVER.search(remark)


def refers_to_above(remark: str) -> bool:
    """Return whether `remark` refers to the values above it."""
    return _ABOVE.search(remark) is not None


def position_in(text: str, indicators: list[TextIndicator]) -> ValuePosition:
    """Return the position of the values in one line of `text`: items, or in a sentence."""
    if not indicators:
        return ValuePosition.PROSE
    head = text[: indicators[0].start]
    if is_mail_header(text) or _CERTIFICATE.search(head):
        return ValuePosition.PROSE
    if _OWN_LABEL.search(head) or len(_words(head)) > 3:
        return ValuePosition.PROSE
    tail = "".join(
        text[indicator.end : following]
        for indicator, following in zip(
            indicators, [*(indicator.start for indicator in indicators[1:]), len(text)], strict=True
        )
    )
    after = text[indicators[0].end :]
    if _SEPARATED.match(after) or len(_words(tail)) <= 2:
        return ValuePosition.ITEM
    return ValuePosition.PROSE


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if not _NAMES_OF_VALUES.fullmatch(word)]


def is_mail_header(text: str) -> bool:
    """Return whether `text` begins as a line of a mail's header, which is written by its sender."""
    return _MAIL_HEADER.match(text) is not None


_STATE = (".gov.vn", ".gov", ".chinhphu.vn")
_CUE = re.compile(
    r"độc hại|giả mạo|lừa đảo|điều khiển|botnet|tấn công|c2\b|c&c|malicious|phish|attacker|fake",
    re.IGNORECASE,
)
_AFTER_OTHER = re.compile(r"\b[0-9a-fA-F]{32,64}\b|@\w[\w-]{0,62}\.")
_FILE_LABEL = re.compile(
    r"(?:file ?names?|file location|path|tên tệp|tên tập tin|tập tin|tệp)\s*[:=]?\s*[`\"']?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ValueContext:
    """The context of a value; `own` are the sender's mail domains.

    Shapes: `names` is whether the column's heading announces names; `is_link`
    whether it is the target of a link in Markdown or AsciiDoc.
    """

    stand: ValuePosition
    section: HeadingMeaning = HeadingMeaning.OPEN
    benign: bool = False
    own: frozenset[str] = frozenset()
    names: bool = False
    is_link: bool = False


def reason_against(
    indicator: TextIndicator, around: ValueContext, before: str
) -> RefusalReason | None:
    """Return why `indicator` is refused in its context, or None; `before` is the text before it."""
    if indicator.parsed.reason is not None:
        mentioned = around.stand is ValuePosition.PROSE and not indicator.defanged
        inside = indicator.parsed.reason in (RefusalReason.PRIVATE, RefusalReason.RESERVED)
        return RefusalReason.REFERENCE if mentioned and inside else indicator.parsed.reason
    if around.benign or around.section is HeadingMeaning.BENIGN:
        return RefusalReason.CONTEXT
    if indicator.kind is IndicatorKind.HASH:
        return None
    host = host_of(indicator)
    if indicator.kind is IndicatorKind.NAME and is_mail_header(before):
        return RefusalReason.UNCLEAR  # mail is sent under false names
    if indicator.defanged:
        if around.section is HeadingMeaning.SOURCES and is_source(host):
            return RefusalReason.REFERENCE
        return RefusalReason.UNCLEAR if _names_a_service(indicator, host) else None
    return _against_bare(indicator, host, around, before)


def _against_bare(
    indicator: TextIndicator, host: str, around: ValueContext, before: str
) -> RefusalReason | None:
    """Return why a value that is not defanged is refused, or None."""
    if _FILE_LABEL.search(before[-40:]):
        return RefusalReason.OTHER_KIND
    if is_under(host, around.own):
        return RefusalReason.SENDER
    if around.section is HeadingMeaning.SOURCES or (
        indicator.kind is IndicatorKind.URL and around.is_link
    ):
        return RefusalReason.REFERENCE
    if around.stand is ValuePosition.VALUE:
        doubtful = indicator.doubtful and not around.names
        return RefusalReason.UNCLEAR if doubtful or _names_a_service(indicator, host) else None
    if host.endswith(_STATE) or is_source(host):
        return RefusalReason.REFERENCE
    if around.stand is ValuePosition.ITEM:
        if indicator.kind is IndicatorKind.NAME and _AFTER_OTHER.search(before):
            # The name of the file with this hash; or the server of a mailbox.
            return RefusalReason.OTHER_KIND if indicator.doubtful else RefusalReason.UNCLEAR
        return RefusalReason.UNCLEAR if indicator.doubtful or is_for_everybody(host) else None
    if indicator.kind in (IndicatorKind.ADDRESS, IndicatorKind.NETWORK) or _CUE.search(
        before[-60:]
    ):
        return RefusalReason.UNCLEAR
    return RefusalReason.REFERENCE


def host_of(indicator: TextIndicator) -> str:
    """Return the canonical host of the indicator; "" for a hash or a refusal."""
    if not indicator.parsed.values or indicator.kind is IndicatorKind.HASH:
        return ""
    key = indicator.parsed.values[0].key
    if indicator.kind is IndicatorKind.NAME:
        return key
    url = parse_url(key)
    return key if url is None else url.host


def _names_a_service(indicator: TextIndicator, host: str) -> bool:
    """Return whether it names a service that everybody uses."""
    if is_address_service(host):
        return True
    is_page = (
        indicator.kind is IndicatorKind.URL and indicator.parsed.values[0].key.rstrip("/") != host
    )
    return not is_page and is_whole_service(host)
