//! IP headers, with the extension headers of IPv6 taken off.
//!
//! Source: RFC 791, RFC 8200.

use crate::event::{Address, mapped};
use etherparse::{
    IpAuthHeaderSlice, Ipv4HeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice,
    Ipv6RawExtHeaderSlice,
};

pub const ICMP: u8 = 1;
pub const IPV4: u8 = 4;
pub const TCP: u8 = 6;
pub const UDP: u8 = 17;
pub const IPV6: u8 = 41;
pub const GRE: u8 = 47;
pub const ESP: u8 = 50;
pub const ICMP6: u8 = 58;

const HOP_BY_HOP: u8 = 0;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const AUTHENTICATION: u8 = 51;
const NOTHING: u8 = 59;
const OPTIONS: u8 = 60;
const MOBILITY: u8 = 135;
const MOST_EXTENSIONS: usize = 16;

/// Where a part of a datagram belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    pub id: u32,
    pub offset: usize,
    pub is_last: bool,
}

/// One IP packet, or what was captured of it.
pub struct Ip<'a> {
    pub source: Address,
    pub destination: Address,
    pub protocol: u8,
    pub payload: &'a [u8],
    /// Bytes of the payload that were sent and not captured.
    pub missing: usize,
    pub fragment: Option<Fragment>,
}

/// Take an IP packet apart; `lacking` bytes of the frame were not captured.
///
/// None is a header that is too short or contradicts itself.
pub fn parse(bytes: &[u8], lacking: usize) -> Option<Ip<'_>> {
    if bytes.first()? >> 4 == 4 {
        parse4(bytes, lacking)
    } else {
        parse6(bytes, lacking)
    }
}

fn parse4(bytes: &[u8], lacking: usize) -> Option<Ip<'_>> {
    let header = Ipv4HeaderSlice::from_slice(bytes).ok()?;
    let rest = &bytes[header.slice().len()..];
    // A packet that the network card would have cut into segments has no length yet.
    let declared = usize::from(header.total_len()).checked_sub(header.slice().len());
    let (payload, missing) = bounded(rest, declared, lacking);
    let offset = usize::from(header.fragments_offset().value()) * 8;
    let is_part = offset > 0 || header.more_fragments();
    let fragment = is_part.then(|| Fragment {
        id: u32::from(header.identification()),
        offset,
        is_last: !header.more_fragments(),
    });
    let mut ip = Ip {
        source: mapped(header.source()),
        destination: mapped(header.destination()),
        protocol: header.protocol().0,
        payload,
        missing,
        fragment,
    };
    if ip.protocol == AUTHENTICATION && ip.fragment.is_none() {
        let auth = IpAuthHeaderSlice::from_slice(ip.payload).ok()?;
        ip.protocol = auth.next_header().0;
        ip.payload = &ip.payload[auth.slice().len()..];
    }
    Some(ip)
}

fn parse6(bytes: &[u8], lacking: usize) -> Option<Ip<'_>> {
    let header = Ipv6HeaderSlice::from_slice(bytes).ok()?;
    let length = usize::from(header.payload_length());
    let (payload, missing) = bounded(&bytes[40..], (length > 0).then_some(length), lacking);
    let mut ip = Ip {
        source: header.source(),
        destination: header.destination(),
        protocol: header.next_header().0,
        payload,
        missing,
        fragment: None,
    };
    extensions(&mut ip)?;
    Some(ip)
}

/// Take the extension headers off, up to the first part of a datagram or the transport.
pub fn extensions(ip: &mut Ip<'_>) -> Option<()> {
    for _ in 0..MOST_EXTENSIONS {
        match ip.protocol {
            HOP_BY_HOP | ROUTING | OPTIONS | MOBILITY => {
                let header = Ipv6RawExtHeaderSlice::from_slice(ip.payload).ok()?;
                ip.protocol = header.next_header().0;
                ip.payload = &ip.payload[header.slice().len()..];
            }
            AUTHENTICATION => {
                let header = IpAuthHeaderSlice::from_slice(ip.payload).ok()?;
                ip.protocol = header.next_header().0;
                ip.payload = &ip.payload[header.slice().len()..];
            }
            FRAGMENT => {
                let header = Ipv6FragmentHeaderSlice::from_slice(ip.payload).ok()?;
                ip.protocol = header.next_header().0;
                let offset = usize::from(header.fragment_offset().value()) * 8;
                let (is_last, id) = (!header.more_fragments(), header.identification());
                ip.payload = &ip.payload[header.slice().len()..];
                // The only part of its datagram is the datagram (RFC 6946).
                if offset > 0 || !is_last {
                    ip.fragment = Some(Fragment {
                        id,
                        offset,
                        is_last,
                    });
                    return Some(());
                }
            }
            NOTHING => return Some(()),
            _ => return Some(()),
        }
    }
    None
}

/// Return the payload without what fills the frame up, and how much of it was not captured.
fn bounded(rest: &[u8], declared: Option<usize>, lacking: usize) -> (&[u8], usize) {
    match declared {
        Some(length) if length <= rest.len() => (&rest[..length], 0),
        Some(length) => (rest, length - rest.len()),
        None => (rest, lacking),
    }
}
