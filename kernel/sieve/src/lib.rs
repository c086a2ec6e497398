//! The sieve: from a block of raw lines to the few that may hold an indicator.
//!
//! What counts as a token, a candidate and an hour is laid down in
//! `src/quetsach/sieve/contract.py`; the plain sieve in `twin.py` is the judge of this one.

mod addresses;
mod bytes;
mod hours;
mod names;
mod simd;
mod walk;

use addresses::{AddressSet, Ranges};
use memchr::{memchr, memmem, memrchr};
use names::NameSet;

pub use hours::{Clock, Tally};
pub use simd::Path;

/// What the sieve looks for; names are canonical, networks are (first address, prefix length).
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// Host names in lower case, each met by itself and by all names below it.
    pub names: Vec<Vec<u8>>,
    /// IPv4 addresses.
    pub addresses: Vec<u32>,
    /// IPv4 networks.
    pub networks: Vec<(u32, u8)>,
    /// The organisation's own networks, whose addresses are tallied as alive.
    pub inside: Vec<(u32, u8)>,
    /// Whether every dotted token with a byte of 0x80 or above makes its line a candidate.
    pub any_unicode_name: bool,
}

/// What was found in one block; offsets count from its start, line ends leave out the newline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Count of lines.
    pub lines: usize,
    /// Start and end of each candidate line.
    pub candidates: Vec<(usize, usize)>,
    /// Start and end of each line with the marker.
    pub marked: Vec<(usize, usize)>,
    /// The lines of each hour, sorted by key.
    pub hours: Vec<Tally>,
}

/// The keys, compiled; any number of threads may scan with it at once.
#[derive(Debug)]
pub struct Sieve {
    names: NameSet,
    addresses: AddressSet,
    inside: Ranges,
    any_unicode_name: bool,
    path: Path,
}

impl Sieve {
    /// Compile `keys` for the fastest path that this processor has.
    #[must_use]
    pub fn new(keys: &Keys) -> Self {
        Self::with_path(keys, Path::fastest())
    }

    /// Compile `keys` for the given path; tests compare the paths.
    #[must_use]
    pub fn with_path(keys: &Keys, path: Path) -> Self {
        Self {
            names: NameSet::new(&keys.names),
            addresses: AddressSet::new(&keys.addresses, &keys.networks),
            inside: Ranges::new(&keys.inside),
            any_unicode_name: keys.any_unicode_name,
            path,
        }
    }

    /// Return the tally of `block`, which ends at a line's end or at the end of the evidence.
    #[must_use]
    pub fn scan(&self, block: &[u8], clock: Option<&Clock>, marker: Option<&[u8]>) -> Scan {
        let mut scan = simd::walk(self, block, clock);
        scan.marked = marker.map_or_else(Vec::new, |marker| marked(block, marker));
        scan
    }
}

/// Return the lines of `block` that contain `marker`.
fn marked(block: &[u8], marker: &[u8]) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    if marker.is_empty() || marker.contains(&b'\n') {
        return lines;
    }
    let finder = memmem::Finder::new(marker);
    let mut from = 0;
    while let Some(found) = finder.find(&block[from..]) {
        let at = from + found;
        let start = memrchr(b'\n', &block[..at]).map_or(0, |newline| newline + 1);
        let end = memchr(b'\n', &block[at..]).map_or(block.len(), |newline| at + newline);
        lines.push((start, end));
        from = end;
    }
    lines
}
