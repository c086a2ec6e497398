//! TLS handshakes: the server name asked for, the certificate shown, fingerprints of both sides.
//!
//! Source: RFC 8446, RFC 5246.

use crate::certificate;
use crate::event::{Event, hex};
use crate::fingerprints::{Hello, SERVER_NAME, VERSIONS, server_ja3};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use tls_parser::{TlsMessage, TlsMessageHandshake, parse_tls_message_handshake};

const CHANGE_CIPHER: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION: u8 = 23;
const LONGEST_RECORD: usize = 18_432;
const LONGEST_HANDSHAKE: usize = 1 << 17;
// A server that asks for another hello says so with this random value (RFC 8446, 4.1.3).
const RETRY: [u8; 4] = [0xcf, 0x21, 0xad, 0x74];

/// What is known of one handshake.
#[derive(Default)]
pub struct Handshake {
    sides: [Side; 2],
    client: Option<usize>,
    server_name: Option<Vec<u8>>,
    ja3: Option<String>,
    ja4: Option<String>,
    ja3s: Option<String>,
    version: Option<u16>,
    leaf: Option<Leaf>,
    established: Option<bool>,
    carrier: Option<char>,
}

struct Leaf {
    names: certificate::Names,
    sha1: String,
    sha256: String,
}

#[derive(Default)]
struct Side {
    records: Vec<u8>,
    messages: Vec<u8>,
    encrypted: bool,
}

/// Whether a handshake goes on.
#[derive(Debug, PartialEq, Eq)]
pub enum Progress {
    More,
    /// All is known that will be.
    Done,
    /// This is no TLS, or none that can be read.
    Bad,
}

/// Return whether bytes begin like a first record; None where there are too few.
pub fn begins(bytes: &[u8]) -> Option<bool> {
    for (place, byte) in bytes.iter().take(6).enumerate() {
        let fits = match place {
            0 => *byte == HANDSHAKE,
            1 => *byte == 3,
            2 => *byte <= 4,
            5 => matches!(*byte, 1 | 2),
            _ => true,
        };
        if !fits {
            return Some(false);
        }
    }
    (bytes.len() >= 6).then_some(true)
}

/// Return how long a hello in the form of SSL 2 is that asks for a later version, if this is one.
pub fn old_hello(bytes: &[u8]) -> Option<usize> {
    let (header, rest) = bytes.split_first_chunk::<2>()?;
    let length = usize::from(header[0] & 0x7f) << 8 | usize::from(header[1]);
    let is_hello = header[0] & 0x80 != 0 && matches!(rest.get(..3)?, [1, 3, 0..=4]);
    (is_hello && length >= 12 && bytes.len() >= 2 + length).then_some(2 + length)
}

impl Handshake {
    /// Return the handshake that a client's hello in QUIC begins; None where it cannot be read.
    pub fn of_quic(hello: &[u8], client: usize) -> Option<Self> {
        let mut handshake = Self {
            carrier: Some('q'),
            ..Self::default()
        };
        handshake.message(client, hello)?;
        Some(handshake)
    }

    /// Return which side sent the first hello.
    pub fn client(&self) -> Option<usize> {
        self.client
    }

    /// Return how many bytes wait.
    pub fn held(&self) -> usize {
        self.sides
            .iter()
            .map(|side| side.records.len() + side.messages.len())
            .sum()
    }

    /// Take the next bytes that `side` sent.
    pub fn bytes(&mut self, side: usize, bytes: &[u8]) -> Progress {
        self.sides[side].records.extend_from_slice(bytes);
        loop {
            let records = &self.sides[side].records;
            let Some(header) = records.first_chunk::<5>() else {
                return Progress::More;
            };
            let (kind, length) = (
                header[0],
                usize::from(header[3]) << 8 | usize::from(header[4]),
            );
            if !(CHANGE_CIPHER..=24).contains(&kind) || header[1] != 3 || length > LONGEST_RECORD {
                return Progress::Bad;
            }
            let Some(content) = records.get(5..5 + length).map(<[u8]>::to_vec) else {
                return Progress::More;
            };
            self.sides[side].records.drain(..5 + length);
            match self.record(side, kind, &content) {
                Progress::More => {}
                other => return other,
            }
        }
    }

    fn record(&mut self, side: usize, kind: u8, content: &[u8]) -> Progress {
        let by_server = self.client.is_some_and(|client| client != side);
        match kind {
            HANDSHAKE if !self.sides[side].encrypted => {
                self.sides[side].messages.extend_from_slice(content);
                return self.messages(side);
            }
            CHANGE_CIPHER => {
                // A server sends one behind a retry, too, before its true hello.
                self.sides[side].encrypted = !by_server;
                if by_server && self.version.is_some() {
                    self.established = Some(true);
                    return Progress::Done;
                }
            }
            APPLICATION if by_server => {
                self.established = Some(true);
                return Progress::Done;
            }
            // A fatal alert in the clear; warnings, such as an unknown name, end nothing.
            ALERT if content.len() == 2 && content[0] == 2 => {
                self.established = Some(false);
                return Progress::Done;
            }
            _ => {}
        }
        Progress::More
    }

