//! One event as one line of JSON, with the names of ECS.

use crate::container::NO_TIME;
use std::net::{Ipv4Addr, Ipv6Addr};

const LONGEST_TEXT: usize = 8192;
const HEX: &[u8; 16] = b"0123456789abcdef";

/// An address as IPv6 has it; IPv4 stands in its mapped form.
pub type Address = [u8; 16];

/// One end of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct End {
    pub address: Address,
    pub port: u16,
}

/// Return the mapped form of an IPv4 address.
pub fn mapped(four: [u8; 4]) -> Address {
    Ipv4Addr::from(four).to_ipv6_mapped().octets()
}

/// Return the address as text, in its shortest form.
pub fn shown(address: &Address) -> String {
    let six = Ipv6Addr::from(*address);
    match six.to_ipv4_mapped() {
        Some(four) => four.to_string(),
        None => six.to_string(),
    }
}

/// Return whether the address is one that a machine can have: neither unset nor a group's.
pub fn is_assignable(address: &Address) -> bool {
    let six = Ipv6Addr::from(*address);
    match six.to_ipv4_mapped() {
        Some(four) => !(four.is_unspecified() || four.is_broadcast() || four.is_multicast()),
        None => !(six.is_unspecified() || six.is_multicast()),
    }
}

/// Return whether the address is a group's or everybody's.
pub fn is_group(address: &Address) -> bool {
    let six = Ipv6Addr::from(*address);
    match six.to_ipv4_mapped() {
        Some(four) => four.is_broadcast() || four.is_multicast(),
        None => six.is_multicast(),
    }
}

/// A line that is being written; it is complete once `end` was called.
pub struct Event<'a> {
    out: &'a mut Vec<u8>,
}

impl<'a> Event<'a> {
    pub fn begin(out: &'a mut Vec<u8>, us: i64, dataset: &str) -> Self {
        out.push(b'{');
        let mut event = Self { out };
        // The time comes first, so that the hour is found at the line's start.
        if us != NO_TIME {
            event.number("@timestamp", us);
        }
        event.text("event.dataset", dataset.as_bytes());
        event
    }

    pub fn number(&mut self, key: &str, value: i64) {
        self.key(key);
        self.out.extend_from_slice(value.to_string().as_bytes());
    }

    pub fn text(&mut self, key: &str, value: &[u8]) {
        self.key(key);
        self.quoted(value);
    }

    pub fn time(&mut self, key: &str, us: i64) {
        if us != NO_TIME {
            self.number(key, us);
        }
    }

    pub fn texts<T: AsRef<[u8]>>(&mut self, key: &str, values: &[T]) {
        self.key(key);
        self.out.push(b'[');
        for (place, value) in values.iter().enumerate() {
            if place > 0 {
                self.out.push(b',');
            }
            self.quoted(value.as_ref());
        }
        self.out.push(b']');
    }

    pub fn mac(&mut self, key: &str, mac: &[u8; 6]) {
        self.text(key, mac_text(mac).as_bytes());
    }

    pub fn address(&mut self, key: &str, address: &Address) {
        self.text(key, shown(address).as_bytes());
    }

    /// Write who began and who was reached for.
    pub fn ends(&mut self, source: &End, destination: &End) {
        self.address("source.ip", &source.address);
        self.number("source.port", i64::from(source.port));
        self.address("destination.ip", &destination.address);
        self.number("destination.port", i64::from(destination.port));
    }

    pub fn end(mut self, packet: u64) {
        self.number("quetsach.packet", packet as i64);
        self.out.extend_from_slice(b"}\n");
    }

    fn key(&mut self, key: &str) {
        if self.out.last() != Some(&b'{') {
            self.out.push(b',');
        }
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    fn quoted(&mut self, value: &[u8]) {
        let value = &value[..value.len().min(LONGEST_TEXT)];
        self.out.push(b'"');
        // Nearly every value is plain.
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
        if value.iter().all(is_plain) {
            self.out.extend_from_slice(value);
            self.out.push(b'"');
            return;
        }
        for chunk in value.utf8_chunks() {
            for letter in chunk.valid().chars() {
                self.letter(letter);
            }
            for byte in chunk.invalid() {
                // As the log formats show a byte that is no text.
                self.out.extend_from_slice(b"\\\\x");
                self.hex(*byte);
            }
        }
        self.out.push(b'"');
    }

    fn letter(&mut self, letter: char) {
        match letter {
            '"' | '\\' => self.out.extend_from_slice(&[b'\\', letter as u8]),
            ' '..='~' => self.out.push(letter as u8),
            // Control characters, and what some readers take for the end of a line.
            '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}' | '\u{2029}' => {
                let code = letter as u32;
                self.out.extend_from_slice(b"\\u");
                self.hex((code >> 8) as u8);
                self.hex(code as u8);
            }
            _ => {
                let mut room = [0; 4];
                let bytes = letter.encode_utf8(&mut room);
                self.out.extend_from_slice(bytes.as_bytes());
            }
        }
    }

    fn hex(&mut self, byte: u8) {
        self.out.push(HEX[usize::from(byte >> 4)]);
        self.out.push(HEX[usize::from(byte & 15)]);
    }
}

/// Return bytes as hex in lower case.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
    }
    text
}

/// Return a hardware address as 00-17-A4-B2-C3-D4.
pub fn mac_text(mac: &[u8; 6]) -> String {
    let pairs: Vec<String> = mac.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join("-")
}
