//! IPv6 addresses, file hashes and names outside ASCII: looked for only if there is such a key.

use std::collections::HashSet;
use std::net::Ipv6Addr;

use memchr::memmem;

use crate::Keys;
use crate::bytes::{Masks, is_letter, is_run};
use crate::walk::shift;

/// The lengths of MD5, SHA-1 and SHA-256 in hex digits.
const HASH_LENGTHS: [usize; 3] = [32, 40, 64];
const LONGEST_HASH: usize = 64;
/// The longest text of an IPv6 address, with an IPv4 address at its end.
const LONGEST_ADDRESS: usize = 45;

/// The keys that few lists hold, compiled.
#[derive(Debug)]
pub struct RareKeys {
    addresses: HashSet<u128>,
    /// First and last address of each network, sorted, not overlapping.
    networks: Vec<(u128, u128)>,
    hashes: HashSet<Vec<u8>>,
    any_unicode_name: bool,
    pub is_empty: bool,
}

/// Up to where the runs of each kind have been read, so that each is read once.
#[derive(Default)]
pub struct ReadTo {
    address: usize,
    hash: usize,
    name: usize,
}

impl RareKeys {
    pub fn new(keys: &Keys) -> Self {
        let mut sorted: Vec<(u128, u128)> = keys.networks6.iter().map(range).collect();
        sorted.sort_unstable();
        let mut networks: Vec<(u128, u128)> = Vec::new();
        for (first, last) in sorted {
            match networks.last_mut() {
                Some(before) if first <= before.1 => before.1 = before.1.max(last),
                _ => networks.push((first, last)),
            }
        }
        Self {
            is_empty: keys.addresses6.is_empty()
                && networks.is_empty()
                && keys.hashes.is_empty()
                && !keys.any_unicode_name,
            addresses: keys.addresses6.iter().copied().collect(),
            networks,
            hashes: keys.hashes.iter().cloned().collect(),
            any_unicode_name: keys.any_unicode_name,
        }
    }

    /// Return a bit in each run of this step that is met; `before` are the masks of the last one.
    pub fn places(&self, block: &[u8], base: usize, masks: [&Masks; 2], read: &mut ReadTo) -> u64 {
        let [before, now] = masks;
        let mut met = 0;
        if !self.addresses.is_empty() || !self.networks.is_empty() {
            let pairs = colon_pairs(before, now);
            met |= each_run(base, pairs, &mut read.address, |place| {
                let (start, end) = run_around(block, place, is_address_byte);
                (self.has_address(block, start, end), end)
            });
        }
        if !self.hashes.is_empty() {
            met |= each_run(base, long_runs(before, now), &mut read.hash, |place| {
                self.has_hash(block, place)
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

    fn has_hash(&self, block: &[u8], place: usize) -> (bool, usize) {
        // One byte more than a hash, as `place` may be the one behind its run.
        let start = place.saturating_sub(LONGEST_HASH + 1);
        let window = &block[start..block.len().min(place + LONGEST_HASH + 1)];
        let (first, end) = run_around(window, place - start, u8::is_ascii_alphanumeric);
        let run = &window[first..end];
        let is_met =
            HASH_LENGTHS.contains(&run.len()) && self.hashes.contains(&run.to_ascii_lowercase());
        (is_met, start + end)
    }

    fn has_address(&self, block: &[u8], start: usize, end: usize) -> bool {
        // A time of day has two colons as well; an address has a gap, or six colons and more.
        let colons = block[start..end].iter().filter(|&&byte| byte == b':');
        if colons.count() < 6 && memmem::find(&block[start..end], b"::").is_none() {
            return false;
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
        self.has_text(text) || last.is_some_and(|last| self.has_text(&text[..last]))
    }

    fn has_text(&self, text: &[u8]) -> bool {
        if text.len() > LONGEST_ADDRESS {
            return false;
        }
        let Some(address) = std::str::from_utf8(text)
            .ok()
            .and_then(|text| text.parse().ok())
        else {
            return false;
        };
        let address: Ipv6Addr = address;
        if address.to_ipv4_mapped().is_some() {
            return false;
        }
        let address = u128::from(address);
        let after = self
            .networks
            .partition_point(|network| network.0 <= address);
        self.addresses.contains(&address) || after > 0 && address <= self.networks[after - 1].1
    }
}

/// Return the bits of `places` whose run `look` says is met; a run read already is passed by.
fn each_run(
    base: usize,
    mut places: u64,
    read: &mut usize,
    look: impl Fn(usize) -> (bool, usize),
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
