//! Leases out of DHCP: who was given which address, gave it back, or refused it.
//!
//! Source: RFC 2131, RFC 2132 (options), RFC 3396 (long ones), RFC 4702 (full names); RFC 8415 (of
//! IPv6), RFC 4704.

use crate::counts::{Count, Counts};
use crate::event::{Address, Event, hex, is_assignable, mapped};
use crate::link::{Mac, be16, be32};
use crate::neighbours::{Moment, Neighbours};
use std::collections::{HashMap, VecDeque};

const MOST_WAITING: usize = 8192;
const COOKIE: u32 = 0x6382_5363;
const MOST_OPTIONS: usize = 256;
const MOST_RELAYS: usize = 8;
const KINDS: [&str; 9] = [
    "", "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM",
];
// Client and server number their messages in IPv6 otherwise.
const RELEASE6: u8 = 8;
const DECLINE6: u8 = 9;
const REPLY6: u8 = 7;

/// What a client says of itself.
#[derive(Clone, Default)]
struct Client {
    name: Option<Vec<u8>>,
    id: Option<Vec<u8>>,
    /// The last thing it asked for, in IPv6: a release is answered like a request.
    asked: u8,
}

type ClientKey = (u32, Vec<u8>);

/// What clients told in their requests, until the answer comes.
pub struct Leases {
    waiting: HashMap<ClientKey, Client>,
    order: VecDeque<ClientKey>,
}

/// The lease that one event tells of.
struct Lease<'a> {
    dataset: &'a str,
    action: &'a str,
    act: &'a str,
    address: Address,
    mac: Option<Mac>,
    server: Option<Address>,
    seconds: Option<u32>,
    client: &'a Client,
}

