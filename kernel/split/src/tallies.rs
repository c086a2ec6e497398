//! The tally per hour over a whole split, added up from those of its blocks.

use std::collections::BTreeMap;

use memchr::memchr;
use quetsach_sieve::Tally;

/// The lines of one hour in a split; see `SplitHour` in contract.py.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SplitTally {
    /// Count of lines.
    pub lines: u64,
    /// The first line and where it begins in the evidence.
    pub first: (u64, Vec<u8>),
    /// The last line and where it begins in the evidence.
    pub last: (u64, Vec<u8>),
    /// The inside addresses that stood first in a line, sorted.
    pub alive: Vec<u32>,
    /// More of them, in no order.
    more: Vec<u32>,
}

/// More than this is handed over before the split is over.
const MOST_KEYS: usize = 4096;
const MOST_ALIVE: usize = 4 << 20;
const MOST_BYTES: usize = 32 << 20;

/// A few addresses are put in order only when they are a sixteenth of those that are.
const FEW: usize = 16;

/// The tallies of a split so far.
#[derive(Debug, Default)]
pub struct SplitTallies {
    by_key: BTreeMap<Vec<u8>, SplitTally>,
    alive: usize,
    bytes: usize,
}

impl SplitTallies {
    /// Add what the sieve counted in `text`, which begins at `offset` in the evidence.
    pub fn add(&mut self, tallies: Vec<Tally>, text: &[u8], offset: u64) {
        for tally in tallies {
            let last = line_at(text, tally.last);
            let Some(known) = self.by_key.get_mut(&tally.key) else {
                let first = line_at(text, tally.first);
                self.bytes += tally.key.len() + first.len() + last.len();
                self.alive += tally.alive.len();
                let made = SplitTally {
                    lines: tally.lines as u64,
                    first: (offset + tally.first as u64, first.to_vec()),
                    last: (offset + tally.last as u64, last.to_vec()),
                    alive: tally.alive,
                    more: Vec::new(),
                };
                self.by_key.insert(tally.key, made);
                continue;
            };
            known.lines += tally.lines as u64;
            known.last.0 = offset + tally.last as u64;
            self.bytes = self.bytes + last.len() - known.last.1.len();
            known.last.1.clear();
            known.last.1.extend_from_slice(last);
            let before = known.alive.len() + known.more.len();
            known.add_alive(tally.alive);
            self.alive = self.alive + known.alive.len() + known.more.len() - before;
        }
    }

    /// Whether they take so much memory that they are to be handed over.
    pub fn is_full(&self) -> bool {
        self.by_key.len() > MOST_KEYS || self.alive > MOST_ALIVE || self.bytes > MOST_BYTES
    }

    /// Return the tallies with their keys, sorted by key, and begin anew.
    pub fn take(&mut self) -> Vec<(Vec<u8>, SplitTally)> {
        let taken = std::mem::take(self);
        let mut tallies: Vec<_> = taken.by_key.into_iter().collect();
        for (_, tally) in &mut tallies {
            tally.put_in_order();
        }
        tallies
    }
}

impl SplitTally {
    /// Add sorted addresses.
    fn add_alive(&mut self, alive: Vec<u32>) {
        self.more.extend_from_slice(&alive);
        if self.more.len() * FEW >= self.alive.len() {
            if self.more.len() == alive.len() {
                self.more.clear();
                self.alive = merged(&self.alive, &alive);
            } else {
                self.put_in_order();
            }
        }
    }

    fn put_in_order(&mut self) {
        if !self.more.is_empty() {
            self.more.sort_unstable();
            self.more.dedup();
            self.alive = merged(&self.alive, &self.more);
            self.more.clear();
        }
    }
}

/// Return what stands in either of two sorted lists.
fn merged(one: &[u32], other: &[u32]) -> Vec<u32> {
    let mut both = Vec::with_capacity(one.len() + other.len());
    let (mut i, mut j) = (0, 0);
    while i < one.len() && j < other.len() {
        let (a, b) = (one[i], other[j]);
        both.push(a.min(b));
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
    both.extend_from_slice(&one[i..]);
    both.extend_from_slice(&other[j..]);
    both
}

/// Return the line of `text` that begins at `start`, without its newline.
pub fn line_at(text: &[u8], start: usize) -> &[u8] {
    let rest = &text[start..];
    &rest[..memchr(b'\n', rest).unwrap_or(rest.len())]
}

#[cfg(test)]
mod tests {
    use super::{SplitTallies, SplitTally};
    use quetsach_sieve::Tally;

    #[test]
    fn blocks_add_up_to_a_split() {
        let mut tallies = SplitTallies::default();
        let tally = |first, last, alive: &[u32]| Tally {
            key: b"7".to_vec(),
            lines: 2,
            first,
            last,
            alive: alive.to_vec(),
        };
        tallies.add(vec![tally(0, 2, &[5, 9])], b"a\nbc\n", 10);
        tallies.add(vec![tally(0, 3, &[1, 5])], b"de\nf", 15);
        let taken = tallies.take();
        let expected = SplitTally {
            lines: 4,
            first: (10, b"a".to_vec()),
            last: (18, b"f".to_vec()),
            alive: vec![1, 5, 9],
            more: Vec::new(),
        };
        assert_eq!(taken, [(b"7".to_vec(), expected)]);
        assert!(tallies.take().is_empty());
    }

    #[test]
    fn addresses_that_come_few_by_few_are_sorted_in_the_end() {
        let mut tally = SplitTally {
            alive: (0..1000).map(|number| number * 2).collect(),
            ..SplitTally::default()
        };
        for number in (0..30).rev() {
            tally.add_alive(vec![number, 3000 + number]);
        }
        tally.put_in_order();
        let mut expected: Vec<u32> = (0..1000).map(|number| number * 2).collect();
        expected.extend((0..30).filter(|number| number % 2 == 1));
        expected.extend(3000..3030);
        expected.sort_unstable();
        assert_eq!(tally.alive, expected);
    }
}
