"""Notices of each sender, and how a test reads them."""

from datetime import datetime

from quetsach.clocks import MICROSECONDS
from quetsach.notices.formats.contract import NoticeOptions
from quetsach.notices.model import NoticeFile
from quetsach.notices.read import read_notices


def us(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * MICROSECONDS)


def read(text: str | bytes, name: str = "n.csv", **options: bool) -> NoticeFile:
    raw = text if isinstance(text, bytes) else text.encode()
    return read_notices(raw, name, NoticeOptions(**options))


def reasons(file: NoticeFile) -> list[str]:
    return [one.reason for one in file.rejected]


N6 = {
    "id": "0123456789abcdef",
    "source": "example.sinkhole",
    "category": "bots",
    "name": "andromeda",
    "time": "2022-09-12T05:00:00Z",
    "address": [{"ip": "203.0.113.5", "cc": "VN", "asn": 64500}, {"ip": "203.0.113.6"}],
    "sport": 40112,
    "dip": "198.51.100.77",
    "dport": 443,
    "proto": "tcp",
    "count": 3,
}


INTELMQ = {
    "classification.type": "infected-system",
    "source.ip": "203.0.113.5",
    "source.port": 40112,
    "destination.ip": "198.51.100.77",
    "destination.port": 443,
    "destination.fqdn": "BAD.example.",
    "protocol.transport": "tcp",
    "time.source": "2022-09-12T05:00:00+00:00",
    "malware.name": "andromeda",
}
XARF = {
    "xarf_version": "4.0.0",
    "report_id": "550e8400-e29b-41d4-a716-446655440000",
    "category": "infrastructure",
    "type": "botnet",
    "timestamp": "2022-09-12T05:00:00Z",
    "reporter": {"org": "Example CERT"},
    "source_identifier": "203.0.113.5",
    "source_port": 40112,
    "c2_server": "bad.example",
    "malware_family": "andromeda",
}


SINKHOLE = (
    '"timestamp","protocol","src_ip","src_port","src_asn","src_geo","dst_ip","dst_port",'
    '"infection","family","tag","naics"\n'
    '"2022-09-12 05:00:00","tcp","203.0.113.5","40112","64500","VN","198.51.100.77","443",'
    '"avalanche-andromeda","andromeda","botnet","0"\n'
)
OLDER = (
    "timestamp,ip,port,asn,geo,region,city,hostname,type,infection,url,agent,cc_ip,cc_port\n"
    "2022-09-12 05:00:00,203.0.113.5,40112,64500,VN,,,host.example,tcp,conficker,,,"
    "198.51.100.77,80\n"
)
