//! Fingerprints of the programs that speak TLS: JA3, JA3S, JA4.
//!
//! Source: JA3 and JA4 as their authors describe them (Salesforce, FoxIO); RFC 8701 (GREASE).

use crate::event::hex;
use md5::Md5;
use sha2::{Digest, Sha256};

pub const SERVER_NAME: u16 = 0;
pub const VERSIONS: u16 = 43;
const GROUPS: u16 = 10;
const POINTS: u16 = 11;
const SIGNATURES: u16 = 13;
const PROTOCOLS: u16 = 16;

/// What the hello of a client offers.
pub struct Hello {
    pub version: u16,
    pub ciphers: Vec<u16>,
    pub extensions: Vec<(u16, Vec<u8>)>,
}

impl Hello {
    pub fn extension(&self, kind: u16) -> Option<&[u8]> {
        let found = self.extensions.iter().find(|(known, _)| *known == kind);
        found.map(|(_, all)| all.as_slice())
    }

    /// Return the JA3 fingerprint.
    pub fn ja3(&self) -> String {
        let kinds: Vec<u16> = self.extensions.iter().map(|(kind, _)| *kind).collect();
        let groups = self
            .extension(GROUPS)
            .map(|all| numbers(all.get(2..).unwrap_or(&[])));
        let points = self
            .extension(POINTS)
            .and_then(|all| all.get(1..))
            .unwrap_or(&[]);
        let points: Vec<u16> = points.iter().map(|&point| u16::from(point)).collect();
        let text = format!(
            "{},{},{},{},{}",
            self.version,
            joined(&self.ciphers),
            joined(&kinds),
            joined(&groups.unwrap_or_default()),
            joined(&points),
        );
        hex(&Md5::digest(text))
    }

    /// Return the JA4 fingerprint; `carrier` is t for TCP, q for QUIC.
    pub fn ja4(&self, carrier: char) -> String {
        let plain = |all: &[u16]| all.iter().copied().filter(|&one| !is_grease(one)).collect();
        let mut ciphers: Vec<u16> = plain(&self.ciphers);
        let kinds: Vec<u16> = self.extensions.iter().map(|(kind, _)| *kind).collect();
        let mut kinds: Vec<u16> = plain(&kinds);
        let versions = self
            .extension(VERSIONS)
            .map(|all| numbers(all.get(1..).unwrap_or(&[])));
        let versions: Vec<u16> = plain(&versions.unwrap_or_default());
        let version = versions.into_iter().max().unwrap_or(self.version);
        let version = match version {
            0x0304 => "13",
            0x0303 => "12",
            0x0302 => "11",
            0x0301 => "10",
            0x0300 => "s3",
            _ => "00",
        };
        let named = if self.extension(SERVER_NAME).is_some() {
            'd'
        } else {
            'i'
        };
        let head = format!(
            "{carrier}{version}{named}{:02}{:02}{}",
            ciphers.len().min(99),
            kinds.len().min(99),
            self.first_protocol(),
        );
        ciphers.sort_unstable();
        kinds.retain(|&kind| !matches!(kind, SERVER_NAME | PROTOCOLS));
        kinds.sort_unstable();
        let signatures = self
            .extension(SIGNATURES)
            .map(|all| numbers(all.get(2..).unwrap_or(&[])));
        let mut second = hexes(&kinds);
        if let Some(signatures) = signatures.filter(|all| !all.is_empty()) {
            second = format!("{second}_{}", hexes(&signatures));
        }
        format!("{head}_{}_{}", twelve(&hexes(&ciphers)), twelve(&second))
    }

    /// Return the first and the last letter of the first protocol of ALPN, or 00.
    fn first_protocol(&self) -> String {
        let list = self.extension(PROTOCOLS).unwrap_or(&[]);
        let length = usize::from(list.get(2).copied().unwrap_or(0));
        match list.get(3..3 + length) {
            Some([only]) if only.is_ascii_alphanumeric() => format!("{0}{0}", char::from(*only)),
            Some([first, .., last]) => {
                if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() {
                    format!("{}{}", char::from(*first), char::from(*last))
                } else {
                    format!("{:x}{:x}", first >> 4, last & 15)
                }
            }
            _ => "00".into(),
        }
    }
}

fn is_grease(number: u16) -> bool {
    number & 0x0f0f == 0x0a0a && number >> 8 == number & 0xff
}

fn joined(numbers: &[u16]) -> String {
    let plain = numbers.iter().filter(|&&number| !is_grease(number));
    plain.map(u16::to_string).collect::<Vec<_>>().join("-")
}

fn hexes(numbers: &[u16]) -> String {
    numbers
        .iter()
        .map(|number| format!("{number:04x}"))
        .collect::<Vec<_>>()
        .join(",")
}

fn twelve(text: &str) -> String {
    match text {
        "" => "000000000000".into(),
        _ => hex(&Sha256::digest(text))[..12].into(),
    }
}

fn numbers(bytes: &[u8]) -> Vec<u16> {
    bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|two| u16::from_be_bytes(*two))
        .collect()
}

/// Return the JA3S fingerprint of the hello of a server.
pub fn server_ja3(version: u16, cipher: u16, extensions: &[(u16, Vec<u8>)]) -> String {
    let kinds: Vec<u16> = extensions.iter().map(|(kind, _)| *kind).collect();
    let text = format!("{version},{cipher},{}", joined(&kinds));
    hex(&Md5::digest(text))
}
