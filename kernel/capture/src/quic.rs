//! The hello of a client in QUIC, whose first packets everybody can decrypt.
//!
//! Source: RFC 9000, 17.2.2, 19; RFC 9001, 5.2 to 5.4; RFC 9369 (version 2). The tag of a packet is
//! not checked: what is no hello of TLS is not told.

use crate::link::be32;
use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use sha2::{Digest, Sha256};

const MOST_BYTES: usize = 16 << 10;
const MOST_PARTS: usize = 64;
const MOST_FRAMES: usize = 256;
const LONGEST_ID: usize = 20;
const BLOCK: usize = 64;
const TAG: usize = 16;
const HELLO: u8 = 1;
const SALT_1: [u8; 20] = [
    0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad,
    0xcc, 0xbb, 0x7f, 0x0a,
];
const SALT_2: [u8; 20] = [
    0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb,
    0xf9, 0xbd, 0x2e, 0xd9,
];
const SALT_29: [u8; 20] = [
    0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0,
    0x43, 0x90, 0xa8, 0x99,
];
const VERSION_1: u32 = 1;
const VERSION_2: u32 = 0x6b33_43cf;
// Drafts 29 to 32, which differ in nothing that is read here.
const DRAFTS: std::ops::RangeInclusive<u32> = 0xff00_001d..=0xff00_0020;

/// The parts of a hello that came so far, and the keys of the connection.
pub struct Hello {
    keys: Option<Keys>,
    parts: Vec<(usize, Vec<u8>)>,
    is_over: bool,
}

struct Keys {
    key: [u8; 16],
    iv: [u8; 12],
    header: [u8; 16],
}

/// One Initial packet, still encrypted.
struct Initial<'a> {
    version: u32,
    id: &'a [u8],
    whole: &'a [u8],
    number: usize,
    end: usize,
}

impl Hello {
    pub fn new() -> Self {
        Self {
            keys: None,
            parts: Vec::new(),
            is_over: false,
        }
    }

    /// Take a datagram of the client; return the hello once it is whole.
    pub fn datagram(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.is_over {
            return None;
        }
        let initial = initial(bytes)?;
        let known = self
            .keys
            .take()
            .filter(|keys| self.read(keys, &initial).is_some());
        // Another identifier, after a retry of the server, gives other keys.
        self.keys = known.or_else(|| {
            let keys = Keys::of(initial.version, initial.id)?;
            self.read(&keys, &initial)?;
            Some(keys)
        });
        self.whole()
    }

    fn read(&mut self, keys: &Keys, initial: &Initial<'_>) -> Option<()> {
        let plain = keys.decrypt(initial)?;
        let parts = crypto(&plain)?;
        for (offset, bytes) in parts {
            let held: usize = self.parts.iter().map(|(_, bytes)| bytes.len()).sum();
            if self.parts.len() >= MOST_PARTS || held + bytes.len() > MOST_BYTES {
                self.is_over = true;
                return Some(());
            }
            self.parts.push((offset, bytes.to_vec()));
        }
        Some(())
    }

    fn whole(&mut self) -> Option<Vec<u8>> {
        self.parts.sort();
        let mut hello: Vec<u8> = Vec::new();
        for (offset, bytes) in &self.parts {
            if *offset > hello.len() {
                break;
            }
            hello.extend_from_slice(bytes.get(hello.len() - offset..).unwrap_or(&[]));
        }
        let length = be32(&hello, 0)?;
        if length >> 24 != u32::from(HELLO) {
            self.is_over = true;
            return None;
        }
        let whole = hello.get(..4 + (length & 0x00ff_ffff) as usize)?.to_vec();
        self.is_over = true;
        self.parts = Vec::new();
        Some(whole)
    }
}

fn initial(bytes: &[u8]) -> Option<Initial<'_>> {
    let (first, version) = (*bytes.first()?, be32(bytes, 1)?);
    let kind = if version == VERSION_2 { 0x10 } else { 0 };
    if first & 0xc0 != 0xc0 || first & 0x30 != kind {
        return None;
    }
    let length = usize::from(*bytes.get(5)?);
    if length > LONGEST_ID {
        return None;
    }
    let id = bytes.get(6..6 + length)?;
    let place = 6 + length;
    let place = place + 1 + usize::from(*bytes.get(place)?);
    let (token, place) = varint(bytes, place)?;
    let (rest, number) = varint(bytes, place.checked_add(token)?)?;
    let end = number.checked_add(rest)?;
    bytes.get(..end)?;
    Some(Initial {
        version,
        id,
        whole: bytes,
        number,
        end,
    })
}

