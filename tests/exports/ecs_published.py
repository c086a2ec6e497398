"""What the Elastic Common Schema publishes of each field that an export may fill.

Source of names, types and arrays: generated/csv/fields.csv in the repository elastic/ecs, commit
7b665790 (8.12.0-dev), read field by field; mappings checked in the component templates of 8.6.0.
Source of the values: "ECS Categorization Field" and the pages of the field sets in the reference
of 8.17 (elastic.co/guide/en/ecs/8.17). Both were read on 30 November 2026.
"""

from collections.abc import Mapping

ECS: Mapping[str, str] = {
    "date": "@timestamp event.start event.end threat.indicator.last_seen",
    "ip": (
        "source.ip source.nat.ip destination.ip destination.nat.ip host.ip network.forwarded_ip "
        "dns.resolved_ip"
    ),
    "long": (
        "event.duration source.port source.nat.port source.bytes destination.port "
        "destination.nat.port destination.bytes http.response.status_code process.pid"
    ),
    "wildcard": "url.full",
    "keyword": (
        "ecs.version event.kind event.category event.module event.provider event.dataset "
        "event.action event.type event.outcome event.timezone event.original event.hash "
        "observer.name source.mac destination.domain network.transport network.application "
        "network.direction dns.question.name dns.question.type dns.answers.data dns.response_code "
        "url.domain http.request.method user_agent.original tls.client.server_name tls.client.ja3 "
        "tls.server.ja3s tls.server.hash.sha1 tls.server.hash.sha256 file.hash.md5 file.hash.sha1 "
        "file.hash.sha256 file.name rule.name host.name host.mac process.executable process.name "
        "log.file.path threat.indicator.name threat.indicator.type threat.indicator.marking.tlp "
        "threat.indicator.confidence threat.software.name"
    ),
}
"""Each type, and the fields that have it."""

ARRAYS = frozenset(
    ["event.category", "event.type", "host.ip", "host.mac", "dns.answers", "dns.resolved_ip"]
)
"""What is an array however many values it has (Normalization: array)."""

LOWER = frozenset({"network.transport", "network.application"})
"""What is to be written in lower case."""

UPPER = frozenset({"tls.server.hash.sha1", "tls.server.hash.sha256"})
"""Digests of certificates, in upper case like every digest of the field set tls."""

ALLOWED: Mapping[str, frozenset[str]] = {
    name: frozenset(values.split(","))
    for name, values in {
        "event.kind": "alert,asset,enrichment,event,metric,state,pipeline_error,signal",
        "event.category": (
            "api,authentication,configuration,database,driver,email,file,host,iam,"
            "intrusion_detection,library,malware,network,package,process,registry,session,threat,"
            "vulnerability,web"
        ),
        "event.type": (
            "access,admin,allowed,change,connection,creation,deletion,denied,device,end,error,"
            "group,indicator,info,installation,protocol,start,user"
        ),
        "event.outcome": "failure,success,unknown",
        "network.direction": "ingress,egress,inbound,outbound,internal,external,unknown",
        "threat.indicator.type": (
            "autonomous-system,artifact,directory,domain-name,email-addr,file,ipv4-addr,ipv6-addr,"
            "mac-addr,mutex,port,process,software,url,user-account,windows-registry-key,"
            "x509-certificate"
        ),
        "threat.indicator.confidence": "Not Specified,None,Low,Medium,High",
        "threat.indicator.marking.tlp": "WHITE,CLEAR,GREEN,AMBER,AMBER+STRICT,RED",
    }.items()
}
"""The values that a field may have."""

OF_NETWORK = frozenset(
    ["access", "allowed", "connection", "denied", "end", "info", "protocol", "start"]
)
"""The types of event that are expected in the category network."""
