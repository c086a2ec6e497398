//! What TCP, UDP and ICMP tell of a connection, and where their content goes.

use crate::counts::{Count, Counts};
use crate::dns;
use crate::event::{End, Event, is_group};
use crate::flows::{Flow, Key, Patience};
use crate::link::{be16, be32};
use crate::network::{ICMP, ICMP6, Ip, TCP, UDP};
use crate::packets::{Origin, Reader};
use crate::questions::Seen;
use crate::quic;
use crate::streams::{Streams, is_domain};
use crate::tls::Handshake;

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;
// Ports that only servers have: a client would have to ask for one of them. Those that both sides
// of a protocol take (syslog, IKE, WireGuard) are left out.
const TCP_SERVERS: [u16; 61] = [
    21, 22, 23, 25, 53, 80, 88, 110, 111, 119, 135, 139, 143, 179, 389, 443, 445, 465, 514, 515,
    548, 554, 587, 631, 636, 853, 873, 902, 989, 990, 993, 995, 1080, 1194, 1433, 1521, 1723, 1883,
    2049, 3128, 3268, 3269, 3306, 3389, 5060, 5061, 5222, 5228, 5432, 5671, 5900, 5938, 5985, 5986,
    6379, 8000, 8080, 8081, 8443, 8883, 8888,
];
const UDP_SERVERS: [u16; 11] = [53, 67, 69, 88, 111, 123, 161, 389, 443, 2049, 3478];
// Systems give clients ports from here on (RFC 6335, 6; Linux begins lower), and hardly a server
// listens there; below the other bound no system of today gives them.
const CLIENTS_FROM: u16 = 32_768;
const SERVERS_BELOW: u16 = 10_000;

impl Reader {
    /// Take a segment of TCP; None where it is damaged.
    pub fn tcp(&mut self, ip: &Ip<'_>, origin: Origin, counts: &mut Counts) -> Option<()> {
        let (source, destination) = ends(ip)?;
        let (sequence, flags) = (be32(ip.payload, 4)?, *ip.payload.get(13)?);
        let header = usize::from(ip.payload[12] >> 4) * 4;
        if header < 20 {
            return None;
        }
        let bytes = ip.payload.get(header..).unwrap_or(&[]);
        let missing = (ip.payload.len() + ip.missing).checked_sub(header)? - bytes.len();
        let (key, side) = Key::of(source, destination, TCP);
        let is_syn = flags & (SYN | ACK) == SYN;
        if is_syn
            && let Some(place) = self.flows.find(&key)
            && self
                .flows
                .get(place)
                .is_some_and(|flow| is_over(flow, side, sequence))
        {
            // The same ports are used again.
            self.end(place, counts);
        }
        let place = self.place(key, source, origin, counts);
        let flow = self.flows.get(place)?;
        if flags & SYN != 0 && !flow.proven {
            flow.began = Some(if is_syn { side } else { 1 - side });
            flow.proven = true;
        } else if flow.began.is_none() {
            flow.began = server_side(&flow.key).map(|server| 1 - server);
        }
        let sent = &mut flow.sent[side];
        sent.packets += 1;
        sent.syn |= is_syn;
        sent.syn_ack |= flags & (SYN | ACK) == SYN | ACK;
        sent.fin |= flags & FIN != 0;
        sent.rst |= flags & RST != 0;
        let first = sequence.wrapping_add(u32::from(flags & SYN != 0));
        if flags & RST == 0 {
            sent.bytes += fresh(&mut sent.next, first, bytes.len() + missing);
        }
        flow.touch(origin.when.us);
        let closed = flow.sent.iter().any(|one| one.rst) || flow.sent.iter().all(|one| one.fin);
        let stands = flow.sent.iter().all(|one| one.packets > 0);
        let patience = match (closed, stands) {
            (true, _) => Patience::Closed,
            (_, true) => Patience::Long,
            _ => Patience::Short,
        };
        self.flows.heard(place, patience, self.now);
        if flags & SYN != 0 {
            let flow = self.flows.get(place)?;
            flow.streams
                .get_or_insert_with(|| Box::new(Streams::new()))
                .begin(side, first);
        }
        if (!bytes.is_empty() || missing > 0) && flags & RST == 0 {
            self.stream(place, origin.when, counts, |streams, context| {
                streams.segment(side, first, bytes, missing, context);
            });
        }
        Some(())
    }

