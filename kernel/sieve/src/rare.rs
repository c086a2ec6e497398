//! IPv6 addresses, file hashes and names outside ASCII: looked for only if there is such a key.

use std::net::Ipv6Addr;

use memchr::memmem;

use crate::bytes::{Masks, is_letter, is_run};
use crate::finder::shift;
use crate::image::{Image, Section};
use crate::keys::{ANY_UNICODE_NAME, Keys, sorted};
use crate::said::{Said, Wants};

/// The lengths of MD5, SHA-1 and SHA-256 in hex digits.
const HASH_LENGTHS: [usize; 3] = [32, 40, 64];
const LONGEST_HASH: usize = 64;
/// The longest text of an IPv6 address, with an IPv4 address at its end.
const LONGEST_ADDRESS: usize = 45;

/// A hash as it stands in an image: its bytes, zeros up to 32, their count, three zeros.
pub type Hash = [u8; 36];
/// Both halves of a number of 128 bits, the upper one first, so that they sort as it does.
pub type Halves = [u64; 2];

/// The keys that few lists hold, as their sections hold them: sorted, each once.
pub struct Lists {
    pub addresses: Vec<Halves>,
    /// First and last address of networks joined where they overlap.
    pub ranges: Vec<[u64; 4]>,
    /// First address, prefix length, and a zero.
    pub networks: Vec<[u64; 4]>,
    pub hashes: Vec<Hash>,
}

impl Lists {
    pub fn new(keys: &Keys) -> Self {
        let mut ranges: Vec<(u128, u128)> = Vec::new();
        for (first, last) in sorted(keys.networks6.iter().map(range).collect()) {
            match ranges.last_mut() {
                Some(before) if first <= before.1 => before.1 = before.1.max(last),
                _ => ranges.push((first, last)),
            }
        }
        let network = |network: &(u128, u8)| {
            let [high, low] = halves(range(network).0);
            [high, low, network.1.into(), 0]
        };
        let range_of = |&(first, last): &(u128, u128)| {
            let (first, last) = (halves(first), halves(last));
            [first[0], first[1], last[0], last[1]]
        };
        let hashes = keys.hashes.split(|&byte| byte == b'\n');
        // An upper-case one is never met.
        let hashes = hashes.filter(|hash| !hash.iter().any(u8::is_ascii_uppercase));
        Self {
            addresses: sorted(
                keys.addresses6
                    .iter()
                    .map(|&address| halves(address))
                    .collect(),
            ),
            ranges: ranges.iter().map(range_of).collect(),
            networks: sorted(keys.networks6.iter().map(network).collect()),
            hashes: sorted(hashes.filter_map(hash_of).collect()),
        }
    }
}

fn halves(number: u128) -> Halves {
    [(number >> 64) as u64, number as u64]
}

/// Return the hash that `digits` write, None where they are of another count or no hex.
fn hash_of(digits: &[u8]) -> Option<Hash> {
    if !HASH_LENGTHS.contains(&digits.len()) {
        return None;
    }
    let mut hash = [0; 36];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        *byte = (digit(pair[0])? << 4 | digit(pair[1])?) as u8;
    }
    hash[LONGEST_HASH / 2] = (digits.len() / 2) as u8;
    Some(hash)
}

/// The keys that few lists hold, compiled.
#[derive(Clone, Copy, Debug)]
pub struct RareKeys<'a> {
    addresses: &'a [Halves],
    ranges: &'a [[u64; 4]],
    hashes: &'a [Hash],
    pub any_unicode_name: bool,
    pub is_empty: bool,
}

/// Up to where the runs of each kind have been read, so that each is read once.
#[derive(Default)]
pub struct ReadTo {
    address: usize,
    hash: usize,
    name: usize,
}

impl<'a> RareKeys<'a> {
    pub fn new(image: &'a Image) -> Self {
        let addresses: &[Halves] = image.section(Section::Addresses6);
        let ranges: &[[u64; 4]] = image.section(Section::Ranges6);
        let hashes: &[Hash] = image.section(Section::Hashes);
        let any_unicode_name = image.facts().flags & ANY_UNICODE_NAME != 0;
        Self {
            is_empty: addresses.is_empty()
                && ranges.is_empty()
                && hashes.is_empty()
                && !any_unicode_name,
            addresses,
            ranges,
            hashes,
            any_unicode_name,
        }
    }

