//! The table of connections: bounded, the one that was silent longest leaves first.

use crate::container::NO_TIME;
use crate::event::End;
use crate::quic;
use crate::streams::Streams;
use std::collections::HashMap;

/// Connections that are followed at once; few in tests, so that the bound is met.
pub const MOST_FLOWS: usize = if cfg!(test) { 64 } else { 131_072 };

const NONE: u32 = u32::MAX;
const LISTS: usize = 3;

/// The two ends in their order, and what runs over IP.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    pub ends: [End; 2],
    pub protocol: u8,
}

impl Key {
    /// Return the key and which of its ends is the source.
    pub fn of(source: End, destination: End, protocol: u8) -> (Self, usize) {
        if source <= destination {
            (
                Self {
                    ends: [source, destination],
                    protocol,
                },
                0,
            )
        } else {
            (
                Self {
                    ends: [destination, source],
                    protocol,
                },
                1,
            )
        }
    }
}

/// After how long a silence a connection is taken to be over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Both sides said goodbye.
    Closed = 0,
    /// UDP, ping, and what never answered.
    Short = 1,
    /// A TCP connection that stands.
    Long = 2,
}

const SILENCE_US: [i64; LISTS] = [5_000_000, 60_000_000, 3_600_000_000];

/// What one end sent.
#[derive(Clone, Copy, Default)]
pub struct Sent {
    pub packets: u64,
    pub bytes: u64,
    /// The sequence number behind the last new byte.
    pub next: Option<u32>,
    pub syn: bool,
    pub syn_ack: bool,
    pub fin: bool,
    pub rst: bool,
}

/// One connection.
pub struct Flow {
    pub key: Key,
    pub number: u64,
    pub start_us: i64,
    pub end_us: i64,
    /// Which end began, if known; and whether a packet proved it.
    pub began: Option<usize>,
    pub proven: bool,
    pub sent: [Sent; 2],
    pub application: Option<&'static str>,
    /// The hardware address of one end, where neighbours confirm it.
    pub mac: Option<[u8; 6]>,
    pub mac_of: Option<End>,
    pub vlan: Option<u16>,
    pub streams: Option<Box<Streams>>,
    /// The hello of QUIC, until it was told.
    pub quic: Option<Box<quic::Hello>>,
    patience: Patience,
    seen: i64,
    before: u32,
    after: u32,
}

impl Flow {
    pub fn new(key: Key, number: u64, us: i64) -> Self {
        Self {
            key,
            number,
            start_us: us,
            end_us: us,
            began: None,
            proven: false,
            sent: [Sent::default(); 2],
            application: None,
            mac: None,
            mac_of: None,
            vlan: None,
            streams: None,
            quic: None,
            patience: Patience::Short,
            seen: 0,
            before: NONE,
            after: NONE,
        }
    }

    /// Return source and destination, if it is known who began.
    pub fn directed(&self) -> Option<(End, End)> {
        self.began
            .map(|side| (self.key.ends[side], self.key.ends[1 - side]))
    }

    /// Take the time of one more packet.
    pub fn touch(&mut self, us: i64) {
        if us == NO_TIME {
            return;
        }
        if self.start_us == NO_TIME || us < self.start_us {
            self.start_us = us;
        }
        self.end_us = self.end_us.max(us);
    }
}

/// Connections by their ends; three lists, one for each patience, the most silent first.
pub struct Flows {
    places: HashMap<Key, u32>,
    slots: Vec<Option<Flow>>,
    free: Vec<u32>,
    heads: [u32; LISTS],
    tails: [u32; LISTS],
}

impl Flows {
    pub fn new() -> Self {
        Self {
            places: HashMap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            heads: [NONE; LISTS],
            tails: [NONE; LISTS],
        }
    }

    pub fn find(&self, key: &Key) -> Option<u32> {
        self.places.get(key).copied()
    }

    pub fn get(&mut self, place: u32) -> Option<&mut Flow> {
        self.slots.get_mut(place as usize)?.as_mut()
    }

    /// Take a new connection in and return its place; there must be room.
    pub fn insert(&mut self, flow: Flow, now: i64) -> u32 {
        let key = flow.key;
        let place = match self.free.pop() {
            Some(place) => {
                self.slots[place as usize] = Some(flow);
                place
            }
            None => {
                self.slots.push(Some(flow));
                (self.slots.len() - 1) as u32
            }
        };
        self.places.insert(key, place);
        self.link(place, now);
        place
    }

    /// Say that a connection was heard of now, and how long it may be silent from here.
    pub fn heard(&mut self, place: u32, patience: Patience, now: i64) {
        self.unlink(place);
        if let Some(flow) = self.get(place) {
            flow.patience = patience;
        }
        self.link(place, now);
    }

    pub fn remove(&mut self, place: u32) -> Option<Flow> {
        self.unlink(place);
        let flow = self.slots.get_mut(place as usize)?.take()?;
        self.places.remove(&flow.key);
        self.free.push(place);
        Some(flow)
    }

    /// Return a connection that was silent for too long at `now`.
    pub fn expired(&self, now: i64) -> Option<u32> {
        (0..LISTS).find_map(|list| {
            let head = self.heads[list];
            let flow = self.slots.get(head as usize)?.as_ref()?;
            (now - flow.seen > SILENCE_US[list]).then_some(head)
        })
    }

    /// Return the connection that is to leave for a new one, if there are too many.
    pub fn surplus(&self) -> Option<u32> {
        if self.places.len() < MOST_FLOWS {
            return None;
        }
        self.heads.into_iter().find(|&head| head != NONE)
    }

    /// Return the connection that is next at the end of the capture.
    pub fn first(&self) -> Option<u32> {
        self.heads.into_iter().find(|&head| head != NONE)
    }

    fn link(&mut self, place: u32, now: i64) {
        let Some(flow) = self.get(place) else { return };
        flow.seen = now;
        let list = flow.patience as usize;
        let tail = self.tails[list];
        if let Some(flow) = self.get(place) {
            flow.before = tail;
            flow.after = NONE;
        }
        match self.get(tail) {
            Some(last) => last.after = place,
            None => self.heads[list] = place,
        }
        self.tails[list] = place;
    }

    fn unlink(&mut self, place: u32) {
        let Some(flow) = self.get(place) else { return };
        let (list, before, after) = (flow.patience as usize, flow.before, flow.after);
        match self.get(before) {
            Some(flow) => flow.after = after,
            None => self.heads[list] = after,
        }
        match self.get(after) {
            Some(flow) => flow.before = before,
            None => self.tails[list] = before,
        }
    }
}
