//! Each packet to where it belongs: its connection, the questions, leases and neighbours.

use crate::connections;
use crate::container::{NO_TIME, Packet};
use crate::counts::{Count, Counts};
use crate::dhcp::Leases;
use crate::event::{Address, End};
use crate::flows::{Flow, Flows, Key};
use crate::fragments::Fragments;
use crate::link::{self, Carried, Frame, Mac};
use crate::neighbours::{Moment, Neighbours};
use crate::network::{self, GRE, ICMP, ICMP6, IPV4, IPV6, Ip, TCP, UDP};
use crate::questions::Questions;
use crate::streams::{Context, Streams};

pub const DEEPEST: usize = 4;
// Bytes that all followed connections may hold together.
const MOST_HELD: usize = 64 << 20;

/// Where a packet came from, beside its own bytes.
#[derive(Clone, Copy)]
pub struct Origin {
    pub when: Moment,
    pub sender: Option<Mac>,
    pub vlan: Option<u16>,
    pub depth: usize,
}

/// A packet of NetFlow or IPFIX, and who sent it.
pub struct Export {
    pub source: Address,
    pub bytes: Vec<u8>,
}

/// What is kept between packets, and the lines that are ready.
pub struct Reader {
    pub flows: Flows,
    fragments: Fragments,
    pub questions: Questions,
    pub leases: Leases,
    pub neighbours: Neighbours,
    pub now: i64,
    held: usize,
    pub out: Vec<u8>,
    pub exports: Vec<Export>,
}

impl Reader {
    pub fn new() -> Self {
        Self {
            flows: Flows::new(),
            fragments: Fragments::new(),
            questions: Questions::new(),
            leases: Leases::new(),
            neighbours: Neighbours::new(),
            now: 0,
            held: 0,
            out: Vec::new(),
            exports: Vec::new(),
        }
    }

