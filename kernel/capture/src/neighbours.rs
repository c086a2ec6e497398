//! Which hardware address answered for which IP address: ARP, and its likes in IPv6.
//!
//! Source: RFC 826; RFC 4861, 4.

use crate::container::NO_TIME;
use crate::counts::{Count, Counts};
use crate::event::{Address, Event, is_assignable, mapped};
use crate::link::{Mac, be16};
use std::collections::{HashMap, VecDeque};

const MOST_NEIGHBOURS: usize = 65_536;
// A neighbour that stays the same is told again after so long.
const AGAIN_US: i64 = 600_000_000;

struct Known {
    mac: Mac,
    told: i64,
}

/// Neighbours as far as packets proved them.
pub struct Neighbours {
    known: HashMap<Address, Known>,
    order: VecDeque<Address>,
}

/// When and where a neighbour was seen.
#[derive(Clone, Copy)]
pub struct Moment {
    pub us: i64,
    /// The clock of the capture, which never goes back.
    pub now: i64,
    pub number: u64,
}

impl Neighbours {
    pub fn new() -> Self {
        Self {
            known: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    /// Return whether `mac` is known to answer for `address`.
    pub fn confirms(&self, address: &Address, mac: &Mac) -> bool {
        self.known
            .get(address)
            .is_some_and(|known| known.mac == *mac)
    }

    /// Read an ARP packet for Ethernet and IPv4; None where it is damaged.
    pub fn arp(
        &mut self,
        bytes: &[u8],
        when: Moment,
        out: &mut Vec<u8>,
        counts: &mut Counts,
    ) -> Option<()> {
        let kinds = (be16(bytes, 0)?, be16(bytes, 2)?);
        if !matches!(kinds, (1 | 6, 0x0800)) || bytes.get(4..6)? != [6, 4] {
            // Another link or protocol, such as ATM: nothing of ours.
            return Some(());
        }
        let operation = be16(bytes, 6)?;
        let mac: Mac = bytes.get(8..14)?.try_into().ok()?;
        let address: [u8; 4] = bytes.get(14..18)?.try_into().ok()?;
        // Request and reply; both say who the sender is. A probe (RFC 5227) has no address yet.
        if matches!(operation, 1 | 2) {
            self.saw("pcap.arp", mapped(address), mac, when, out, counts);
        }
        Some(())
    }

    /// Read what ICMPv6 says of neighbours; `bytes` begin with the type.
    pub fn icmp6(
        &mut self,
        source: &Address,
        bytes: &[u8],
        when: Moment,
        out: &mut Vec<u8>,
        counts: &mut Counts,
    ) -> Option<()> {
        let (options, wanted, address) = match bytes.first()? {
            133 => (8, 1, *source),
            134 => (16, 1, *source),
            135 => (24, 1, *source),
            136 => (24, 2, bytes.get(8..24)?.try_into().ok()?),
            _ => return Some(()),
        };
        let mut place = options;
        while place < bytes.len() {
            let length = 8 * usize::from(*bytes.get(place + 1)?);
            if length == 0 {
                return None;
            }
            if bytes[place] == wanted && length == 8 {
                let mac: Mac = bytes.get(place + 2..place + 8)?.try_into().ok()?;
                self.saw("pcap.nd", address, mac, when, out, counts);
            }
            place += length;
        }
        Some(())
    }

    /// Keep who holds an address, as a lease says it, without an event.
    pub fn leased(&mut self, address: Address, mac: Mac, now: i64, counts: &mut Counts) {
        self.keep(address, mac, now, counts);
    }

    fn saw(
        &mut self,
        dataset: &str,
        address: Address,
        mac: Mac,
        when: Moment,
        out: &mut Vec<u8>,
        counts: &mut Counts,
    ) {
        if !is_assignable(&address) || mac[0] & 1 == 1 || mac == [0; 6] {
            return;
        }
        if !self.keep(address, mac, when.now, counts) {
            return;
        }
        let mut event = Event::begin(out, when.us, dataset);
        event.text("event.type", b"info");
        event.address("host.ip", &address);
        event.mac("host.mac", &mac);
        event.text("quetsach.lease.act", b"seen");
        event.end(when.number);
        counts.add(Count::Events);
    }

    /// Return whether the pair is new or was not told for long.
    fn keep(&mut self, address: Address, mac: Mac, now: i64, counts: &mut Counts) -> bool {
        if let Some(known) = self.known.get_mut(&address) {
            let fresh = known.mac != mac || now.saturating_sub(known.told) >= AGAIN_US;
            if fresh {
                *known = Known { mac, told: now };
            }
            return fresh;
        }
        if self.known.len() >= MOST_NEIGHBOURS
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
            counts.add(Count::NeighboursEvicted);
        }
        let told = if now == NO_TIME { 0 } else { now };
        self.known.insert(address, Known { mac, told });
        self.order.push_back(address);
        true
    }
}