    fn messages(&mut self, side: usize) -> Progress {
        loop {
            let messages = &self.sides[side].messages;
            let Some(header) = messages.first_chunk::<4>() else {
                return Progress::More;
            };
            let length = u32::from_be_bytes([0, header[1], header[2], header[3]]) as usize;
            if length > LONGEST_HANDSHAKE {
                return Progress::Bad;
            }
            let Some(whole) = messages.get(..4 + length).map(<[u8]>::to_vec) else {
                return Progress::More;
            };
            self.sides[side].messages.drain(..4 + length);
            if self.message(side, &whole).is_none() {
                return Progress::Bad;
            }
        }
    }

    fn message(&mut self, side: usize, whole: &[u8]) -> Option<()> {
        // Others than these hold nothing of use, and may be encrypted already.
        if !matches!(whole[0], 1 | 2 | 11) {
            return Some(());
        }
        let (_, message) = parse_tls_message_handshake(whole).ok()?;
        let TlsMessage::Handshake(message) = message else {
            return Some(());
        };
        match message {
            TlsMessageHandshake::ClientHello(hello) => {
                if self.client.is_some() {
                    return Some(());
                }
                self.client = Some(side);
                let hello = Hello {
                    version: hello.version.0,
                    ciphers: hello.ciphers.iter().map(|cipher| cipher.0).collect(),
                    extensions: extensions(hello.ext.unwrap_or(&[])),
                };
                self.server_name = hello.extension(SERVER_NAME).and_then(server_name);
                self.ja3 = Some(hello.ja3());
                self.ja4 = Some(hello.ja4(self.carrier.unwrap_or('t')));
            }
            TlsMessageHandshake::ServerHello(hello) => {
                if hello.random.starts_with(&RETRY) {
                    return Some(());
                }
                let (version, cipher) = (hello.version.0, hello.cipher.0);
                self.server_hello(side, version, cipher, hello.ext.unwrap_or(&[]));
            }
            TlsMessageHandshake::ServerHelloV13Draft18(hello) => {
                let (version, cipher) = (hello.version.0, hello.cipher.0);
                self.server_hello(side, version, cipher, hello.ext.unwrap_or(&[]));
            }
            TlsMessageHandshake::Certificate(certificate) => {
                // The client may show one, too.
                let leaf = certificate.cert_chain.first();
                let leaf = leaf.filter(|_| self.client != Some(side) && self.leaf.is_none());
                if let Some(leaf) = leaf {
                    self.leaf = Some(Leaf {
                        names: certificate::names(leaf.data),
                        sha1: hex(&Sha1::digest(leaf.data)),
                        sha256: hex(&Sha256::digest(leaf.data)),
                    });
                }
            }
            _ => {}
        }
        Some(())
    }

    fn server_hello(&mut self, side: usize, version: u16, cipher: u16, ext: &[u8]) {
        self.client.get_or_insert(1 - side);
        let extensions = extensions(ext);
        let chosen = extensions.iter().find(|(kind, _)| *kind == VERSIONS);
        let chosen = chosen.and_then(|(_, all)| all.first_chunk::<2>());
        self.version = Some(chosen.map_or(version, |two| u16::from_be_bytes(*two)));
        self.ja3s = Some(server_ja3(version, cipher, &extensions));
    }

    /// Return whether there is anything to tell.
    pub fn is_told(&self) -> bool {
        self.client.is_some()
    }

    /// Add what is known to an event.
    pub fn write(&self, event: &mut Event<'_>) {
        if let Some(established) = self.established {
            let outcome: &[u8] = if established { b"success" } else { b"failure" };
            event.text("event.outcome", outcome);
        }
        if let Some(name) = &self.server_name {
            event.text("tls.client.server_name", name);
        }
        for (key, value) in [
            ("tls.client.ja3", &self.ja3),
            ("tls.client.ja4", &self.ja4),
            ("tls.server.ja3s", &self.ja3s),
        ] {
            if let Some(value) = value {
                event.text(key, value.as_bytes());
            }
        }
        if let Some(version) = self.version {
            event.text("tls.version", version_name(version).as_bytes());
        }
        let Some(leaf) = &self.leaf else { return };
        event.text("tls.server.hash.sha1", leaf.sha1.as_bytes());
        event.text("tls.server.hash.sha256", leaf.sha256.as_bytes());
        if let Some(common) = &leaf.names.common {
            event.text("tls.server.x509.subject.common_name", common);
        }
        if !leaf.names.alternatives.is_empty() {
            event.texts(
                "tls.server.x509.alternative_names",
                &leaf.names.alternatives,
            );
        }
    }
}

fn version_name(version: u16) -> String {
    match version {
        0x0300 => "SSLv3".into(),
        0x0301..=0x0304 => format!("1.{}", version - 0x0301),
        other => format!("{other:#06x}"),
    }
}

/// Return the extensions as they come; a cut one ends them.
fn extensions(bytes: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let mut extensions = Vec::new();
    let mut rest = bytes;
    while let Some((header, behind)) = rest.split_first_chunk::<4>() {
        let length = usize::from(header[2]) << 8 | usize::from(header[3]);
        let Some(content) = behind.get(..length) else {
            break;
        };
        extensions.push((
            u16::from(header[0]) << 8 | u16::from(header[1]),
            content.to_vec(),
        ));
        rest = &behind[length..];
    }
    extensions
}

fn server_name(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.get(2..)?;
    while let Some((header, behind)) = rest.split_first_chunk::<3>() {
        let length = usize::from(header[1]) << 8 | usize::from(header[2]);
        let name = behind.get(..length)?;
        if header[0] == 0 && !name.is_empty() {
            return Some(name.to_vec());
        }
        rest = &behind[length..];
    }
    None
}