    /// Return the lines that are ready, and forget them.
    pub fn lines(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// Take one packet.
    pub fn packet(&mut self, packet: &Packet<'_>, counts: &mut Counts) {
        if packet.us != NO_TIME {
            self.now = self.now.max(packet.us);
        }
        let lacking = packet.wire_len - packet.bytes.len();
        if lacking > 0 {
            counts.add(Count::Cut);
        }
        while let Some(place) = self.flows.expired(self.now) {
            self.end(place, counts);
        }
        let when = Moment {
            us: packet.us,
            now: self.now,
            number: packet.number,
        };
        let frame = link::unwrap(packet.link, packet.bytes);
        self.frame(&frame, lacking, when, 0, counts);
    }

    /// Write all that is still open.
    pub fn finish(&mut self, counts: &mut Counts) {
        self.fragments.finish(counts);
        while let Some(place) = self.flows.first() {
            self.end(place, counts);
        }
        self.questions.finish(&mut self.out, counts);
    }

    pub fn frame(
        &mut self,
        frame: &Frame<'_>,
        lacking: usize,
        when: Moment,
        depth: usize,
        counts: &mut Counts,
    ) {
        let origin = Origin {
            when,
            sender: frame.sender,
            vlan: frame.vlan,
            depth,
        };
        match frame.carried {
            Carried::Ip(bytes) => self.ip(bytes, lacking, origin, counts),
            Carried::Arp(bytes) => {
                let read = self.neighbours.arp(bytes, when, &mut self.out, counts);
                if read.is_none() {
                    counts.add(Count::BadHeader);
                }
            }
            Carried::Nothing(why) => counts.add(why),
        }
    }

    pub fn ip(&mut self, bytes: &[u8], lacking: usize, origin: Origin, counts: &mut Counts) {
        let Some(ip) = network::parse(bytes, lacking) else {
            counts.add(Count::BadHeader);
            return;
        };
        let Some(part) = ip.fragment else {
            self.transport(&ip, origin, counts);
            return;
        };
        let Some(whole) = self.fragments.add(&ip, part, self.now, counts) else {
            return;
        };
        let mut ip = Ip {
            source: whole.source,
            destination: whole.destination,
            protocol: whole.protocol,
            payload: &whole.payload,
            missing: 0,
            fragment: None,
        };
        if network::extensions(&mut ip).is_none() || ip.fragment.is_some() {
            counts.add(Count::BadHeader);
            return;
        }
        self.transport(&ip, origin, counts);
    }

    fn transport(&mut self, ip: &Ip<'_>, origin: Origin, counts: &mut Counts) {
        let read = match ip.protocol {
            TCP => self.tcp(ip, origin, counts),
            UDP => self.udp(ip, origin, counts),
            ICMP | ICMP6 => self.icmp(ip, origin, counts),
            IPV4 | IPV6 if origin.depth < DEEPEST => {
                let inner = Origin {
                    sender: None,
                    depth: origin.depth + 1,
                    ..origin
                };
                self.ip(ip.payload, ip.missing, inner, counts);
                Some(())
            }
            GRE => self.gre(ip, origin, counts),
            _ => self.other(ip, origin, counts),
        };
        if read.is_none() {
            counts.add(Count::BadHeader);
        }
    }

    /// Return the place of a connection, a new one if there was none.
    pub fn place(&mut self, key: Key, source: End, origin: Origin, counts: &mut Counts) -> u32 {
        let place = match self.flows.find(&key) {
            Some(place) => place,
            None => {
                if let Some(oldest) = self.flows.surplus() {
                    counts.add(Count::FlowsEvicted);
                    self.end(oldest, counts);
                }
                let mut flow = Flow::new(key, origin.when.number, origin.when.us);
                flow.vlan = origin.vlan;
                self.flows.insert(flow, self.now)
            }
        };
        let neighbours = &self.neighbours;
        let confirmed = origin
            .sender
            .filter(|mac| neighbours.confirms(&source.address, mac));
        if confirmed.is_some()
            && let Some(flow) = self.flows.get(place)
            && flow.directed().is_none_or(|(begun, _)| begun == source)
            && flow.mac.is_none()
        {
            flow.mac = confirmed;
            flow.mac_of = Some(source);
        }
        place
    }

    pub fn stream(
        &mut self,
        place: u32,
        when: Moment,
        counts: &mut Counts,
        act: impl FnOnce(&mut Streams, &mut Context<'_>),
    ) {
        let Some(flow) = self.flows.get(place) else {
            return;
        };
        let mut streams = flow
            .streams
            .take()
            .unwrap_or_else(|| Box::new(Streams::new()));
        if streams.is_over() {
            flow.streams = Some(streams);
            return;
        }
        let before = streams.held();
        let mut context = Context {
            ends: flow.key.ends,
            began: &mut flow.began,
            proven: &mut flow.proven,
            application: &mut flow.application,
            us: when.us,
            now: when.now,
            number: when.number,
            out: &mut self.out,
            questions: &mut self.questions,
            counts,
        };
        act(&mut streams, &mut context);
        self.held = self.held + streams.held() - before;
        if self.held > MOST_HELD && !streams.is_over() {
            let before = streams.held();
            context.counts.add(Count::StreamsDropped);
            streams.finish(&mut context);
            self.held = self.held + streams.held() - before;
        }
        flow.streams = Some(streams);
    }

    /// Write a connection that is over, with what its streams still hold.
    pub fn end(&mut self, place: u32, counts: &mut Counts) {
        let Some(flow) = self.flows.get(place) else {
            return;
        };
        let (us, number) = (flow.end_us, flow.number);
        if flow
            .streams
            .as_ref()
            .is_some_and(|streams| !streams.is_over())
        {
            let when = Moment {
                us,
                now: self.now,
                number,
            };
            self.stream(place, when, counts, Streams::finish);
        }
        let Some(mut flow) = self.flows.remove(place) else {
            return;
        };
        if let Some(streams) = flow.streams.take() {
            self.held -= streams.held();
        }
        match flow.directed() {
            None => counts.add(Count::Undirected),
            Some((source, _)) if flow.mac_of != Some(source) => flow.mac = None,
            Some(_) => {}
        }
        if flow.quic.is_some() {
            counts.add(Count::Quic);
        }
        connections::write(&flow, &mut self.out);
        counts.add(Count::Events);
    }
}
