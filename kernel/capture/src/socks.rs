//! What a client asks a SOCKS proxy to connect it to: a name or an address, and a port.
//!
//! Sources: RFC 1928 and RFC 1929 (version 5), "SOCKS: A protocol for TCP proxy across firewalls"
//! (version 4) and its extension 4A for names.

use crate::event::{End, Event};
use std::net::{Ipv4Addr, Ipv6Addr};

/// No handshake is longer: two names of 255 bytes, and what is around them.
const LONGEST: usize = 1024;
const CONNECT: u8 = 1;
const NO_LOGIN: u8 = 0;
const PASSWORD: u8 = 2;
const GRANTED_4: u8 = 90;
const REFUSED_4: u8 = 93;

/// Whether the handshake goes on.
#[derive(Debug, PartialEq, Eq)]
pub enum Progress {
    More,
    Done,
    /// It is none, or asks for something else than a connection.
    Bad,
}

/// A handshake with a proxy.
pub struct Socks {
    client: usize,
    sent: [Vec<u8>; 2],
    target: Option<Target>,
    us: i64,
    number: u64,
}

struct Target {
    host: String,
    port: u16,
    /// Where the client's and the proxy's part of the handshake are over.
    ends: [usize; 2],
    granted: Option<bool>,
}

/// Whether the first bytes of a connection may be those of a client of a proxy.
pub fn may_begin(head: &[u8]) -> bool {
    match head {
        [5, count, methods @ ..] => *count > 0 && methods.len() == usize::from(*count),
        [4, CONNECT, rest @ ..] => rest.len() > 6 && rest.ends_with(&[0]),
        _ => false,
    }
}

impl Socks {
    pub fn new(client: usize) -> Self {
        Self {
            client,
            sent: [Vec::new(), Vec::new()],
            target: None,
            us: 0,
            number: 0,
        }
    }

    /// Return how many bytes wait.
    pub fn held(&self) -> usize {
        self.sent[0].len() + self.sent[1].len()
    }

    /// Take the next bytes that `side` sent, in the packet `number` at `us`.
    pub fn bytes(&mut self, side: usize, bytes: &[u8], us: i64, number: u64) -> Progress {
        self.sent[side].extend_from_slice(bytes);
        let (asked, answered) = (&self.sent[self.client], &self.sent[1 - self.client]);
        let read = match asked.first() {
            Some(5) => fifth(asked, answered),
            _ => fourth(asked, answered),
        };
        let Ok(target) = read else {
            return Progress::Bad;
        };
        if let Some(target) = target {
            if self.target.is_none() {
                (self.us, self.number) = (us, number);
            }
            let is_done = target.granted.is_some();
            self.target = Some(target);
            if is_done {
                return Progress::Done;
            }
        }
        if self.held() > LONGEST {
            return Progress::Bad;
        }
        Progress::More
    }

    /// Return what each side sent behind the handshake.
    pub fn behind(&self) -> [&[u8]; 2] {
        let ends = self.target.as_ref().map_or([0, 0], |target| target.ends);
        [0, 1].map(|side| {
            let end = ends[usize::from(side != self.client)];
            self.sent[side].get(end..).unwrap_or(&[])
        })
    }

    /// Write what was asked for to `out`; whether there was anything.
    pub fn tell(&self, ends: &[End; 2], out: &mut Vec<u8>) -> bool {
        let Some(target) = &self.target else {
            return false;
        };
        let mut event = Event::begin(out, self.us, "pcap.socks");
        event.text("event.type", b"protocol");
        event.text("event.action", b"CONNECT");
        if let Some(granted) = target.granted {
            let outcome: &[u8] = if granted { b"success" } else { b"failure" };
            event.text("event.outcome", outcome);
        }
        event.text("network.transport", b"tcp");
        event.text("network.application", b"socks");
        event.ends(&ends[self.client], &ends[1 - self.client]);
        let host = &target.host;
        let full = if host.contains(':') {
            format!("[{host}]:{}", target.port)
        } else {
            format!("{host}:{}", target.port)
        };
        event.text("url.full", full.as_bytes());
        event.text("url.domain", host.as_bytes());
        event.end(self.number);
        true
    }

    pub fn client(&self) -> usize {
        self.client
    }
}

/// Nothing of a handshake, or one for something else.
struct NotSocks;

/// Read a handshake of version 5; None while it is not known yet what is asked for.
fn fifth(asked: &[u8], answered: &[u8]) -> Result<Option<Target>, NotSocks> {
    let Some(&count) = asked.get(1) else {
        return Ok(None);
    };
    let (mut place, mut told) = (2 + usize::from(count), 2);
    let Some(&[version, method]) = answered.first_chunk() else {
        return Ok(None);
    };
    if version != 5 || !matches!(method, NO_LOGIN | PASSWORD) {
        return Err(NotSocks);
    }
    if method == PASSWORD {
        for _ in 0..2 {
            // The version of the login stands before the name, nothing before the password.
            place += usize::from(place == 2 + usize::from(count));
            let Some(&length) = asked.get(place) else {
                return Ok(None);
            };
            place += 1 + usize::from(length);
        }
        told += 2;
        match answered.get(2..4) {
            Some([_, 0]) => {}
            Some(_) => return Err(NotSocks),
            None => return Ok(None),
        }
    }
    let Some(request) = asked.get(place..) else {
        return Ok(None);
    };
    match request {
        [5, CONNECT, 0, ..] => {}
        _ if request.len() < 3 => return Ok(None),
        _ => return Err(NotSocks),
    }
    let Some((host, port, length)) = address(&request[3..])? else {
        return Ok(None);
    };
    let mut target = Target {
        host,
        port,
        ends: [place + 3 + length, told],
        granted: None,
    };
    if let Some([5, code, 0, bound @ ..]) = answered.get(told..)
        && let Some(length) = length_of(bound)
        && bound.len() >= length
    {
        target.granted = Some(*code == 0);
        target.ends[1] = told + 3 + length;
    }
    Ok(Some(target))
}

