"""What differs from line to line in a form of logs whose lines are otherwise alike.

Only how fast such a log is read depends on this; see shared/alike_lines.py, which says what the
classes are and tries each answer. A key may be named here that another line has for another
thing, as long as its value is of the class.
"""

from collections.abc import Mapping

from quetsach.formats.shared.alike_lines import Keys, keys

ALIKE: Mapping[str, Keys] = {
    "suricata-eve": keys(
        n="rrname rdata sni hostname CNAME NS PTR MX",
        u="url",
        p="src_port dest_port http_port sp dp",
        c="bytes_toserver bytes_toclient",
        z="pkts_toserver pkts_toclient",
        x="flow_id id ttl tx_id pcap_cnt length age",
        w="community_id",
    ),
    "zeek-json": keys(
        e="ts _write_ts",
        n="query answers server_name host",
        u="uri",
        p="id.orig_p id.resp_p id_orig_p id_resp_p orig_p resp_p src_port dst_port dest_port",
        c="orig_bytes resp_bytes",
        s="duration",
        x="trans_id rtt orig_pkts resp_pkts missed_bytes orig_ip_bytes resp_ip_bytes"
        " request_body_len response_body_len",
        w="uid",
        l="TTLs",
    ),
    "fortigate": keys(
        e="eventtime itime timestamp",
        d="time",
        n="qname hostname",
        u="url",
        p="srcport dstport transport tranport tran_sport tran_port src_port dst_port",
        c="sentbyte rcvdbyte sent rcvd",
        s="duration",
        x="sessionid sentpkt rcvdpkt sentdelta rcvddelta seqno eventid",
    ),
}
"""Keys by the name of the form."""
