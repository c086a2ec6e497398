//! Datagrams put together from their parts, within bounds.
//!
//! Source: RFC 791, 3.2; RFC 5722: parts that overlap are refused, the whole datagram with them.

use crate::counts::{Count, Counts};
use crate::event::Address;
use crate::network::{Fragment, Ip};
use std::collections::{HashMap, VecDeque};

const MOST_DATAGRAMS: usize = 4096;
const MOST_BYTES: usize = 16 << 20;
const LONGEST_DATAGRAM: usize = 65_535;
const MOST_PARTS: usize = 128;
const WAIT_US: i64 = 30_000_000;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    source: Address,
    destination: Address,
    protocol: u8,
    id: u32,
}

struct Datagram {
    serial: u64,
    parts: Vec<(usize, Vec<u8>)>,
    length: Option<usize>,
    spoiled: bool,
}

/// A datagram that is whole again.
pub struct Whole {
    pub source: Address,
    pub destination: Address,
    pub protocol: u8,
    pub payload: Vec<u8>,
}

/// Parts that wait for the others; the oldest datagram leaves first.
pub struct Fragments {
    waiting: HashMap<Key, Datagram>,
    order: VecDeque<(i64, Key, u64)>,
    bytes: usize,
    serial: u64,
}

impl Fragments {
    pub fn new() -> Self {
        Self {
            waiting: HashMap::new(),
            order: VecDeque::new(),
            bytes: 0,
            serial: 0,
        }
    }

    /// Keep one part; return the datagram if that makes it whole.
    pub fn add(
        &mut self,
        ip: &Ip<'_>,
        part: Fragment,
        now: i64,
        counts: &mut Counts,
    ) -> Option<Whole> {
        self.forget(now, counts);
        let end = part.offset + ip.payload.len();
        if ip.missing > 0 || end > LONGEST_DATAGRAM || ip.payload.is_empty() {
            counts.add(Count::FragmentLost);
            return None;
        }
        let key = Key {
            source: ip.source,
            destination: ip.destination,
            protocol: ip.protocol,
            id: part.id,
        };
        if !self.waiting.contains_key(&key) {
            self.serial += 1;
            self.order.push_back((now, key, self.serial));
        }
        let serial = self.serial;
        let datagram = self.waiting.entry(key).or_insert_with(|| Datagram {
            serial,
            parts: Vec::new(),
            length: None,
            spoiled: false,
        });
        if datagram.spoiled {
            return None;
        }
        match datagram.place(part, ip.payload) {
            Placed::Repeated => return None,
            Placed::Contradicts => {
                counts.add(Count::FragmentOverlap);
                self.bytes -= datagram.held();
                datagram.parts = Vec::new();
                datagram.spoiled = true;
                return None;
            }
            Placed::New => self.bytes += ip.payload.len(),
        }
        if !datagram.is_whole() {
            return None;
        }
        let datagram = self.waiting.remove(&key)?;
        self.bytes -= datagram.held();
        let payload = datagram
            .parts
            .into_iter()
            .flat_map(|(_, bytes)| bytes)
            .collect();
        Some(Whole {
            source: key.source,
            destination: key.destination,
            protocol: key.protocol,
            payload,
        })
    }

    /// Count what never became whole.
    pub fn finish(&mut self, counts: &mut Counts) {
        while let Some((_, key, serial)) = self.order.pop_front() {
            self.drop(key, serial, counts);
        }
    }

    fn forget(&mut self, now: i64, counts: &mut Counts) {
        while let Some(&(since, key, serial)) = self.order.front() {
            let full = self.waiting.len() >= MOST_DATAGRAMS || self.bytes > MOST_BYTES;
            // A datagram that became whole still stands in the order, until its turn.
            let done = self
                .waiting
                .get(&key)
                .is_none_or(|one| one.serial != serial);
            if !full && !done && now - since < WAIT_US {
                return;
            }
            self.order.pop_front();
            self.drop(key, serial, counts);
        }
    }

    fn drop(&mut self, key: Key, serial: u64, counts: &mut Counts) {
        if self
            .waiting
            .get(&key)
            .is_some_and(|one| one.serial == serial)
            && let Some(datagram) = self.waiting.remove(&key)
        {
            self.bytes -= datagram.held();
            for _ in &datagram.parts {
                counts.add(Count::FragmentLost);
            }
        }
    }
}

enum Placed {
    New,
    Repeated,
    Contradicts,
}

impl Datagram {
    fn held(&self) -> usize {
        self.parts.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    fn is_whole(&self) -> bool {
        let mut next = 0;
        for (offset, bytes) in &self.parts {
            if *offset != next {
                return false;
            }
            next += bytes.len();
        }
        self.length == Some(next)
    }

    fn place(&mut self, part: Fragment, payload: &[u8]) -> Placed {
        let end = part.offset + payload.len();
        let same = |(offset, bytes): &(usize, Vec<u8>)| *offset == part.offset && bytes == payload;
        if self.parts.iter().any(same) {
            return Placed::Repeated;
        }
        let meets = |(offset, bytes): &(usize, Vec<u8>)| {
            *offset < end && part.offset < *offset + bytes.len()
        };
        let longest = self
            .parts
            .last()
            .map_or(0, |(offset, bytes)| offset + bytes.len());
        let beyond = match (part.is_last, self.length) {
            (true, Some(length)) => length != end,
            (true, None) => longest > end,
            (false, Some(length)) => end > length,
            (false, None) => false,
        };
        if beyond || self.parts.len() >= MOST_PARTS || self.parts.iter().any(meets) {
            return Placed::Contradicts;
        }
        if part.is_last {
            self.length = Some(end);
        }
        let place = self
            .parts
            .partition_point(|(offset, _)| *offset < part.offset);
        self.parts.insert(place, (part.offset, payload.to_vec()));
        Placed::New
    }
}
