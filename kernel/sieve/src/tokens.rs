//! The distinct outside tokens of a text: what a later list may still be asked about.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use crate::addresses::OwnRanges;
use crate::rare::{Halves, Hash};
use crate::said::{Listener, Said, Wants};
use crate::simd;

/// A longer name is kept from a dot on, so that it has no more bytes: no host has a longer one.
const LONGEST_NAME: usize = 255;
/// So many bytes for each token that may be held is the room for names.
const NAME_BYTES: usize = 64;
const LOWER: u64 = 0x2020_2020_2020_2020;

/// The tokens, each once; see `OutsideTokens` in contract.py.
#[derive(Debug)]
pub struct TokenSet {
    wants: Wants,
    inside: OwnRanges,
    names: Names,
    addresses: HashSet<u32, Seeded>,
    addresses6: HashSet<Halves>,
    hashes: HashSet<Hash>,
    /// So many are held.
    most: usize,
    is_complete: bool,
}

/// The tokens of a set in order, packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedTokens {
    /// One a line.
    pub names: Vec<u8>,
    /// Rising.
    pub addresses: Vec<u32>,
    /// Rising.
    pub addresses6: Vec<u128>,
    /// As hex digits, one a line, in the order of these.
    pub hashes: Vec<u8>,
    /// Whether no token was left out, because there were too many.
    pub is_complete: bool,
}

impl TokenSet {
    /// Return an empty set that holds `most` tokens, `hashes` among them or not, but for the
    /// addresses `inside`.
    pub(crate) fn new(inside: OwnRanges, hashes: bool, most: usize) -> Self {
        let seed = RandomState::new().build_hasher().finish();
        Self {
            wants: Wants {
                names: true,
                wire: true,
                addresses: true,
                addresses6: true,
                hashes,
            },
            inside,
            names: Names::new(seed),
            addresses: HashSet::with_hasher(Seeded(seed)),
            addresses6: HashSet::new(),
            hashes: HashSet::new(),
            most,
            is_complete: true,
        }
    }

    /// Return the tokens so far and begin anew.
    pub fn take(&mut self) -> PackedTokens {
        let mut addresses: Vec<u32> = self.addresses.drain().collect();
        addresses.sort_unstable();
        let number = |[high, low]: Halves| u128::from(high) << 64 | u128::from(low);
        let mut addresses6: Vec<u128> = self.addresses6.drain().map(number).collect();
        addresses6.sort_unstable();
        let mut hashes: Vec<Vec<u8>> = self.hashes.drain().map(|hash| digits(&hash)).collect();
        hashes.sort_unstable();
        PackedTokens {
            names: self.names.take(),
            addresses,
            addresses6,
            hashes: hashes.concat(),
            is_complete: std::mem::replace(&mut self.is_complete, true),
        }
    }

    fn has_room(&self) -> bool {
        self.names.count + self.addresses.len() + self.addresses6.len() + self.hashes.len()
            < self.most
    }

    fn hear_names(&mut self, text: &[u8], runs: &[(usize, usize)]) {
        let mut asked = [(&b""[..], 0); 64];
        // The memory that many wait for is asked for before the first is looked up.
        for some in runs.chunks(asked.len()) {
            for (one, &(start, end)) in asked.iter_mut().zip(some) {
                let name = last_labels(&text[start..end]);
                *one = (name, self.names.fetch(name));
            }
            for &(_, hash) in &asked[..some.len()] {
                self.names.fetch_text(hash);
            }
            for &(name, hash) in &asked[..some.len()] {
                let has_room = self.has_room();
                self.is_complete &= self.names.add(hash, name, has_room, self.most);
            }
        }
    }
}

impl Listener for TokenSet {
    fn wants(&self) -> Wants {
        self.wants
    }

    fn hear(&mut self, text: &[u8], said: &Said) {
        self.hear_names(text, &said.runs);
        let inside = self.inside.view();
        for &address in &said.addresses {
            if inside.has(address) || self.addresses.contains(&address) {
                continue;
            }
            if self.has_room() {
                self.addresses.insert(address);
            } else {
                self.is_complete = false;
            }
        }
        for &address in &said.addresses6 {
            if self.has_room() {
                self.addresses6.insert(address);
            } else {
                self.is_complete &= self.addresses6.contains(&address);
            }
        }
        for &hash in &said.hashes {
            if self.has_room() {
                self.hashes.insert(hash);
            } else {
                self.is_complete &= self.hashes.contains(&hash);
            }
        }
    }
}

/// Return the last labels of `name` that have no more bytes together than a name may have.
fn last_labels(name: &[u8]) -> &[u8] {
    let Some(before) = name.len().checked_sub(LONGEST_NAME + 1) else {
        return name;
    };
    let rest = &name[before..];
    let dot = rest.iter().position(|&byte| byte == b'.');
    let labels = &rest[dot.unwrap_or(rest.len())..];
    let first = labels.iter().position(|&byte| byte != b'.');
    &labels[first.unwrap_or(labels.len())..]
}

