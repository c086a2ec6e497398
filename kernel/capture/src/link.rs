//! From a frame of any kind of link to the IP or ARP packet inside.
//!
//! Source: tcpdump.org/linktypes.html; IEEE 802.1Q, 802.1ad; RFC 2516 (PPPoE); RFC 3032 (MPLS).

use crate::counts::Count;

/// A hardware address of Ethernet.
pub type Mac = [u8; 6];

/// What a frame carries.
#[derive(Debug, PartialEq, Eq)]
pub enum Carried<'a> {
    /// An IP packet; its version stands in its first byte.
    Ip(&'a [u8]),
    Arp(&'a [u8]),
    /// Nothing to look at, and why.
    Nothing(Count),
}

/// A frame taken apart.
pub struct Frame<'a> {
    pub carried: Carried<'a>,
    /// Who sent the frame over this link, where the link says so.
    pub sender: Option<Mac>,
    pub vlan: Option<u16>,
}

const DEEPEST: usize = 8;

/// Return what the frame `bytes` of a link of kind `link` carries.
pub fn unwrap(link: u32, bytes: &[u8]) -> Frame<'_> {
    let mut frame = Frame {
        carried: Carried::Nothing(Count::BadHeader),
        sender: None,
        vlan: None,
    };
    if let Some(carried) = carried(link, bytes, &mut frame) {
        frame.carried = carried;
    }
    frame
}

fn carried<'a>(link: u32, bytes: &'a [u8], frame: &mut Frame<'_>) -> Option<Carried<'a>> {
    match link {
        1 => ethernet(bytes, frame),
        // The family of the address, in the byte order of whoever captured; the packet says it, too.
        0 | 108 | 109 => Some(ip(bytes.get(if link == 109 { 12 } else { 4 }..)?)),
        12 | 14 | 101 | 228 | 229 => Some(ip(bytes)),
        113 => {
            if be16(bytes, 2)? == 1 && be16(bytes, 4)? == 6 {
                frame.sender = mac(bytes, 6);
            }
            by_type(be16(bytes, 14)?, bytes.get(16..)?, frame)
        }
        276 => {
            if be16(bytes, 8)? == 1 && *bytes.get(11)? == 6 {
                frame.sender = mac(bytes, 12);
            }
            by_type(be16(bytes, 0)?, bytes.get(20..)?, frame)
        }
        9 | 50 => {
            let framed = bytes.starts_with(&[0xff, 0x03]) || link == 50;
            ppp(bytes.get(if framed { 2 } else { 0 }..)?)
        }
        51 => ppp(bytes.get(6..)?),
        104 => by_type(be16(bytes, 2)?, bytes.get(4..)?, frame),
        107 => frame_relay(bytes, frame),
        10 => {
            frame.sender = mac(bytes, 7);
            llc(bytes.get(13..)?, frame)
        }
        6 => {
            frame.sender = mac(bytes, 8);
            let routed = bytes.get(8)? & 0x80 != 0;
            let more = if routed {
                usize::from(bytes.get(14)? & 31)
            } else {
                0
            };
            llc(bytes.get(14 + more..)?, frame)
        }
        117 => {
            // Its length is told without what fills it up to four bytes.
            let length = usize::from(*bytes.first()?).next_multiple_of(4);
            Some(ip(bytes.get(length.max(44)..)?))
        }
        239 => nflog(bytes),
        105 => wifi(bytes, frame),
        127 => {
            let length = u16::from_le_bytes([*bytes.get(2)?, *bytes.get(3)?]);
            wifi(bytes.get(usize::from(length)..)?, frame)
        }
        _ => Some(Carried::Nothing(Count::UnknownLink)),
    }
}

/// Return what an Ethernet frame carries, its tags taken off.
pub fn ethernet<'a>(bytes: &'a [u8], frame: &mut Frame<'_>) -> Option<Carried<'a>> {
    frame.sender = mac(bytes, 6);
    let kind = be16(bytes, 12)?;
    let rest = bytes.get(14..)?;
    if kind < 0x0600 {
        llc(rest, frame)
    } else {
        by_type(kind, rest, frame)
    }
}

/// Return what stands behind an EtherType.
pub fn by_type<'a>(kind: u16, bytes: &'a [u8], frame: &mut Frame<'_>) -> Option<Carried<'a>> {
    let (mut kind, mut bytes) = (kind, bytes);
    for _ in 0..DEEPEST {
        match kind {
            0x0800 | 0x86dd => return Some(ip(bytes)),
            0x0806 => return Some(Carried::Arp(bytes)),
            0x8100 | 0x88a8 | 0x9100 | 0x9200 => {
                frame.vlan = Some(be16(bytes, 0)? & 0x0fff);
                kind = be16(bytes, 2)?;
                bytes = bytes.get(4..)?;
                if kind < 0x0600 {
                    return llc(bytes, frame);
                }
            }
            0x8864 => return ppp(bytes.get(6..)?),
            0x8847 | 0x8848 => return mpls(bytes, frame),
            0x6558 => return ethernet(bytes, frame),
            0x880b => return ppp(bytes.strip_prefix(&[0xff, 0x03]).unwrap_or(bytes)),
            0x88e5 => return Some(Carried::Nothing(Count::Encrypted)),
            // Cooked captures write 802.2 frames so.
            0x0004 => return llc(bytes, frame),
            _ => return Some(Carried::Nothing(Count::NotIp)),
        }
    }
    None
}