    pub fn has_addresses(&self) -> bool {
        !self.addresses.is_empty() || !self.ranges.is_empty()
    }

    pub fn has_hashes(&self) -> bool {
        !self.hashes.is_empty()
    }

    /// Whether more than the steps with a colon are to be looked at.
    pub fn looks_at_all(&self, wants: Wants) -> bool {
        self.any_unicode_name || wants.hashes || self.has_hashes()
    }

    /// Return a bit in each run of this step that is met, and list what is said; `before` are the
    /// masks of the last one.
    pub fn places(
        &self,
        block: &[u8],
        base: usize,
        masks: [&Masks; 2],
        read: &mut ReadTo,
        said: &mut Said,
    ) -> u64 {
        let [before, now] = masks;
        let mut met = 0;
        if said.wants.addresses6 || self.has_addresses() {
            let pairs = colon_pairs(before, now);
            met |= each_run(base, pairs, &mut read.address, |place| {
                let (start, end) = run_around(block, place, is_address_byte);
                let found = addresses_in(block, start, end);
                if said.wants.addresses6 {
                    said.addresses6.extend(found.iter().flatten());
                }
                let is_met = found.iter().flatten().any(|&address| self.has(address));
                (is_met, end)
            });
        }
        if said.wants.hashes || self.has_hashes() {
            met |= each_run(base, long_runs(before, now), &mut read.hash, |place| {
                let (hash, end) = hash_at(block, place);
                if said.wants.hashes {
                    said.hashes.extend(hash);
                }
                (
                    hash.is_some_and(|hash| self.place_of_hash(&hash).is_some()),
                    end,
                )
            });
        }
        if self.any_unicode_name {
            met |= each_run(base, now.high, &mut read.name, |place| {
                let (start, end) = run_around(block, place, |byte| is_run(*byte));
                (is_dotted(&block[start..end]), end)
            });
        }
        met
    }

    /// Return the place of `hash` among the sorted hashes.
    pub fn place_of_hash(&self, hash: &Hash) -> Option<usize> {
        self.hashes.binary_search(hash).ok()
    }

    /// Return the place of `address` among the sorted addresses.
    pub fn place_of_address(&self, address: Halves) -> Option<usize> {
        self.addresses.binary_search(&address).ok()
    }

    /// Whether a listed address or network holds `address`.
    fn has(&self, address: Halves) -> bool {
        let first_of = |range: &[u64; 4]| [range[0], range[1]];
        let after = self
            .ranges
            .partition_point(|range| first_of(range) <= address);
        let is_within = after > 0 && {
            let [_, _, high, low] = self.ranges[after - 1];
            address <= [high, low]
        };
        is_within || self.place_of_address(address).is_some()
    }
}

/// Return the hash that the run around `place` writes, and where it ends.
fn hash_at(block: &[u8], place: usize) -> (Option<Hash>, usize) {
    // One byte more than a hash, as `place` may be the one behind its run.
    let start = place.saturating_sub(LONGEST_HASH + 1);
    let window = &block[start..block.len().min(place + LONGEST_HASH + 1)];
    let (first, end) = run_around(window, place - start, u8::is_ascii_alphanumeric);
    (hash_of(&window[first..end]), start + end)
}

/// Return the addresses that a run of hex digits, colons and dots may write: with its last group,
/// and without it, as that may be a port.
fn addresses_in(block: &[u8], start: usize, end: usize) -> [Option<Halves>; 2] {
    // A time of day has two colons as well; an address has a gap, or six colons and more.
    let colons = block[start..end].iter().filter(|&&byte| byte == b':');
    if colons.count() < 6 && memmem::find(&block[start..end], b"::").is_none() {
        return [None; 2];
    }
    let is_letter_at = |place: Option<usize>| {
        place
            .and_then(|place| block.get(place))
            .is_some_and(|&byte| is_letter(byte))
    };
    let mut run = &block[start..end];
    if is_letter_at(start.checked_sub(1)) {
        let colon = run.iter().position(|&byte| byte == b':');
        run = &run[colon.unwrap_or(0)..];
    }
    if is_letter_at(Some(end)) {
        let colon = run.iter().rposition(|&byte| byte == b':');
        run = &run[..colon.map_or(0, |colon| colon + 1)];
    }
    let text = trimmed(run);
    let last = text.iter().rposition(|&byte| byte == b':' || byte == b'.');
    [
        address_of(text),
        last.and_then(|last| address_of(&text[..last])),
    ]
}

