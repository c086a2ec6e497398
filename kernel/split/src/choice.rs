//! Which lines of a split are parsed; see `LineChoice` in contract.py.

use memchr::{memchr, memrchr};
use quetsach_sieve::Scan;

/// What is chosen beside the lines with a key, the marker or the header.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice {
    /// How many first lines of the text are chosen.
    pub head_lines: usize,
    /// The line that holds a byte at a multiple of this is chosen; none where it is 0.
    pub sample_bytes: u64,
}

/// A chosen line: where it stands in the text that it was chosen from, without its newline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last.
    pub end: usize,
    /// Whether the sieve let it through.
    pub is_candidate: bool,
    /// Whether it is one of the first lines.
    pub is_head: bool,
}

impl Choice {
    /// Return the lines of `text`, which begins at `offset` in the evidence, to parse, in order.
    ///
    /// With `is_every` that is each line that is not empty.
    pub fn of(&mut self, text: &[u8], offset: u64, scan: &Scan, is_every: bool) -> Vec<Chosen> {
        let line = |start: usize, end: usize| Chosen {
            start,
            end,
            is_candidate: false,
            is_head: false,
        };
        let mut chosen = Vec::with_capacity(scan.candidates.len() + 1);
        chosen.extend(scan.candidates.iter().map(|&(start, end)| Chosen {
            is_candidate: true,
            ..line(start, end)
        }));
        chosen.extend(scan.marked.iter().map(|&(start, end)| line(start, end)));
        if is_every {
            let filled = lines(text).filter(|&(start, end)| start < end);
            chosen.extend(filled.map(|(start, end)| line(start, end)));
        }
        let before = chosen.len();
        chosen.extend(
            lines(text)
                .take(self.head_lines)
                .map(|(start, end)| Chosen {
                    is_head: true,
                    ..line(start, end)
                }),
        );
        self.head_lines -= chosen.len() - before;
        if self.sample_bytes > 0 {
            let first = offset.next_multiple_of(self.sample_bytes) - offset;
            let mut place = first;
            while place < text.len() as u64 {
                let (start, end) = line_around(text, place as usize);
                chosen.push(line(start, end));
                place += self.sample_bytes;
            }
        }
        // What broke off must not pass as a quiet line.
        if text.last().is_some_and(|&byte| byte != b'\n') {
            let (start, end) = line_around(text, text.len() - 1);
            chosen.push(line(start, end));
        }
        if chosen.len() > scan.candidates.len() {
            put_together(&mut chosen);
        }
        chosen
    }
}

/// Put the lines in order, each once.
fn put_together(chosen: &mut Vec<Chosen>) {
    chosen.sort_by_key(|line| line.start);
    chosen.dedup_by(|later, line| {
        let is_same = later.start == line.start;
        if is_same {
            line.is_candidate |= later.is_candidate;
            line.is_head |= later.is_head;
        }
        is_same
    });
}

fn lines(text: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let end = start + memchr(b'\n', rest).unwrap_or(rest.len());
        let line = (start, end);
        start = end + 1;
        Some(line)
    })
}

/// Return the line that holds the byte at `place`, be it its newline.
fn line_around(text: &[u8], place: usize) -> (usize, usize) {
    let start = memrchr(b'\n', &text[..place]).map_or(0, |newline| newline + 1);
    let end = memchr(b'\n', &text[place..]).map_or(text.len(), |newline| place + newline);
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::{Choice, Chosen};
    use quetsach_sieve::Scan;

    const TEXT: &[u8] = b"one\ntwo\n\nfour\n";

    fn starts(chosen: &[Chosen]) -> Vec<usize> {
        chosen.iter().map(|line| line.start).collect()
    }

    #[test]
    fn a_candidate_stays_one_when_it_is_chosen_for_another_reason_too() {
        let mut choice = Choice {
            head_lines: 3,
            sample_bytes: 0,
        };
        let scan = Scan {
            candidates: vec![(4, 7)],
            ..Scan::default()
        };
        let chosen = choice.of(TEXT, 0, &scan, false);
        assert_eq!(starts(&chosen), [0, 4, 8]);
        assert!(chosen[1].is_candidate && chosen[1].is_head && !chosen[2].is_candidate);
        assert_eq!(choice.head_lines, 0);
        assert_eq!(starts(&choice.of(TEXT, 0, &scan, true)), [0, 4, 9]);
    }

    #[test]
    fn samples_lie_at_multiples_and_a_cut_line_is_chosen() {
        let mut choice = Choice {
            head_lines: 0,
            sample_bytes: 8,
        };
        assert_eq!(starts(&choice.of(TEXT, 0, &Scan::default(), false)), [0, 8]);
        assert_eq!(starts(&choice.of(TEXT, 1, &Scan::default(), false)), [4]);
        choice.sample_bytes = 0;
        assert_eq!(
            starts(&choice.of(&TEXT[..12], 0, &Scan::default(), false)),
            [9]
        );
    }
}