fn ip(bytes: &[u8]) -> Carried<'_> {
    match bytes.first().map(|first| first >> 4) {
        Some(4 | 6) => Carried::Ip(bytes),
        _ => Carried::Nothing(Count::BadHeader),
    }
}

/// Read 802.2 with or without SNAP.
fn llc<'a>(bytes: &'a [u8], frame: &mut Frame<'_>) -> Option<Carried<'a>> {
    if bytes.starts_with(&[0xaa, 0xaa, 0x03]) {
        let kind = be16(bytes, 6)?;
        if kind < 0x0600 {
            return Some(Carried::Nothing(Count::NotIp));
        }
        return by_type(kind, bytes.get(8..)?, frame);
    }
    if bytes.starts_with(&[0x06, 0x06, 0x03]) {
        return Some(ip(bytes.get(3..)?));
    }
    Some(Carried::Nothing(Count::NotIp))
}

fn ppp(bytes: &[u8]) -> Option<Carried<'_>> {
    // The protocol may be written in one byte, as an odd one ends it (RFC 1661, 2).
    let (kind, rest) = if bytes.first()? & 1 == 1 {
        (u16::from(*bytes.first()?), bytes.get(1..)?)
    } else {
        (be16(bytes, 0)?, bytes.get(2..)?)
    };
    match kind {
        0x0021 | 0x0057 => Some(ip(rest)),
        0x00fd | 0x0053 => Some(Carried::Nothing(Count::Encrypted)),
        _ => Some(Carried::Nothing(Count::NotIp)),
    }
}

fn mpls<'a>(bytes: &'a [u8], frame: &mut Frame<'_>) -> Option<Carried<'a>> {
    for label in 0..DEEPEST {
        if bytes.get(4 * label + 2)? & 1 == 0 {
            continue;
        }
        let rest = bytes.get(4 * label + 4..)?;
        return match rest.first()? >> 4 {
            4 | 6 => Some(ip(rest)),
            // A wire of Ethernet behind a control word (RFC 4448).
            0 if rest.get(..4)? == [0; 4] => ethernet(rest.get(4..)?, frame),
            _ => Some(Carried::Nothing(Count::Tunnel)),
        };
    }
    None
}

/// Read frame relay with two bytes of address: RFC 2427, or Cisco's own form.
fn frame_relay<'a>(bytes: &'a [u8], frame: &mut Frame<'_>) -> Option<Carried<'a>> {
    let rest = bytes.get(2..)?;
    match rest.get(..2)? {
        [0x03, 0xcc] => Some(ip(rest.get(2..)?)),
        [0x03, 0x8e] => Some(ip(rest.get(2..)?)),
        [0x03, 0x00] if rest.get(2..6)? == [0x80, 0, 0, 0] => {
            by_type(be16(rest, 6)?, rest.get(8..)?, frame)
        }
        _ => by_type(be16(rest, 0)?, rest.get(2..)?, frame),
    }
}

/// Read a packet that netfilter logged: type-length-value in the byte order of the host.
fn nflog(bytes: &[u8]) -> Option<Carried<'_>> {
    let mut rest = bytes.get(4..)?;
    loop {
        let (length, kind) = (rest.get(..2)?, rest.get(2..4)?);
        let read = |two: &[u8], big: bool| {
            let two = [two[0], two[1]];
            usize::from(if big {
                u16::from_be_bytes(two)
            } else {
                u16::from_le_bytes(two)
            })
        };
        // No kind reaches 256, so its place says how the host writes.
        let big = kind[0] == 0 && kind[1] != 0;
        let length = read(length, big);
        if read(kind, big) & 0x7fff == 9 {
            return Some(ip(rest.get(4..length.min(rest.len()))?));
        }
        if length < 4 {
            return None;
        }
        rest = rest.get(length.next_multiple_of(4)..)?;
    }
}

/// Read an 802.11 frame.
fn wifi<'a>(bytes: &'a [u8], frame: &mut Frame<'_>) -> Option<Carried<'a>> {
    let (first, flags) = (*bytes.first()?, *bytes.get(1)?);
    if first & 0x0c != 0x08 || first & 0x40 != 0 {
        return Some(Carried::Nothing(Count::NotIp));
    }
    if flags & 0x40 != 0 {
        return Some(Carried::Nothing(Count::Encrypted));
    }
    // To and from the access point: where the sender of the packet itself stands.
    let (mut header, sender) = match flags & 3 {
        0 | 1 => (24, 10),
        2 => (24, 16),
        _ => (30, 24),
    };
    frame.sender = mac(bytes, sender);
    if first & 0x80 != 0 {
        if bytes.get(header)? & 0x80 != 0 {
            // Several packets in one frame.
            return Some(Carried::Nothing(Count::NotIp));
        }
        header += if flags & 0x80 != 0 { 6 } else { 2 };
    }
    llc(bytes.get(header..)?, frame)
}

/// Return the 16 bits at `place`, in the byte order of networks.
pub fn be16(bytes: &[u8], place: usize) -> Option<u16> {
    let two = bytes.get(place..place.checked_add(2)?)?;
    Some(u16::from_be_bytes([two[0], two[1]]))
}

/// Return the 32 bits at `place`, in the byte order of networks.
pub fn be32(bytes: &[u8], place: usize) -> Option<u32> {
    let four: [u8; 4] = bytes.get(place..place.checked_add(4)?)?.try_into().ok()?;
    Some(u32::from_be_bytes(four))
}

fn mac(bytes: &[u8], place: usize) -> Option<Mac> {
    bytes.get(place..place + 6)?.try_into().ok()
}
