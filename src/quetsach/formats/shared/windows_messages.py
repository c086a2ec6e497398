"""The values that only the message text of a Windows event holds.

Collectors that flatten an event overwrite a value of the event with one of their own (NXLog and
Sysmon's `ProcessId`), and some keep no more than the text. Sysmon's texts are English everywhere;
the Filtering Platform's are read in English alone. Source: the manifests of both providers.
"""

import re

_SYSMON = re.compile(
    r"(?:^|\\r\\n|\\n|[\r\n\t ])(RuleName|UtcTime|ProcessGuid|ProcessId|Image|User|Protocol"
    r"|Initiated|SourceIsIpv6|SourceIp|SourceHostname|SourcePort|SourcePortName"
    r"|DestinationIsIpv6|DestinationIp|DestinationHostname|DestinationPort|DestinationPortName"
    r"|QueryName|QueryStatus|QueryResults|Hashes|Hash|TargetFilename|CreationUtcTime"
    r"|ImageLoaded|FileVersion|Description|Product|Company|OriginalFileName|CommandLine"
    r"|CurrentDirectory|LogonGuid|LogonId|TerminalSessionId|IntegrityLevel|ParentProcessGuid"
    r"|ParentProcessId|ParentImage|ParentCommandLine|ParentUser|Signed|Signature"
    r"|SignatureStatus|Contents|IsExecutable|Archived):"
)
_DNS_SERVER = re.compile(
    r"\b(TCP|InterfaceIP|Source|Destination|QNAME|QTYPE|RCODE|Port|PolicyName)=([^;\r\n]{1,300})"
)
_PLATFORM = re.compile(
    r"(?:^|\\r\\n|\\n|\\t|[\r\n\t ])(Process ID|Application Name|Direction"
    r"|Source Address|Source Port|Destination Address|Destination Port|Protocol"
    r"|Application Information|Network Information"
    r"|Interface Index|Filter Information|Filter Origin|Filter Run-Time ID|Layer Name) ?:"
)
_OF_THE_PLATFORM = {
    "process id": "processid",
    "application name": "application",
    "direction": "direction",
    "source address": "sourceaddress",
    "source port": "sourceport",
    "destination address": "destaddress",
    "destination port": "destport",
    "protocol": "protocol",
}
_PLATFORM_TEXT = "Windows Filtering Platform"
_LONGEST = 16 * 1024
_LONGEST_VALUE = 4096
_END = re.compile(r"\\r\\n|\\n|[\r\n]")


def add_to(details: dict[str, str], provider: str, message: str) -> None:
    """Put what `message` says into `details`, where `details` does not say it itself."""
    if "sysmon" in provider.lower():
        pieces = _SYSMON.split(message[:_LONGEST])
        for name, text in zip(pieces[1::2], pieces[2::2], strict=False):
            _put(details, name.lower(), text)
    elif "dnsserver" in provider.lower():
        for name, text in _DNS_SERVER.findall(message[:_LONGEST]):
            _put(details, name.lower(), text)
    elif _PLATFORM_TEXT in message[:_LONGEST]:
        pieces = _PLATFORM.split(message[:_LONGEST])
        for name, text in zip(pieces[1::2], pieces[2::2], strict=False):
            known = _OF_THE_PLATFORM.get(name.lower())
            if known is not None:
                _put(details, known, text)


def _put(details: dict[str, str], name: str, text: str) -> None:
    value = _END.split(text.strip("\t ").removeprefix("\\t\\t"), maxsplit=1)[0].strip()
    if value not in ("", "-") and len(value) <= _LONGEST_VALUE:
        details.setdefault(name, value)