    /// Take a datagram of UDP; None where it is damaged.
    pub fn udp(&mut self, ip: &Ip<'_>, origin: Origin, counts: &mut Counts) -> Option<()> {
        let (source, destination) = ends(ip)?;
        let length = usize::from(be16(ip.payload, 4)?);
        let all = ip.payload.get(8..)?;
        let whole = ip.payload.len() + ip.missing;
        // Zero stands for more than the field can say; a wrong length counts as none.
        let length = if (8..=whole).contains(&length) {
            length - 8
        } else {
            whole - 8
        };
        let bytes = &all[..length.min(all.len())];
        let (key, side) = Key::of(source, destination, UDP);
        let place = self.place(key, source, origin, counts);
        let ports = (source.port, destination.port);
        let message = is_domain(ports).then(|| dns::parse(bytes));
        let flow = self.flows.get(place)?;
        if flow.began.is_none() {
            let asks = message
                .as_ref()
                .and_then(Option::as_ref)
                .map(|one| !one.is_response);
            flow.began = Some(match asks {
                Some(asks) if !is_group(&destination.address) => {
                    if asks {
                        side
                    } else {
                        1 - side
                    }
                }
                _ => server_side(&flow.key).map_or(side, |server| 1 - server),
            });
        }
        if message.is_some() {
            flow.application = Some("dns");
        } else if is_quic(ports, bytes) && flow.application.is_none() {
            flow.application = Some("quic");
            flow.quic = Some(Box::new(quic::Hello::new()));
        }
        let began = flow.began == Some(side);
        let hello = flow
            .quic
            .as_mut()
            .filter(|_| began)
            .and_then(|quic| quic.datagram(bytes));
        flow.sent[side].packets += 1;
        flow.sent[side].bytes += length as u64;
        flow.touch(origin.when.us);
        if let Some(hello) = hello
            && let Some(handshake) = Handshake::of_quic(&hello, side)
        {
            flow.quic = None;
            let mut event = Event::begin(&mut self.out, origin.when.us, "pcap.tls");
            event.text("event.type", b"protocol");
            event.text("network.transport", b"udp");
            event.text("network.application", b"quic");
            event.ends(&source, &destination);
            handshake.write(&mut event);
            event.end(origin.when.number);
            counts.add(Count::Events);
        }
        self.flows.heard(place, Patience::Short, self.now);
        match message {
            Some(Some(message)) => {
                let seen = Seen {
                    us: origin.when.us,
                    now: self.now,
                    number: origin.when.number,
                    source,
                    destination,
                    over_tcp: false,
                };
                self.questions.message(message, seen, &mut self.out, counts);
            }
            Some(None) => counts.add(Count::DnsBad),
            None => self.other_udp(ip, (source, destination), bytes, origin, counts),
        }
        Some(())
    }

    /// Take a message of ICMP; None where it is damaged.
    pub fn icmp(&mut self, ip: &Ip<'_>, origin: Origin, counts: &mut Counts) -> Option<()> {
        let kind = *ip.payload.first()?;
        let asks = match (ip.protocol, kind) {
            (ICMP, 8 | 13) | (ICMP6, 128) => true,
            (ICMP, 0 | 14) | (ICMP6, 129) => false,
            (ICMP6, 133..=136) => {
                counts.add(Count::Control);
                let (when, out) = (origin.when, &mut self.out);
                return self
                    .neighbours
                    .icmp6(&ip.source, ip.payload, when, out, counts);
            }
            _ => {
                counts.add(Count::Control);
                // An error is no contact of whoever sends it; a word to a group is one.
                let is_told = is_group(&ip.destination);
                return if is_told {
                    self.other(ip, origin, counts)
                } else {
                    Some(())
                };
            }
        };
        // The number of a ping stands for a port, so that each ping is one connection.
        let port = be16(ip.payload, 4)?;
        let source = End {
            address: ip.source,
            port,
        };
        let destination = End {
            address: ip.destination,
            port,
        };
        let (key, side) = Key::of(source, destination, ip.protocol);
        let place = self.place(key, source, origin, counts);
        let flow = self.flows.get(place)?;
        flow.began.get_or_insert(if asks { side } else { 1 - side });
        flow.sent[side].packets += 1;
        flow.sent[side].bytes += (ip.payload.len() + ip.missing).saturating_sub(8) as u64;
        flow.touch(origin.when.us);
        self.flows.heard(place, Patience::Short, self.now);
        Some(())
    }

