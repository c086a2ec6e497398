//! Which keys a line holds.

use std::iter;

use crate::Sieve;
use crate::image::{Image, Section};
use crate::keys::Compiled;
use crate::prints::PrintSet;
use crate::rare::{Halves, Hash};
use crate::said::{Listener, Said, Wants};
use crate::walk::hear_lines;

/// The kinds of keys, as the upper half of a key's number; see `KeyKind` in contract.py.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
enum Kind {
    Name,
    Address,
    Network,
    Address6,
    Network6,
    Hash,
    Print,
    UnicodeName,
}

/// The keys that lines hold: for each line its numbers, rising, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineKeys {
    /// The numbers of one line after the other.
    pub numbers: Vec<u64>,
    /// Where those of each line end.
    pub ends: Vec<usize>,
}

impl LineKeys {
    /// Return the numbers of each line.
    pub fn each(&self) -> impl Iterator<Item = &[u64]> {
        let starts = iter::once(0).chain(self.ends.iter().copied());
        let lines = starts.zip(&self.ends);
        lines.map(|(start, &end)| &self.numbers[start..end])
    }
}

/// Return the keys that each of `lines` of `block` holds.
pub fn keys_of(sieve: &Sieve, block: &[u8], lines: &[(usize, usize)]) -> LineKeys {
    let mut met = KeysMet {
        keys: Compiled::new(&sieve.image),
        networks: sieve.image.section(Section::Networks),
        networks6: sieve.image.section(Section::Networks6),
        prefixes: sieve.prefixes.get_or_init(|| Prefixes::of(&sieve.image)),
        prints: &sieve.prints,
        begin: 0,
        found: LineKeys::default(),
    };
    hear_lines(sieve, block, lines, &mut met);
    met.found
}

/// The lengths of prefixes that the networks of a list have, a bit each: IPv4, IPv6.
#[derive(Debug)]
pub struct Prefixes(u64, [u64; 3]);

impl Prefixes {
    pub fn of(image: &Image) -> Self {
        let mut all = Self(0, [0; 3]);
        let networks: &[[u32; 2]] = image.section(Section::Networks);
        for &[_, length] in networks {
            all.0 |= 1 << length.min(32);
        }
        let networks: &[[u64; 4]] = image.section(Section::Networks6);
        for &[_, _, length, _] in networks {
            let length = length.min(128) as usize;
            all.1[length / 64] |= 1 << (length % 64);
        }
        all
    }
}

struct KeysMet<'a> {
    keys: Compiled<'a>,
    networks: &'a [[u32; 2]],
    networks6: &'a [[u64; 4]],
    prefixes: &'a Prefixes,
    prints: &'a PrintSet,
    /// Where the numbers of the line in hand begin.
    begin: usize,
    found: LineKeys,
}

impl KeysMet<'_> {
    fn add(&mut self, kind: Kind, place: Option<usize>) {
        let number = place.map(|place| (kind as u64) << 32 | place as u64);
        self.found.numbers.extend(number);
    }

    fn add_address(&mut self, address: u32) {
        self.add(Kind::Address, self.keys.addresses.place_of(address));
        for length in bits(self.prefixes.0) {
            let hosts = u32::MAX.checked_shr(length).unwrap_or(0);
            let network = self.networks.binary_search(&[address & !hosts, length]);
            self.add(Kind::Network, network.ok());
        }
    }

    fn add_address6(&mut self, address: Halves) {
        self.add(Kind::Address6, self.keys.rare.place_of_address(address));
        let [high, low] = address;
        for (word, &lengths) in self.prefixes.1.iter().enumerate() {
            for bit in bits(lengths) {
                let length = word as u32 * 64 + bit;
                let hosts = u128::MAX.checked_shr(length).unwrap_or(0);
                let (high, low) = (high & !(hosts >> 64) as u64, low & !hosts as u64);
                let network = [high, low, length.into(), 0];
                self.add(Kind::Network6, self.networks6.binary_search(&network).ok());
            }
        }
    }

    fn add_hash(&mut self, hash: &Hash) {
        self.add(Kind::Hash, self.keys.rare.place_of_hash(hash));
    }
}

impl Listener for KeysMet<'_> {
    fn wants(&self) -> Wants {
        let rare = &self.keys.rare;
        Wants {
            names: !self.keys.names.is_empty || rare.any_unicode_name,
            wire: !self.keys.names.is_empty,
            addresses: !self.keys.addresses.is_empty(),
            addresses6: rare.has_addresses(),
            hashes: rare.has_hashes(),
        }
    }

    fn hear(&mut self, text: &[u8], said: &Said) {
        for &(start, end) in &said.runs {
            let run = &text[start..end];
            let numbers = &mut self.found.numbers;
            self.keys.names.each_in(run, |number| {
                numbers.push((Kind::Name as u64) << 32 | u64::from(number));
            });
            let is_met = self.keys.rare.any_unicode_name && !run.is_ascii();
            self.add(Kind::UnicodeName, is_met.then_some(0));
        }
        for &address in &said.addresses {
            self.add_address(address);
        }
        for &address in &said.addresses6 {
            self.add_address6(address);
        }
        for hash in &said.hashes {
            self.add_hash(hash);
        }
    }

    fn end_line(&mut self, line: &[u8]) {
        let numbers = &mut self.found.numbers;
        self.prints.each_in(line, |number| {
            numbers.push((Kind::Print as u64) << 32 | u64::from(number));
        });
        numbers[self.begin..].sort_unstable();
        let mut kept = self.begin;
        for place in self.begin..numbers.len() {
            if kept == self.begin || numbers[kept - 1] != numbers[place] {
                numbers[kept] = numbers[place];
                kept += 1;
            }
        }
        numbers.truncate(kept);
        self.begin = kept;
        self.found.ends.push(kept);
    }
}

/// Return the numbers of the set bits, rising.
fn bits(mut mask: u64) -> impl Iterator<Item = u32> {
    iter::from_fn(move || {
        let bit = (mask != 0).then(|| mask.trailing_zeros());
        mask &= mask.wrapping_sub(1);
        bit
    })
}
