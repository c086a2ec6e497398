//! What the sieve looks for, and how it is compiled to an image.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use crate::addresses::{self, AddressSet};
use crate::image::{Facts, Image, SECTIONS, Section};
use crate::names::{self, NameSet};
use crate::rare::{self, RareKeys};

/// What the sieve looks for; names are canonical, networks are (first address, prefix length).
///
/// Names, hashes and prints stand one a line, in any order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys<'a> {
    /// Host names in lower case, each met by itself and by all names below it.
    pub names: &'a [u8],
    /// IPv4 addresses.
    pub addresses: &'a [u32],
    /// IPv4 networks.
    pub networks: &'a [(u32, u8)],
    /// Whether every dotted token with a byte of 0x80 or above makes its line a candidate.
    pub any_unicode_name: bool,
    /// IPv6 addresses.
    pub addresses6: &'a [u128],
    /// IPv6 networks.
    pub networks6: &'a [(u128, u8)],
    /// File hashes as 32, 40 or 64 hex digits in lower case.
    pub hashes: &'a [u8],
    /// Fingerprints of TLS: carried for who reads the image, never looked for here.
    pub prints: &'a [u8],
}

/// Bits of `Facts::flags`.
pub const ANY_UNICODE_NAME: u64 = 1;
pub const HAS_NAMES: u64 = 2;
pub const HAS_SINGLE_LABEL: u64 = 4;
pub const HAS_NUMERIC_TAIL: u64 = 8;

/// The keys as the walk asks them, all within one image.
#[derive(Clone, Copy, Debug)]
pub struct Compiled<'a> {
    pub names: NameSet<'a>,
    pub addresses: AddressSet<'a>,
    pub rare: RareKeys<'a>,
}

impl<'a> Compiled<'a> {
    pub fn new(image: &'a Image) -> Self {
        Self {
            names: NameSet::new(image),
            addresses: AddressSet::new(image),
            rare: RareKeys::new(image),
        }
    }
}

/// Compile `keys`.
pub fn compile(keys: &Keys) -> Image {
    let listed = names::listed(keys.names);
    let valid = listed.iter().filter(|name| names::is_valid(name)).count();
    let addresses = sorted(keys.addresses.to_vec());
    let ranges = addresses::joined(keys.networks);
    let networks = sorted(keys.networks.iter().map(addresses::first_of).collect());
    let rare = rare::Lists::new(keys);
    let mut lengths = [0; SECTIONS];
    let mut wants = |section: Section, length: usize| lengths[section as usize] = length;
    wants(Section::NameFilter, names::filter_words(valid) * 8);
    let text: usize = listed.iter().map(|name| name.len()).sum();
    wants(Section::NameText, text);
    wants(Section::NameEnds, (listed.len() + 1) * 4);
    wants(Section::NameSlots, names::slots(valid) * 8);
    wants(
        Section::AddressFilter,
        names::filter_words(addresses.len()) * 8,
    );
    wants(Section::Addresses, addresses.len() * 4);
    wants(Section::Coarse, addresses::COARSE_WORDS * 8);
    wants(Section::Ranges, ranges.len() * 8);
    wants(Section::Networks, networks.len() * 8);
    wants(Section::Addresses6, rare.addresses.len() * 16);
    wants(Section::Ranges6, rare.ranges.len() * 32);
    wants(Section::Networks6, rare.networks.len() * 32);
    wants(Section::Hashes, rare.hashes.len() * size_of::<rare::Hash>());
    wants(Section::Prints, keys.prints.len());
    let facts = Facts {
        seed: RandomState::new().build_hasher().finish(),
        longest: 0,
        flags: if keys.any_unicode_name {
            ANY_UNICODE_NAME
        } else {
            0
        },
    };
    let mut image = Image::new(lengths, facts);
    names::build(&mut image, &listed);
    addresses::build(&mut image, &addresses, &ranges);
    image
        .section_mut(Section::Networks)
        .copy_from_slice(&networks);
    image
        .section_mut(Section::Addresses6)
        .copy_from_slice(&rare.addresses);
    image
        .section_mut(Section::Ranges6)
        .copy_from_slice(&rare.ranges);
    image
        .section_mut(Section::Networks6)
        .copy_from_slice(&rare.networks);
    image
        .section_mut(Section::Hashes)
        .copy_from_slice(&rare.hashes);
    image
        .section_mut(Section::Prints)
        .copy_from_slice(keys.prints);
    image
}

/// Return `items` sorted, each once.
pub fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}
