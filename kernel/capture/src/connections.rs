//! What became of a connection, in the words of Zeek's conn.log, and its event.
//!
//! Source: the Zeek script reference, `Conn::Info`, `conn_state`.

use crate::event::{End, Event, shown};
use crate::flows::Flow;
use crate::network::{ESP, GRE, ICMP, ICMP6, TCP, UDP};

/// Return the state of a TCP connection whose beginner is end `began`.
fn tcp_state(flow: &Flow, began: usize) -> &'static str {
    let (orig, resp) = (&flow.sent[began], &flow.sent[1 - began]);
    let answered = resp.syn_ack || (resp.packets > 0 && !resp.rst && orig.syn);
    if !orig.syn {
        return match (resp.syn_ack, resp.rst, resp.fin) {
            (true, true, _) => "RSTRH",
            (true, _, true) if orig.packets == 0 => "SHR",
            _ => "OTH",
        };
    }
    match (answered, orig.fin, resp.fin) {
        (false, _, _) if resp.rst => "REJ",
        (false, _, _) if orig.rst => "RSTOS0",
        (false, true, _) => "SH",
        (false, _, _) => "S0",
        (true, true, true) => "SF",
        (true, _, _) if resp.rst => "RSTR",
        (true, _, _) if orig.rst => "RSTO",
        (true, true, _) => "S2",
        (true, _, true) => "S3",
        (true, _, _) => "S1",
    }
}

fn outcome(flow: &Flow, state: &str) -> Option<&'static str> {
    let both = flow.sent[0].bytes > 0 && flow.sent[1].bytes > 0;
    match state {
        "S0" | "REJ" | "RSTOS0" | "SH" => Some("failure"),
        "OTH" => both.then_some("success"),
        _ => Some("success"),
    }
}

/// Return what runs over IP, as logs name it.
pub fn transport(protocol: u8) -> String {
    match protocol {
        TCP => "tcp".into(),
        UDP => "udp".into(),
        ICMP | ICMP6 => "icmp".into(),
        GRE => "gre".into(),
        ESP => "esp".into(),
        2 => "igmp".into(),
        88 => "eigrp".into(),
        89 => "ospf".into(),
        103 => "pim".into(),
        112 => "vrrp".into(),
        132 => "sctp".into(),
        other => other.to_string(),
    }
}

/// Write the event of a connection that is over.
pub fn write(flow: &Flow, out: &mut Vec<u8>) {
    let has_ports = matches!(flow.key.protocol, TCP | UDP);
    let mut event = Event::begin(out, flow.start_us, "pcap.conn");
    event.text("event.type", b"connection");
    if let Some(began) = flow.began {
        let answered = flow.sent[1 - began].packets > 0;
        let state = match flow.key.protocol {
            TCP => tcp_state(flow, began),
            _ if answered => "SF",
            _ => "S0",
        };
        event.text("event.action", state.as_bytes());
        if let Some(outcome) = outcome(flow, state) {
            event.text("event.outcome", outcome.as_bytes());
        }
    }
    event.time("event.start", flow.start_us);
    event.time("event.end", flow.end_us);
    if flow.end_us > flow.start_us {
        event.number(
            "event.duration",
            (flow.end_us - flow.start_us).saturating_mul(1000),
        );
    }
    event.text("network.transport", transport(flow.key.protocol).as_bytes());
    if let Some(application) = flow.application {
        event.text("network.application", application.as_bytes());
    }
    if let Some(vlan) = flow.vlan {
        event.text("network.vlan.id", vlan.to_string().as_bytes());
    }
    match flow.directed() {
        Some((source, destination)) => {
            let began = usize::from(flow.key.ends[0] != source);
            event.address("source.ip", &source.address);
            if has_ports {
                event.number("source.port", i64::from(source.port));
            }
            if let Some(mac) = flow.mac {
                event.mac("source.mac", &mac);
            }
            event.number("source.bytes", flow.sent[began].bytes as i64);
            event.number("source.packets", flow.sent[began].packets as i64);
            event.address("destination.ip", &destination.address);
            if has_ports {
                event.number("destination.port", i64::from(destination.port));
            }
            event.number("destination.bytes", flow.sent[1 - began].bytes as i64);
            event.number("destination.packets", flow.sent[1 - began].packets as i64);
        }
        // It is not known who began, so that nobody is called source.
        None => event.texts(
            "related.hosts",
            &flow.key.ends.map(|end| written(end, has_ports)),
        ),
    }
    event.end(flow.number);
}

/// Return an end as `address:port`, so that an indicator with a port is met.
fn written(end: End, has_port: bool) -> String {
    let address = shown(&end.address);
    match (has_port, address.contains(':')) {
        (false, _) => address,
        (true, true) => format!("[{address}]:{}", end.port),
        (true, false) => format!("{address}:{}", end.port),
    }
}