impl Keys {
    fn of(version: u32, id: &[u8]) -> Option<Self> {
        let (salt, word) = match version {
            VERSION_1 => (&SALT_1, "quic"),
            VERSION_2 => (&SALT_2, "quicv2"),
            _ if DRAFTS.contains(&version) => (&SALT_29, "quic"),
            _ => return None,
        };
        let secret = expand(&hmac(salt, &[id]), "client in", 32);
        let part = |what: &str, length| expand(&secret, &format!("{word} {what}"), length);
        Some(Self {
            key: part("key", 16).try_into().ok()?,
            iv: part("iv", 12).try_into().ok()?,
            header: part("hp", 16).try_into().ok()?,
        })
    }

    fn decrypt(&self, initial: &Initial<'_>) -> Option<Vec<u8>> {
        let sample = initial.number + 4;
        let sample: [u8; 16] = initial.whole.get(sample..sample + 16)?.try_into().ok()?;
        let mask = encrypt(&self.header, sample);
        let first = initial.whole[0] ^ (mask[0] & 0x0f);
        let length = usize::from(first & 3) + 1;
        let mut nonce = self.iv;
        for place in 0..length {
            let byte = initial.whole.get(initial.number + place)? ^ mask[1 + place];
            nonce[12 - length + place] ^= byte;
        }
        let end = initial.end.checked_sub(TAG)?;
        let mut plain = initial.whole.get(initial.number + length..end)?.to_vec();
        for (count, block) in (2u32..).zip(plain.chunks_mut(16)) {
            let mut counter = [0; 16];
            counter[..12].copy_from_slice(&nonce);
            counter[12..].copy_from_slice(&count.to_be_bytes());
            let stream = encrypt(&self.key, counter);
            block
                .iter_mut()
                .zip(stream)
                .for_each(|(byte, other)| *byte ^= other);
        }
        Some(plain)
    }
}

/// Return the parts of the handshake in the frames of a packet; None is no sequence of frames.
fn crypto(plain: &[u8]) -> Option<Vec<(usize, &[u8])>> {
    let mut parts = Vec::new();
    let mut place = 0;
    for _ in 0..MOST_FRAMES {
        while plain.get(place) == Some(&0) {
            place += 1;
        }
        let Some(kind) = plain.get(place) else { break };
        place += 1;
        match kind {
            1 => {}
            2 | 3 => {
                let (_, behind) = varint(plain, place)?;
                let (_, behind) = varint(plain, behind)?;
                let (ranges, behind) = varint(plain, behind)?;
                let fields = 1 + 2 * ranges.min(MOST_FRAMES) + if *kind == 3 { 3 } else { 0 };
                place = behind;
                for _ in 0..fields {
                    place = varint(plain, place)?.1;
                }
            }
            6 => {
                let (offset, behind) = varint(plain, place)?;
                let (length, behind) = varint(plain, behind)?;
                let end = behind.checked_add(length)?;
                parts.push((offset, plain.get(behind..end)?));
                place = end;
            }
            0x1c => break,
            _ => return None,
        }
    }
    Some(parts)
}

/// Return the number at `place`, of one to eight bytes, and where it ends.
fn varint(bytes: &[u8], place: usize) -> Option<(usize, usize)> {
    let first = *bytes.get(place)?;
    let length = 1usize << (first >> 6);
    let digits = bytes.get(place..place.checked_add(length)?)?;
    let number = digits[1..]
        .iter()
        .fold(u64::from(first & 0x3f), |sum, &digit| {
            sum << 8 | u64::from(digit)
        });
    Some((usize::try_from(number).ok()?, place + length))
}

fn encrypt(key: &[u8; 16], block: [u8; 16]) -> [u8; 16] {
    let mut block = block.into();
    Aes128::new(key.into()).encrypt_block(&mut block);
    block.into()
}

/// HMAC of SHA-256 (RFC 2104); no key here is longer than a block.
fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let padded = |fill: u8| {
        let mut block = [fill; BLOCK];
        block
            .iter_mut()
            .zip(key)
            .for_each(|(byte, other)| *byte ^= other);
        block
    };
    let mut inner = Sha256::new().chain_update(padded(0x36));
    for part in parts {
        inner.update(part);
    }
    let outer = Sha256::new().chain_update(padded(0x5c));
    outer.chain_update(inner.finalize()).finalize().into()
}

/// HKDF-Expand-Label of TLS 1.3 (RFC 8446, 7.1), of up to 32 bytes.
fn expand(secret: &[u8], label: &str, length: u8) -> Vec<u8> {
    let label = format!("tls13 {label}");
    let sizes = [0, length, label.len() as u8];
    let block = hmac(secret, &[&sizes, label.as_bytes(), &[0, 1]]);
    block[..usize::from(length)].to_vec()
}