    /// Keep what runs over IP without ports that are known here. Only who speaks to a group began.
    pub fn other(&mut self, ip: &Ip<'_>, origin: Origin, counts: &mut Counts) -> Option<()> {
        let source = End {
            address: ip.source,
            port: 0,
        };
        let destination = End {
            address: ip.destination,
            port: 0,
        };
        let (key, side) = Key::of(source, destination, ip.protocol);
        let place = self.place(key, source, origin, counts);
        let flow = self.flows.get(place)?;
        if is_group(&destination.address) {
            flow.began.get_or_insert(side);
        }
        flow.sent[side].packets += 1;
        flow.sent[side].bytes += (ip.payload.len() + ip.missing) as u64;
        flow.touch(origin.when.us);
        self.flows.heard(place, Patience::Short, self.now);
        Some(())
    }
}

fn ends(ip: &Ip<'_>) -> Option<(End, End)> {
    let (source, destination) = (be16(ip.payload, 0)?, be16(ip.payload, 2)?);
    Some((
        End {
            address: ip.source,
            port: source,
        },
        End {
            address: ip.destination,
            port: destination,
        },
    ))
}

/// Return whether a first packet from `side` belongs to a new connection.
fn is_over(flow: &Flow, side: usize, sequence: u32) -> bool {
    let sent = &flow.sent[side];
    let closed = flow.sent.iter().any(|one| one.rst || one.fin);
    let other = sent
        .next
        .is_some_and(|next| next != sequence.wrapping_add(1));
    closed
        || (other && (sent.syn || sent.bytes > 0))
        || (!sent.syn && flow.sent[1 - side].syn)
        || !flow.proven && sent.packets > 0
}

/// Return how many of the bytes from `first` on are new, and move `next` behind them.
fn fresh(next: &mut Option<u32>, first: u32, length: usize) -> u64 {
    let end = first.wrapping_add(length as u32);
    let known = *next.get_or_insert(first);
    let ahead = end.wrapping_sub(known);
    if ahead == 0 || ahead > u32::MAX / 2 {
        return 0;
    }
    *next = Some(end);
    u64::from(ahead.min(length as u32))
}

/// Return which end is the server by its port alone, where only one can be.
fn server_side(key: &Key) -> Option<usize> {
    let known: &[u16] = if key.protocol == TCP {
        &TCP_SERVERS
    } else {
        &UDP_SERVERS
    };
    let serves = key.ends.map(|end| known.contains(&end.port));
    let high = key.ends.map(|end| end.port >= CLIENTS_FROM);
    let low = key.ends.map(|end| end.port < SERVERS_BELOW);
    match (serves, key.protocol) {
        ([true, false], _) => Some(0),
        ([false, true], _) => Some(1),
        ([false, false], TCP) if low[0] && high[1] => Some(0),
        ([false, false], TCP) if high[0] && low[1] => Some(1),
        _ => None,
    }
}

/// Return whether a packet begins a QUIC connection (RFC 9000, 17.2).
fn is_quic(ports: (u16, u16), bytes: &[u8]) -> bool {
    (ports.0 == 443 || ports.1 == 443)
        && bytes.first().is_some_and(|first| first & 0xc0 == 0xc0)
        && be32(bytes, 1).is_some_and(|version| version != 0)
}