impl Leases {
    pub fn new() -> Self {
        Self {
            waiting: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    /// Read a DHCP message of IPv4; None where it is damaged.
    pub fn message(
        &mut self,
        bytes: &[u8],
        when: Moment,
        neighbours: &mut Neighbours,
        out: &mut Vec<u8>,
        counts: &mut Counts,
    ) -> Option<()> {
        let (hardware, length) = (*bytes.get(1)?, usize::from(*bytes.get(2)?));
        if be32(bytes, 236)? != COOKIE {
            // BOOTP as it was before DHCP: no leases.
            return Some(());
        }
        let four = |place: usize| -> Option<Address> {
            let four: [u8; 4] = bytes.get(place..place + 4)?.try_into().ok()?;
            Some(mapped(four))
        };
        let (ciaddr, yiaddr) = (four(12)?, four(16)?);
        let chaddr = bytes.get(28..28 + length.min(16))?;
        let mac: Option<Mac> = match (hardware, chaddr.try_into()) {
            (1 | 6, Ok(mac)) if mac != [0; 6] => Some(mac),
            _ => None,
        };
        let options = options(bytes)?;
        let option = |code: u8| options.iter().find(|(known, _)| *known == code);
        let kind = *option(53)?.1.first()?;
        let key = (be32(bytes, 4)?, chaddr.to_vec());
        let told = Client {
            name: name_of(&options),
            id: option(61).map(|(_, id)| id.clone()),
            asked: kind,
        };
        let four_of = |code: u8| -> Option<Address> {
            let four: [u8; 4] = option(code)?.1.as_slice().try_into().ok()?;
            Some(mapped(four))
        };
        let action = *KINDS.get(usize::from(kind))?;
        let (address, act) = match kind {
            1 | 3 | 8 => {
                self.keep(key, told, counts);
                return Some(());
            }
            4 => (four_of(50)?, "declined"),
            // A client that only asks for settings has its address already.
            5 if !is_assignable(&yiaddr) => (ciaddr, "seen"),
            5 => (yiaddr, "given"),
            7 => (ciaddr, "released"),
            _ => return Some(()),
        };
        if !is_assignable(&address) {
            return Some(());
        }
        let mut client = self.waiting.get(&key).cloned().unwrap_or_default();
        // A server may repeat the name that it gave instead of the one that was asked for.
        client.name = client.name.or(told.name);
        client.id = client.id.or(told.id);
        let lease = Lease {
            dataset: "pcap.dhcp",
            action,
            act,
            address,
            mac,
            server: four_of(54),
            seconds: option(51)
                .filter(|_| act == "given")
                .and_then(|(_, all)| be32(all, 0)),
            client: &client,
        };
        if let (Some(mac), "given") = (mac, act) {
            neighbours.leased(address, mac, when.now, counts);
        }
        write(&lease, when, out, counts);
        Some(())
    }

    /// Read a DHCP message of IPv6, also one that relays carry; None where it is damaged.
    pub fn message6(
        &mut self,
        bytes: &[u8],
        server: Option<Address>,
        when: Moment,
        out: &mut Vec<u8>,
        counts: &mut Counts,
    ) -> Option<()> {
        let mut bytes = bytes;
        for _ in 0..MOST_RELAYS {
            if !matches!(bytes.first()?, 12 | 13) {
                return self.inner6(bytes, server, when, out, counts);
            }
            let carried = options6(bytes.get(34..)?)?;
            bytes = carried.iter().find(|(code, _)| *code == 9)?.1;
        }
        None
    }

    fn inner6(
        &mut self,
        bytes: &[u8],
        server: Option<Address>,
        when: Moment,
        out: &mut Vec<u8>,
        counts: &mut Counts,
    ) -> Option<()> {
        let kind = *bytes.first()?;
        let transaction = be32(bytes, 0)? & 0x00ff_ffff;
        let options = options6(bytes.get(4..)?)?;
        let option = |code: u16| options.iter().find(|(known, _)| *known == code);
        // Who has no identifier asks for settings alone.
        let Some(duid) = option(1).map(|(_, duid)| duid.to_vec()) else {
            return Some(());
        };
        let key = (transaction, duid.clone());
        let name = option(39).and_then(|(_, all)| full_name(all.get(1..)?));
        let told = Client {
            name,
            id: Some(duid),
            asked: kind,
        };
        let (action, act) = match kind {
            REPLY6 => ("REPLY", "given"),
            RELEASE6 => ("RELEASE", "released"),
            DECLINE6 => ("DECLINE", "declined"),
            _ => {
                self.keep(key, told, counts);
                return Some(());
            }
        };
        let mut client = self.waiting.get(&key).cloned().unwrap_or_default();
        client.id = told.id.clone();
        client.name = client.name.or(told.name.clone());
        if kind == REPLY6 && matches!(client.asked, RELEASE6 | DECLINE6) {
            return Some(());
        }
        for (_, association) in options.iter().filter(|(code, _)| *code == 3) {
            for (address, seconds) in addresses6(association.get(12..)?)? {
                if kind == REPLY6 && seconds == 0 {
                    continue;
                }
                let lease = Lease {
                    dataset: "pcap.dhcp",
                    action,
                    act,
                    address,
                    mac: client.id.as_deref().and_then(mac_of_duid),
                    server: server.filter(|_| kind == REPLY6),
                    seconds: (kind == REPLY6).then_some(seconds),
                    client: &client,
                };
                write(&lease, when, out, counts);
            }
        }
        if kind != REPLY6 {
            self.keep(key, told, counts);
        }
        Some(())
    }

    fn keep(&mut self, key: ClientKey, told: Client, counts: &mut Counts) {
        if let Some(known) = self.waiting.get_mut(&key) {
            known.asked = told.asked;
            known.name = told.name.or(known.name.take());
            known.id = told.id.or(known.id.take());
            return;
        }
        if self.waiting.len() >= MOST_WAITING
            && let Some(oldest) = self.order.pop_front()
        {
            self.waiting.remove(&oldest);
            counts.add(Count::LeasesEvicted);
        }
        self.order.push_back(key.clone());
        self.waiting.insert(key, told);
    }
}

fn write(lease: &Lease<'_>, when: Moment, out: &mut Vec<u8>, counts: &mut Counts) {
    let mut event = Event::begin(out, when.us, lease.dataset);
    event.text("event.type", b"info");
    event.text("event.action", lease.action.as_bytes());
    event.address("host.ip", &lease.address);
    if let Some(mac) = &lease.mac {
        event.mac("host.mac", mac);
    }
    if let Some(name) = &lease.client.name {
        event.text("host.name", name);
    }
    event.text("quetsach.lease.act", lease.act.as_bytes());
    if let Some(seconds) = lease.seconds {
        event.number("quetsach.lease.seconds", i64::from(seconds));
    }
    if let Some(id) = &lease.client.id {
        event.text("quetsach.lease.client_id", hex(id).as_bytes());
    }
    if let Some(server) = &lease.server {
        event.address("quetsach.lease.server", server);
    }
    event.end(when.number);
    counts.add(Count::Events);
}

/// Return the options, those in parts put together, those in the overloaded fields included.
fn options(bytes: &[u8]) -> Option<Vec<(u8, Vec<u8>)>> {
    let mut options: Vec<(u8, Vec<u8>)> = Vec::new();
    read_options(bytes.get(240..)?, &mut options);
    let overload = options.iter().find(|(code, _)| *code == 52);
    let overload = overload
        .and_then(|(_, all)| all.first().copied())
        .unwrap_or(0);
    if overload & 1 != 0 {
        read_options(&bytes[108..236], &mut options);
    }
    if overload & 2 != 0 {
        read_options(&bytes[44..108], &mut options);
    }
    Some(options)
}

/// Read options up to the end mark; a cut one ends them.
fn read_options(bytes: &[u8], options: &mut Vec<(u8, Vec<u8>)>) {
    let mut place = 0;
    for _ in 0..MOST_OPTIONS {
        let Some(&code) = bytes.get(place) else {
            return;
        };
        if code == 0 {
            place += 1;
            continue;
        }
        let Some(&length) = bytes.get(place + 1).filter(|_| code != 255) else {
            return;
        };
        let end = place + 2 + usize::from(length);
        let Some(content) = bytes.get(place + 2..end) else {
            return;
        };
        match options.iter_mut().find(|(known, _)| *known == code) {
            Some((_, known)) => known.extend_from_slice(content),
            None => options.push((code, content.to_vec())),
        }
        place = end;
    }
}

fn name_of(options: &[(u8, Vec<u8>)]) -> Option<Vec<u8>> {
    let option = |code: u8| options.iter().find(|(known, _)| *known == code);
    let plain = option(12).map(|(_, name)| name.as_slice());
    let full = option(81).and_then(|(_, all)| {
        let rest = all.get(3..)?;
        // The name as DNS writes it, or as text.
        if all[0] & 4 != 0 {
            full_name(rest)
        } else {
            Some(rest.to_vec())
        }
    });
    let name = plain.map(<[u8]>::to_vec).or(full)?;
    let end = name.iter().rposition(|&byte| byte != 0 && byte != b'.')? + 1;
    Some(name[..end].to_vec())
}

fn full_name(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut name = Vec::new();
    let mut place = 0;
    while let Some(&length) = bytes.get(place).filter(|&&length| length > 0) {
        let label = bytes.get(place + 1..place + 1 + usize::from(length))?;
        if !name.is_empty() {
            name.push(b'.');
        }
        name.extend_from_slice(label);
        place += 1 + label.len();
    }
    (!name.is_empty()).then_some(name)
}

/// Return the hardware address that an identifier is made of, if it is (RFC 8415, 11.2, 11.4).
fn mac_of_duid(duid: &[u8]) -> Option<Mac> {
    let mac: Mac = match (duid.get(..4)?, duid.len()) {
        ([0, 1, 0, 1 | 6], 14) => duid.get(8..)?.try_into().ok()?,
        ([0, 3, 0, 1 | 6], 10) => duid.get(4..)?.try_into().ok()?,
        _ => return None,
    };
    (mac != [0; 6] && mac != [0xff; 6]).then_some(mac)
}

fn options6(bytes: &[u8]) -> Option<Vec<(u16, &[u8])>> {
    let mut options = Vec::new();
    let mut place = 0;
    while place < bytes.len() && options.len() < MOST_OPTIONS {
        let length = usize::from(be16(bytes, place + 2)?);
        options.push((
            be16(bytes, place)?,
            bytes.get(place + 4..place + 4 + length)?,
        ));
        place += 4 + length;
    }
    Some(options)
}

/// Return the addresses of an association and for how many seconds they hold.
fn addresses6(bytes: &[u8]) -> Option<Vec<(Address, u32)>> {
    let mut addresses = Vec::new();
    for (code, content) in options6(bytes)? {
        if code == 5 {
            let address: Address = content.get(..16)?.try_into().ok()?;
            addresses.push((address, be32(content, 20)?));
        }
    }
    Some(addresses)
}