/// Return the hex digits of a hash, and a newline.
fn digits(hash: &Hash) -> Vec<u8> {
    let count = usize::from(hash[32]);
    let bytes = hash[..count.min(32)].iter();
    let digit = |half: u8| b"0123456789abcdef"[usize::from(half)];
    let mut digits: Vec<u8> = bytes
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect();
    digits.push(b'\n');
    digits
}

/// Names in lower case, one after the other, and slots that lead to them by hash.
#[derive(Debug)]
struct Names {
    seed: u64,
    text: Vec<u8>,
    count: usize,
    slots: Vec<Slot>,
}

/// Where a name stands; a free slot has none, which has no bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    half: u32,
    start: u32,
    length: u32,
}

impl Names {
    fn new(seed: u64) -> Self {
        Self {
            seed,
            text: Vec::new(),
            count: 0,
            slots: vec![Slot::default(); 1024],
        }
    }

    /// Return the hash of `name`, and ask for the memory that is read first for it.
    fn fetch(&self, name: &[u8]) -> u64 {
        let hash = hash_of(self.seed, name);
        simd::fetch(&self.slots[hash as usize & (self.slots.len() - 1)]);
        hash
    }

    /// Ask for the memory that is read then.
    fn fetch_text(&self, hash: u64) {
        let slot = self.slots[hash as usize & (self.slots.len() - 1)];
        if let Some(byte) = self.text.get(slot.start as usize) {
            simd::fetch(byte);
        }
    }

    /// Add `name`, which has this hash, where there is room; return whether it is held.
    fn add(&mut self, hash: u64, name: &[u8], has_room: bool, most: usize) -> bool {
        if name.is_empty() {
            return true;
        }
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            let slot = self.slots[place];
            if slot.length == 0 {
                break;
            }
            let is_likely = slot.half == (hash >> 32) as u32 && slot.length as usize == name.len();
            if is_likely && is_same(self.name(slot), name) {
                return true;
            }
            place = (place + 1) & mask;
        }
        let bytes = self.text.len() + name.len();
        if !has_room || bytes > most.saturating_mul(NAME_BYTES) || u32::try_from(bytes).is_err() {
            return false;
        }
        self.slots[place] = Slot {
            half: (hash >> 32) as u32,
            start: self.text.len() as u32,
            length: name.len() as u32,
        };
        self.text.extend(name.iter().map(u8::to_ascii_lowercase));
        self.count += 1;
        if self.count * 2 > self.slots.len() {
            self.grow();
        }
        true
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 4;
        let slots = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        for slot in slots.into_iter().filter(|slot| slot.length > 0) {
            let hash = hash_of(self.seed, self.name(slot));
            let mut place = hash as usize & (size - 1);
            while self.slots[place].length > 0 {
                place = (place + 1) & (size - 1);
            }
            self.slots[place] = slot;
        }
    }

    fn name(&self, slot: Slot) -> &[u8] {
        &self.text[slot.start as usize..][..slot.length as usize]
    }

    /// Return the names in order, one a line, and begin anew.
    fn take(&mut self) -> Vec<u8> {
        let taken = std::mem::replace(self, Self::new(self.seed));
        let slots = taken.slots.iter().filter(|slot| slot.length > 0);
        let mut names: Vec<&[u8]> = slots.map(|&slot| taken.name(slot)).collect();
        names.sort_unstable();
        let mut lines = Vec::with_capacity(taken.text.len() + names.len());
        for name in names {
            lines.extend_from_slice(name);
            lines.push(b'\n');
        }
        lines
    }
}

/// Whether `name`, as long as `lower` and with bytes of names only, is the same but for its case.
#[inline(always)]
fn is_same(lower: &[u8], name: &[u8]) -> bool {
    lower == name || lower.eq_ignore_ascii_case(name)
}

/// Return the hash of `name`, upper case counting as lower.
#[inline(always)]
fn hash_of(seed: u64, name: &[u8]) -> u64 {
    let mut hash = seed ^ name.len() as u64;
    let mut take = |eight: u64| hash = mixed(hash ^ (eight | LOWER), 0x9e37_79b9_7f4a_7c15);
    let (eights, rest) = name.as_chunks::<8>();
    for eight in eights {
        take(u64::from_le_bytes(*eight));
    }
    match name.last_chunk::<8>() {
        // Some bytes are taken twice, which does no harm.
        Some(last) if !rest.is_empty() => take(u64::from_le_bytes(*last)),
        Some(_) => {}
        None => take(rest.iter().fold(0, |all, &byte| all << 8 | u64::from(byte))),
    }
    mixed(hash, 0xe703_7ed1_a0b4_28db)
}

#[inline(always)]
fn mixed(one: u64, other: u64) -> u64 {
    let wide = u128::from(one) * u128::from(other);
    wide as u64 ^ (wide >> 64) as u64
}

/// Hashes numbers so that nobody can foretell which collide.
#[derive(Clone, Copy, Debug)]
struct Seeded(u64);

impl BuildHasher for Seeded {
    type Hasher = Self;

    fn build_hasher(&self) -> Self {
        *self
    }
}

impl Hasher for Seeded {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u32(byte.into());
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = mixed(self.0 ^ u64::from(number), 0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