/// Read a handshake of version 4 or 4A, whose answer proves that it is one.
fn fourth(asked: &[u8], answered: &[u8]) -> Result<Option<Target>, NotSocks> {
    let Some(&[_, command, high, low, a, b, c, d]) = asked.first_chunk() else {
        return Ok(None);
    };
    if command != CONNECT {
        return Err(NotSocks);
    }
    let Some(user) = asked[8..].iter().position(|&byte| byte == 0) else {
        return Ok(None);
    };
    let mut end = 8 + user + 1;
    let mut host = Ipv4Addr::new(a, b, c, d).to_string();
    if [a, b, c] == [0, 0, 0] && d != 0 {
        let Some(length) = asked[end..].iter().position(|&byte| byte == 0) else {
            return Ok(None);
        };
        host = name(&asked[end..end + length])?;
        end += length + 1;
    }
    let Some(&[zero, code, ..]) = answered.first_chunk::<8>() else {
        return Ok(None);
    };
    if zero != 0 || !(GRANTED_4..=REFUSED_4).contains(&code) {
        return Err(NotSocks);
    }
    Ok(Some(Target {
        host,
        port: u16::from_be_bytes([high, low]),
        ends: [end, 8],
        granted: Some(code == GRANTED_4),
    }))
}

/// Return how long an address of version 5 is with its port; None where it is cut off.
fn length_of(raw: &[u8]) -> Option<usize> {
    Some(match raw.first()? {
        1 => 1 + 4 + 2,
        3 => 2 + usize::from(*raw.get(1)?) + 2,
        _ => 1 + 16 + 2,
    })
}

/// Return host, port and length of an address of version 5; None where it is cut off.
fn address(raw: &[u8]) -> Result<Option<(String, u16, usize)>, NotSocks> {
    if raw.first().is_some_and(|kind| ![1, 3, 4].contains(kind)) {
        return Err(NotSocks);
    }
    let Some(whole) = length_of(raw).and_then(|length| raw.get(..length)) else {
        return Ok(None);
    };
    let (host, port) = whole.split_at(whole.len() - 2);
    let host = match host {
        [1, a, b, c, d] => Ipv4Addr::new(*a, *b, *c, *d).to_string(),
        [3, _, bytes @ ..] => name(bytes)?,
        [_, bytes @ ..] => <[u8; 16]>::try_from(bytes)
            .map(|six| Ipv6Addr::from(six).to_string())
            .map_err(|_| NotSocks)?,
        [] => return Err(NotSocks),
    };
    Ok(Some((
        host,
        u16::from_be_bytes([port[0], port[1]]),
        whole.len(),
    )))
}

fn name(bytes: &[u8]) -> Result<String, NotSocks> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    if bytes.is_empty() || !bytes.iter().all(is_plain) {
        return Err(NotSocks);
    }
    String::from_utf8(bytes.to_vec()).map_err(|_| NotSocks)
}

#[cfg(test)]
mod tests {
    use super::{Progress, Socks, may_begin};

    #[test]
    fn a_handshake_may_come_byte_by_byte() {
        let asked: &[u8] = b"\x05\x01\x00\x05\x01\x00\x03\x0bbad.example\x01\xbbdata";
        let mut socks = Socks::new(0);
        assert!(may_begin(&asked[..3]));
        for byte in &asked[..3] {
            assert_eq!(socks.bytes(0, &[*byte], 1, 1), Progress::More);
        }
        assert_eq!(socks.bytes(1, b"\x05\x00", 1, 2), Progress::More);
        for byte in &asked[3..] {
            assert_eq!(socks.bytes(0, &[*byte], 1, 3), Progress::More);
        }
        let reply = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00more";
        assert_eq!(socks.bytes(1, reply, 1, 4), Progress::Done);
        assert_eq!(socks.behind(), [&b"data"[..], &b"more"[..]]);
    }

    #[test]
    fn what_is_no_handshake_is_bad() {
        let mut socks = Socks::new(0);
        assert_eq!(socks.bytes(0, b"\x05\x01\x00", 1, 1), Progress::More);
        assert_eq!(socks.bytes(1, b"220 mail", 1, 1), Progress::Bad);
        let mut socks = Socks::new(1);
        assert_eq!(
            socks.bytes(1, b"\x04\x02\x00\x50\x01\x02\x03\x04\x00", 1, 1),
            Progress::Bad
        );
        assert!(!may_begin(b"\x05\x00"));
        assert!(!may_begin(b"\x04\x01\x00\x50"));
    }
}
