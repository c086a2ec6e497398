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
    addresses: Addresses,
    /// Those to be added next.
    asked: Vec<u32>,
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
            addresses: Addresses::new(seed),
            asked: Vec::new(),
            addresses6: HashSet::new(),
            hashes: HashSet::new(),
            most,
            is_complete: true,
        }
    }

    /// Return the tokens so far and begin anew.
    pub fn take(&mut self) -> PackedTokens {
        let number = |[high, low]: Halves| u128::from(high) << 64 | u128::from(low);
        let mut addresses6: Vec<u128> = self.addresses6.drain().map(number).collect();
        addresses6.sort_unstable();
        let mut hashes: Vec<Vec<u8>> = self.hashes.drain().map(|hash| digits(&hash)).collect();
        hashes.sort_unstable();
        PackedTokens {
            names: self.names.take(),
            addresses: self.addresses.take(),
            addresses6,
            hashes: hashes.concat(),
            is_complete: std::mem::replace(&mut self.is_complete, true),
        }
    }

    /// Take in what `other` holds, which is empty then.
    ///
    /// A text is heard by a small set, block by block, and that one taken in: most tokens of a
    /// block come more than once, and a small set stays in the nearest memory.
    pub fn absorb(&mut self, other: &mut Self) {
        let names = std::mem::take(&mut other.names.text);
        let mut runs = Vec::with_capacity(other.names.count);
        let mut place = 1;
        while let Some(&length) = names.get(place) {
            let end = place + 1 + usize::from(length);
            runs.push((place + 1, end));
            place = end;
        }
        self.hear_names(&names, &runs);
        other.names.text = names;
        for address in other.addresses.each() {
            let has_room = self.has_room();
            self.is_complete &= self.addresses.add(address, has_room);
        }
        for &address in &other.addresses6 {
            self.hear_address6(address);
        }
        for &hash in &other.hashes {
            self.hear_hash(hash);
        }
        self.is_complete &= other.is_complete;
        other.forget();
    }

    /// Begin anew, with the memory that is there.
    pub fn forget(&mut self) {
        self.names.forget();
        self.addresses.forget();
        self.addresses6.clear();
        self.hashes.clear();
        self.is_complete = true;
    }

    fn has_room(&self) -> bool {
        self.names.count + self.addresses.count + self.addresses6.len() + self.hashes.len()
            < self.most
    }

    fn hear_addresses(&mut self, addresses: &[u32]) {
        let mut asked = std::mem::take(&mut self.asked);
        asked.clear();
        let inside = self.inside.view();
        for &address in addresses.iter().filter(|&&address| !inside.has(address)) {
            self.addresses.fetch(address);
            asked.push(address);
        }
        for &address in &asked {
            let has_room = self.has_room();
            self.is_complete &= self.addresses.add(address, has_room);
        }
        self.asked = asked;
    }

    fn hear_address6(&mut self, address: Halves) {
        if self.has_room() {
            self.addresses6.insert(address);
        } else {
            self.is_complete &= self.addresses6.contains(&address);
        }
    }

    fn hear_hash(&mut self, hash: Hash) {
        if self.has_room() {
            self.hashes.insert(hash);
        } else {
            self.is_complete &= self.hashes.contains(&hash);
        }
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
        self.hear_addresses(&said.addresses);
        for &address in &said.addresses6 {
            self.hear_address6(address);
        }
        for &hash in &said.hashes {
            self.hear_hash(hash);
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

/// Names in lower case, each behind its length, and slots that lead to them by hash.
///
/// What they take is kept small: to look a name up costs what its memory is away.
#[derive(Debug)]
struct Names {
    seed: u64,
    /// The first byte belongs to none.
    text: Vec<u8>,
    count: usize,
    /// Half of the hash, and where the name's length stands; 0 is free.
    slots: Vec<[u32; 2]>,
}

impl Names {
    fn new(seed: u64) -> Self {
        Self {
            seed,
            text: vec![0],
            count: 0,
            slots: vec![[0; 2]; 1024],
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
        let [_, place] = self.slots[hash as usize & (self.slots.len() - 1)];
        if let Some(byte) = self.text.get(place as usize) {
            simd::fetch(byte);
        }
    }

    /// Add `name`, which has this hash, where there is room; return whether it is held.
    fn add(&mut self, hash: u64, name: &[u8], has_room: bool, most: usize) -> bool {
        let Ok(length) = u8::try_from(name.len()) else {
            return false;
        };
        if length == 0 {
            return true;
        }
        let (mask, half) = (self.slots.len() - 1, (hash >> 32) as u32);
        let mut slot = hash as usize & mask;
        while self.slots[slot][1] != 0 {
            let [tag, place] = self.slots[slot];
            if tag == half && is_same(self.name(place), name) {
                return true;
            }
            slot = (slot + 1) & mask;
        }
        let bytes = self.text.len() - 1 - self.count + name.len();
        let place = u32::try_from(self.text.len());
        let (Ok(place), true) = (place, has_room && bytes <= most.saturating_mul(NAME_BYTES))
        else {
            return false;
        };
        self.slots[slot] = [half, place];
        self.text.push(length);
        self.text.extend(name.iter().map(u8::to_ascii_lowercase));
        self.count += 1;
        if self.count * 2 > self.slots.len() {
            self.grow();
        }
        true
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let slots = std::mem::replace(&mut self.slots, vec![[0; 2]; size]);
        for [half, place] in slots.into_iter().filter(|slot| slot[1] != 0) {
            let hash = hash_of(self.seed, self.name(place));
            let mut slot = hash as usize & (size - 1);
            while self.slots[slot][1] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.slots[slot] = [half, place];
        }
    }

    /// Return the name whose length stands at `place`.
    #[inline(always)]
    fn name(&self, place: u32) -> &[u8] {
        let text = &self.text[place as usize..];
        &text[1..=usize::from(text[0])]
    }

    fn forget(&mut self) {
        self.text.truncate(1);
        self.count = 0;
        self.slots.fill([0; 2]);
    }

    /// Return the names in order, one a line, and begin anew.
    fn take(&mut self) -> Vec<u8> {
        let taken = std::mem::replace(self, Self::new(self.seed));
        let slots = taken.slots.iter().filter(|slot| slot[1] != 0);
        let mut names: Vec<&[u8]> = slots.map(|slot| taken.name(slot[1])).collect();
        names.sort_unstable();
        let mut lines = Vec::with_capacity(taken.text.len());
        for name in names {
            lines.extend_from_slice(name);
            lines.push(b'\n');
        }
        lines
    }
}

/// Whether `name` is `lower` but for its case; nearly always it is, to the byte.
#[inline(always)]
fn is_same(lower: &[u8], name: &[u8]) -> bool {
    let (Some(one), Some(other)) = (lower.last_chunk::<8>(), name.last_chunk::<8>()) else {
        return lower.eq_ignore_ascii_case(name);
    };
    let eights = lower.as_chunks::<8>().0.iter().zip(name.as_chunks::<8>().0);
    let differs =
        |one: &[u8; 8], other: &[u8; 8]| u64::from_le_bytes(*one) ^ u64::from_le_bytes(*other);
    let all = eights.fold(differs(one, other), |all, (one, other)| {
        all | differs(one, other)
    });
    lower.len() == name.len() && (all == 0 || lower.eq_ignore_ascii_case(name))
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

/// IPv4 addresses, each in the first free slot from its hash on; a free slot is 0.
#[derive(Debug)]
struct Addresses {
    seed: u64,
    slots: Vec<u32>,
    count: usize,
    has_zero: bool,
}

impl Addresses {
    fn new(seed: u64) -> Self {
        Self {
            seed,
            slots: vec![0; 1024],
            count: 0,
            has_zero: false,
        }
    }

    fn first_slot(&self, address: u32) -> usize {
        mixed(self.seed ^ u64::from(address), 0x9e37_79b9_7f4a_7c15) as usize
            & (self.slots.len() - 1)
    }

    /// Ask for the memory that `add` reads.
    fn fetch(&self, address: u32) {
        simd::fetch(&self.slots[self.first_slot(address)]);
    }

    /// Add `address` where there is room; return whether it is held.
    fn add(&mut self, address: u32, has_room: bool) -> bool {
        if address == 0 {
            self.count += usize::from(has_room && !self.has_zero);
            self.has_zero |= has_room;
            return self.has_zero;
        }
        let mut place = self.first_slot(address);
        while self.slots[place] != 0 {
            if self.slots[place] == address {
                return true;
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
        if has_room {
            self.slots[place] = address;
            self.count += 1;
            if self.count * 2 > self.slots.len() {
                self.grow();
            }
        }
        has_room
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        for address in std::mem::replace(&mut self.slots, vec![0; size]) {
            let mut place = self.first_slot(address);
            while address != 0 && self.slots[place] != 0 {
                place = (place + 1) & (size - 1);
            }
            if address != 0 {
                self.slots[place] = address;
            }
        }
    }

    /// Yield each address, in no order.
    fn each(&self) -> impl Iterator<Item = u32> {
        let slots = self.slots.iter().copied().filter(|&one| one != 0);
        slots.chain(self.has_zero.then_some(0))
    }

    fn forget(&mut self) {
        self.slots.fill(0);
        self.count = 0;
        self.has_zero = false;
    }

    /// Return the addresses, rising, and begin anew.
    fn take(&mut self) -> Vec<u32> {
        let taken = std::mem::replace(self, Self::new(self.seed));
        let mut addresses: Vec<u32> = taken.each().collect();
        addresses.sort_unstable();
        addresses
    }
}
