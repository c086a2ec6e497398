//! The IPv4 addresses and networks looked for, and how an address is read from a line.

use crate::bytes::{is_letter, is_number};
use crate::names::Filter;

/// One bit for each /16.
type Coarse = [u64; 1024];

fn coarse_has(coarse: &Coarse, address: u32) -> bool {
    coarse[(address >> 22) as usize] >> ((address >> 16) & 63) & 1 != 0
}

/// Networks as ranges that neither touch nor overlap.
#[derive(Debug)]
pub struct Ranges {
    coarse: Box<Coarse>,
    ranges: Vec<(u32, u32)>,
}

impl Ranges {
    pub fn new(networks: &[(u32, u8)]) -> Self {
        let mut sorted: Vec<(u32, u32)> = networks.iter().map(range).collect();
        sorted.sort_unstable();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for (first, last) in sorted {
            match ranges.last_mut() {
                Some(before) if first <= before.1 => before.1 = before.1.max(last),
                _ => ranges.push((first, last)),
            }
        }
        let mut coarse = Box::new([0; 1024]);
        for &(first, last) in &ranges {
            for place in first >> 16..=last >> 16 {
                coarse[(place >> 6) as usize] |= 1 << (place & 63);
            }
        }
        Self { coarse, ranges }
    }

    #[inline(always)]
    pub fn has(&self, address: u32) -> bool {
        coarse_has(&self.coarse, address) && self.compare(address)
    }

    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    fn compare(&self, address: u32) -> bool {
        let after = self.ranges.partition_point(|range| range.0 <= address);
        after > 0 && address <= self.ranges[after - 1].1
    }
}

fn range(&(first, length): &(u32, u8)) -> (u32, u32) {
    let hosts = u32::MAX.checked_shr(length.into()).unwrap_or(0);
    (first & !hosts, first | hosts)
}

/// Addresses and networks in one set.
#[derive(Debug)]
pub struct AddressSet {
    coarse: Box<Coarse>,
    filter: Filter,
    addresses: Vec<u32>,
    networks: Ranges,
}

impl AddressSet {
    pub fn new(addresses: &[u32], networks: &[(u32, u8)]) -> Self {
        let networks = Ranges::new(networks);
        let mut coarse = networks.coarse.clone();
        let mut filter = Filter::new(addresses.len());
        let mut addresses = addresses.to_vec();
        addresses.sort_unstable();
        for &address in &addresses {
            coarse[(address >> 22) as usize] |= 1 << ((address >> 16) & 63);
            filter.add(hash(address));
        }
        Self {
            coarse,
            filter,
            addresses,
            networks,
        }
    }

    #[inline(always)]
    pub fn has(&self, address: u32) -> bool {
        coarse_has(&self.coarse, address) && self.compare(address)
    }

    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.networks.is_empty()
    }

    fn compare(&self, address: u32) -> bool {
        self.networks.has(address)
            || self.filter.has(hash(address)) && self.addresses.binary_search(&address).is_ok()
    }
}

#[inline(always)]
fn hash(address: u32) -> u64 {
    let hash = u64::from(address).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 32)
}

/// What a run of digits and dots turned out to be.
pub enum Reading {
    /// An address, or none; other places in the same run have yet to be looked at.
    Quick(Option<u32>),
    /// An address, or none, of the whole run, which ends here.
    Whole(Option<u32>, usize),
}

/// Read the run of digits and dots whose fourth number, after three dots, may start at `fourth`.
///
/// `digits` and `dots` tell of the 64 bytes before `fourth`; the last is bit 63.
#[inline(always)]
pub fn read(block: &[u8], fourth: usize, digits: u64, dots: u64) -> Reading {
    let length = (digits | dots).leading_ones();
    let run_dots = dots & !u64::MAX.unbounded_shr(length);
    let tail = &block[fourth..];
    if length > 15 || run_dots.count_ones() != 3 || tail.len() < 4 {
        return read_whole(block, fourth);
    }
    let start = fourth - length as usize;
    if run_dots.trailing_zeros() + length > 64 + 3 {
        return Reading::Quick(None);
    }
    let mut last = u32::from(tail[0] - b'0');
    let mut after = 1;
    while after < 4 && tail[after].is_ascii_digit() {
        last = last * 10 + u32::from(tail[after] - b'0');
        after += 1;
    }
    if after == 4 || tail[after] == b'.' {
        return read_whole(block, fourth);
    }
    if is_letter(tail[after]) || start > 0 && is_letter(block[start - 1]) {
        return Reading::Quick(None);
    }
    let mut number = 0;
    let mut address = 0;
    let mut too_big = last;
    for &byte in &block[start..fourth] {
        if byte == b'.' {
            too_big |= number;
            address = address << 8 | number;
            number = 0;
        } else {
            number = number * 10 + u32::from(byte - b'0');
        }
    }
    // A number of up to 999 has a bit above the eighth if, and only if, it is past 255.
    Reading::Quick((too_big < 256).then_some(address << 8 | last))
}

/// Read the run of digits and dots around `place`, however long it is.
#[inline(never)]
fn read_whole(block: &[u8], place: usize) -> Reading {
    let is_other = |byte: &u8| !is_number(*byte);
    let start = block[..place]
        .iter()
        .rposition(is_other)
        .map_or(0, |other| other + 1);
    let end = block[place..]
        .iter()
        .position(is_other)
        .map_or(block.len(), |other| place + other);
    let is_spoilt = start > 0 && is_letter(block[start - 1])
        || block.get(end).is_some_and(|&byte| is_letter(byte));
    let address = if is_spoilt {
        None
    } else {
        ipv4(&block[start..end])
    };
    Reading::Whole(address, end)
}

/// Return the address that a run of digits and dots writes; five numbers are address and port.
fn ipv4(run: &[u8]) -> Option<u32> {
    let start = run.iter().position(|&byte| byte != b'.')?;
    let end = run.iter().rposition(|&byte| byte != b'.')?;
    let mut address = 0;
    let mut count = 0;
    for part in run[start..=end].split(|&byte| byte == b'.') {
        count += 1;
        if count > 5 {
            return None;
        }
        if count == 5 {
            continue;
        }
        if part.is_empty() || part.len() > 3 {
            return None;
        }
        let number = part
            .iter()
            .fold(0, |number, &digit| number * 10 + u32::from(digit - b'0'));
        if number > 255 {
            return None;
        }
        address = address << 8 | number;
    }
    (count >= 4).then_some(address)
}