/// Return the address that `text` writes; None also for one that maps an IPv4.
fn address_of(text: &[u8]) -> Option<Halves> {
    if text.len() > LONGEST_ADDRESS {
        return None;
    }
    let address: Ipv6Addr = std::str::from_utf8(text).ok()?.parse().ok()?;
    address
        .to_ipv4_mapped()
        .is_none()
        .then(|| halves(address.into()))
}

/// Return the bits of `places` whose run `look` says is met; a run read already is passed by.
fn each_run(
    base: usize,
    mut places: u64,
    read: &mut usize,
    mut look: impl FnMut(usize) -> (bool, usize),
) -> u64 {
    let mut met = 0;
    while places != 0 {
        let bit = places & places.wrapping_neg();
        places ^= bit;
        let place = base + bit.trailing_zeros() as usize;
        if place >= *read {
            let (is_met, end) = look(place);
            *read = end;
            met |= if is_met { bit } else { 0 };
        }
    }
    met
}

/// Return the colons with a colon before them and at most four label bytes between.
///
/// Every IPv6 address has such a pair.
fn colon_pairs(before: &Masks, now: &Masks) -> u64 {
    let mut between = u64::MAX;
    let mut pairs = 0;
    for steps in 1..=5 {
        pairs |= now.colon & between & shift(now.colon, before.colon, steps);
        between &= shift(now.label, before.label, steps);
    }
    pairs
}

/// Return the bytes that end 32 label bytes or more.
fn long_runs(before: &Masks, now: &Masks) -> u64 {
    let mut runs = u128::from(now.label) << 64 | u128::from(before.label);
    for steps in [1, 2, 4, 8, 16] {
        runs &= runs << steps;
    }
    (runs >> 64) as u64
}

fn range(&(first, length): &(u128, u8)) -> (u128, u128) {
    let hosts = u128::MAX.checked_shr(length.into()).unwrap_or(0);
    (first & !hosts, first | hosts)
}

/// Return the longest run around `place` whose bytes all belong.
fn run_around(block: &[u8], place: usize, belongs: impl Fn(&u8) -> bool) -> (usize, usize) {
    let is_other = |byte: &u8| !belongs(byte);
    let start = block[..place]
        .iter()
        .rposition(is_other)
        .map_or(0, |other| other + 1);
    let end = block[place..]
        .iter()
        .position(is_other)
        .map_or(block.len(), |end| place + end);
    (start, end)
}

/// Return `run` without what a sentence puts around an address: a colon on either side, dots.
fn trimmed(run: &[u8]) -> &[u8] {
    let mut text = run;
    while let [rest @ .., b'.'] = text {
        text = rest;
    }
    if text.ends_with(b":") && (text.ends_with(b":::") || !text.ends_with(b"::")) {
        text = &text[..text.len() - 1];
    }
    if text.starts_with(b":") && (text.starts_with(b":::") || !text.starts_with(b"::")) {
        text = &text[1..];
    }
    text
}

fn is_hex(byte: &u8) -> bool {
    byte.is_ascii_hexdigit()
}

fn is_address_byte(byte: &u8) -> bool {
    is_hex(byte) || matches!(byte, b':' | b'.')
}

/// Whether a dot stands between other bytes of `run`.
fn is_dotted(run: &[u8]) -> bool {
    let is_other = |byte: &u8| *byte != b'.';
    match (
        run.iter().position(is_other),
        run.iter().rposition(is_other),
    ) {
        (Some(first), Some(last)) => run[first..=last].contains(&b'.'),
        _ => false,
    }
}
