//! What UDP carries beside DNS, and packets inside packets.
//!
//! Source: RFC 2784, RFC 2890, RFC 2637 (GRE); RFC 7348 (VXLAN); RFC 8926 (Geneve); RFC 8086 (GRE in
//! UDP); RFC 4380 (Teredo); 3GPP TS 29.281 (GTP-U); draft-foschiano-erspan.

use crate::counts::{Count, Counts};
use crate::event::End;
use crate::link::{self, Carried, Frame, be16};
use crate::network::Ip;
use crate::packets::{DEEPEST, Export, Origin, Reader};

const ETHERNET: u16 = 0x6558;
const IP4: u16 = 0x0800;
const IP6: u16 = 0x86dd;

impl Reader {
    /// Read what UDP carries beside DNS: leases, and tunnels.
    pub fn other_udp(
        &mut self,
        ip: &Ip<'_>,
        ends: (End, End),
        bytes: &[u8],
        origin: Origin,
        counts: &mut Counts,
    ) {
        let when = origin.when;
        match (ends.0.port, ends.1.port) {
            (67, 67 | 68) | (68, 67) => {
                let neighbours = &mut self.neighbours;
                let read = self
                    .leases
                    .message(bytes, when, neighbours, &mut self.out, counts);
                if read.is_none() {
                    counts.add(Count::DhcpBad);
                }
            }
            (546 | 547, 546 | 547) => {
                // The address of a server on the same link says little.
                let server = Some(ip.source).filter(|address| address[..2] != [0xfe, 0x80]);
                let read = self
                    .leases
                    .message6(bytes, server, when, &mut self.out, counts);
                if read.is_none() {
                    counts.add(Count::DhcpBad);
                }
            }
            _ if is_export(bytes) => {
                let (source, bytes) = (ip.source, bytes.to_vec());
                self.exports.push(Export { source, bytes });
            }
            // VXLAN and Geneve: Ethernet behind a header.
            (_, 4789 | 8472) if bytes.first().is_some_and(|flags| flags & 8 != 0) => {
                self.inner(ETHERNET, bytes.get(8..), ip.missing, origin, counts);
            }
            // The same, which says what it carries.
            (_, 4790) => {
                let kind = match bytes.get(3) {
                    Some(1) => IP4,
                    Some(2) => IP6,
                    _ => ETHERNET,
                };
                self.inner(kind, bytes.get(8..), ip.missing, origin, counts);
            }
            (_, 6081) => {
                let options = bytes.first().map_or(0, |first| usize::from(first & 63) * 4);
                let kind = be16(bytes, 2).unwrap_or(0);
                self.inner(kind, bytes.get(8 + options..), ip.missing, origin, counts);
            }
            (_, 4754) if self.gre_bytes(bytes, ip.missing, origin, counts).is_some() => {}
            (_, 2152) => {
                let inner = mobile(bytes);
                self.inner(kind_of(inner), inner, ip.missing, origin, counts);
            }
            (3544, _) | (_, 3544) => {
                let inner = teredo(bytes);
                self.inner(IP6, inner, ip.missing, origin, counts);
            }
            _ => {}
        }
    }

    /// Look into a packet of GRE; None where it is damaged.
    pub fn gre(&mut self, ip: &Ip<'_>, origin: Origin, counts: &mut Counts) -> Option<()> {
        self.gre_bytes(ip.payload, ip.missing, origin, counts)
    }

    fn gre_bytes(
        &mut self,
        bytes: &[u8],
        missing: usize,
        origin: Origin,
        counts: &mut Counts,
    ) -> Option<()> {
        let (flags, kind) = (be16(bytes, 0)?, be16(bytes, 2)?);
        let field = |bit: u16| if flags & bit != 0 { 4 } else { 0 };
        let mut header = 4 + field(0x2000) + field(0x1000);
        header += if flags & 7 == 1 {
            field(0x0080)
        } else {
            field(0xc000)
        };
        if flags & 7 == 1 && bytes.len() <= header {
            // An acknowledgement alone.
            return Some(());
        }
        let (kind, more) = match kind {
            // What a switch mirrors: Ethernet, behind a header in the later versions.
            0x88be => (ETHERNET, if flags & 0x1000 != 0 { 8 } else { 0 }),
            0x22eb => {
                let has_platform = bytes.get(header + 11)? & 1 == 1;
                (ETHERNET, if has_platform { 20 } else { 12 })
            }
            other => (other, 0),
        };
        self.inner(kind, bytes.get(header + more..), missing, origin, counts);
        Some(())
    }

    fn inner(
        &mut self,
        kind: u16,
        bytes: Option<&[u8]>,
        missing: usize,
        origin: Origin,
        counts: &mut Counts,
    ) {
        let mut frame = Frame {
            carried: Carried::Nothing(Count::Tunnel),
            sender: None,
            vlan: None,
        };
        if origin.depth >= DEEPEST {
            counts.add(Count::Tunnel);
            return;
        }
        if let Some(bytes) = bytes {
            let carried = link::by_type(kind, bytes, &mut frame);
            frame.carried = match carried {
                Some(Carried::Nothing(Count::NotIp)) | None => Carried::Nothing(Count::Tunnel),
                Some(carried) => carried,
            };
        }
        self.frame(&frame, missing, origin.when, origin.depth + 1, counts);
    }
}

/// Return whether a datagram is one of NetFlow 5, NetFlow 9 or IPFIX, whatever its port.
///
/// Its own length must agree, or the length of its first set (RFC 3954, 5; RFC 7011, 3).
fn is_export(bytes: &[u8]) -> bool {
    let (Some(version), Some(count)) = (be16(bytes, 0), be16(bytes, 2).map(usize::from)) else {
        return false;
    };
    let set = |place: usize| match (be16(bytes, place), be16(bytes, place + 2)) {
        (Some(kind), Some(length)) => {
            !(4..=255).contains(&kind) && length >= 4 && place + usize::from(length) <= bytes.len()
        }
        _ => false,
    };
    match version {
        5 => (1..=30).contains(&count) && bytes.len() >= 24 + 48 * count,
        9 => (1..=512).contains(&count) && set(20),
        10 => (20..=bytes.len()).contains(&count) && set(16),
        _ => false,
    }
}

fn kind_of(bytes: Option<&[u8]>) -> u16 {
    match bytes.and_then(<[u8]>::first).map(|first| first >> 4) {
        Some(4) => IP4,
        Some(6) => IP6,
        _ => 0,
    }
}

/// Return the packet in a message of GTP-U that carries one.
fn mobile(bytes: &[u8]) -> Option<&[u8]> {
    let (flags, kind) = (*bytes.first()?, *bytes.get(1)?);
    if flags >> 5 != 1 || kind != 0xff {
        return None;
    }
    let mut header = 8;
    if flags & 7 != 0 {
        header = 12;
        let mut next = *bytes.get(11)?;
        while next != 0 {
            let length = 4 * usize::from(*bytes.get(header)?);
            if length == 0 {
                return None;
            }
            header += length;
            next = *bytes.get(header - 1)?;
        }
    }
    bytes.get(header..)
}

/// Return the packet of IPv6 behind what Teredo puts before it.
fn teredo(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    if rest.starts_with(&[0, 1]) {
        let lengths = usize::from(*rest.get(2)?) + usize::from(*rest.get(3)?);
        rest = rest.get(13 + lengths..)?;
    }
    if rest.starts_with(&[0, 0]) {
        rest = rest.get(8..)?;
    }
    Some(rest).filter(|rest| rest.first().is_some_and(|first| first >> 4 == 6))
}
