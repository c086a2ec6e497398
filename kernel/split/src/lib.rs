//! One split of a log: its bytes in; its chosen lines, and at the end its tallies, out.
//!
//! What a split gives is laid down in `src/quetsach/sieve/contract.py` (`SplitReader`); the plain
//! reader in `sieve/plain_reader.py` is the judge of this one.

mod choice;
mod ends;
mod kept;
mod lines;
mod source;
mod spare;
mod tallies;

use std::io;
use std::path::Path;
use std::sync::Arc;

use memchr::memmem::Finder;
use quetsach_digest::{PIECE, TextDigest};
use quetsach_sieve::{Clock, LineKeys, PackedTokens, Sieve, Tally};

pub use choice::{Choice, Chosen};
pub use ends::LineEnds;
pub use kept::PartHour;
pub use lines::Bounds;
pub use tallies::SplitTally;

use ends::{OddEnds, newlines};
use kept::Kept;
use lines::{Cut, LineCutter};
use source::Source;
use tallies::{SplitTallies, line_at};

/// Behind its own bytes only the rest of the last line is wanted.
const REST_BYTES: usize = 64 << 10;

/// By which signs the lines are read from a place on.
#[derive(Debug, Default)]
pub struct Signs {
    /// Where a line carries its hour.
    pub clock: Option<Clock>,
    /// What begins the lines that may change this.
    pub header: Option<Finder<'static>>,
    /// What the lines to parse hold; an empty one means every line that is not empty.
    pub marker: Option<Vec<u8>>,
}

/// Why a part of a split is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// No more whole lines are there yet.
    BlockEnd,
    /// The next line begins with the header.
    Header(Vec<u8>),
    /// The line at this place was too long and is left out; how it begins.
    TooLong(u64, Vec<u8>),
}

/// What a part of a split gave; `chosen` lines stand in `text`, which begins at `offset`.
#[derive(Debug)]
pub struct Part<'a> {
    /// Count of lines, without one that was too long.
    pub lines: usize,
    /// The lines to parse.
    pub chosen: Vec<Chosen>,
    /// For each candidate among them the value of the piece of text that holds its last byte, up
    /// to there.
    pub values: Vec<[u8; 32]>,
    /// For each candidate the keys that it holds, where they are wanted.
    pub keys: LineKeys,
    /// Why it is over.
    pub stop: Stop,
    /// Whether the tallies are to be taken before the reader goes on.
    pub is_full: bool,
    /// Its lines.
    pub text: &'a [u8],
    /// Where it begins in the evidence.
    pub offset: u64,
}

/// The reader of one split.
#[derive(Debug)]
pub struct Reader {
    sieve: Arc<Sieve>,
    signs: Signs,
    choice: Choice,
    wants_keys: bool,
    tokens: Option<Kept>,
    ends: LineEnds,
    cutter: LineCutter,
    tallies: SplitTallies,
    source: Option<Source>,
    /// Bytes read for it and not cut off yet; the first `ready` have their true line ends.
    text: Vec<u8>,
    filled: usize,
    ready: usize,
    /// The next part, and whether the header at its beginning was asked about.
    cut: Option<Cut>,
    was_asked: bool,
    /// Whether the byte before the split is still to come, and how many bytes are its own.
    wants_before: bool,
    own_left: u64,
    /// Where its own bytes begin.
    offset: u64,
    /// Of the text from the beginning of its first piece up to `digested`.
    digest: TextDigest,
    digested: u64,
    figures: Figures,
    odd_ends: OddEnds,
}

/// What was counted of a split; right once it is read out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// Bytes of the split itself.
    pub own_bytes: u64,
    /// Whether the file was shorter than planned.
    pub has_shrunk: bool,
    newlines: u64,
    begins_a_line: bool,
    last: Option<u8>,
}

impl Figures {
    /// Return how many lines begin in the split, by its newlines: they judge the sieve's count.
    #[must_use]
    pub fn lines_begun(&self) -> u64 {
        match self.last {
            None => 0,
            Some(last) => self.newlines + u64::from(self.begins_a_line) - u64::from(last == b'\n'),
        }
    }
}

impl Reader {
    /// Return a reader of the split `[offset, offset + length)`, of which the byte before it is
    /// given as well unless it begins at 0.
    ///
    /// A split that is `whole` goes on to the end of the text.
    #[must_use]
    pub fn new(
        sieve: Arc<Sieve>,
        (offset, length, is_whole): (u64, u64, bool),
        ends: LineEnds,
        choice: Choice,
        bounds: Bounds,
    ) -> Self {
        let end = (!is_whole).then_some(offset + length);
        let is_later = offset > 0;
        Self {
            sieve,
            signs: Signs::default(),
            choice,
            wants_keys: false,
            tokens: None,
            ends,
            cutter: LineCutter::new(offset.saturating_sub(1), end, is_later, bounds),
            tallies: SplitTallies::default(),
            source: None,
            text: spare::take(),
            filled: 0,
            ready: 0,
            cut: None,
            was_asked: false,
            wants_before: is_later,
            own_left: length,
            offset,
            digest: TextDigest::new(offset - offset % PIECE),
            digested: offset,
            figures: Figures {
                begins_a_line: !is_later,
                ..Figures::default()
            },
            odd_ends: OddEnds::default(),
        }
    }

    /// Read the split from the file at `path`, which had `size` bytes.
    ///
    /// # Errors
    /// What the system says of the file.
    pub fn open(&mut self, path: &Path, size: u64) -> io::Result<()> {
        self.digest_before(path)?;
        self.source = Some(Source::open(path, self.cutter.offset(), size)?);
        Ok(())
    }

    /// Whether it reads a file by itself; else it is to be fed.
    #[must_use]
    pub fn reads_a_file(&self) -> bool {
        self.source.is_some()
    }

    /// Take what the lines look like from here on; the tallies before it were taken.
    pub fn turn_to(&mut self, signs: Signs) {
        self.signs = signs;
    }

    /// Give the keys of each candidate from here on.
    pub fn give_keys(&mut self) {
        self.wants_keys = true;
    }

    /// Keep the outside tokens from here on, up to `most`; `hashes` says whether those are kept.
    pub fn keep_tokens(&mut self, hashes: bool, most: usize) {
        self.tokens = Some(Kept::new(&self.sieve, hashes, most));
    }

    /// Return the tokens since the last call, where they are kept, but for those of the last part
    /// if it is left out.
    pub fn take_tokens(&mut self, without_part: bool) -> Option<PackedTokens> {
        self.tokens.as_mut().map(|kept| kept.take(without_part))
    }

    /// Return the hours of the last part, if tokens are kept.
    #[must_use]
    pub fn part_hours(&self) -> &[PartHour] {
        self.tokens.as_ref().map_or(&[], |kept| &kept.hours)
    }

    /// Return the tokens of the last part by `groups` of such keys, which are then taken.
    ///
    /// It is for the time before the next part is asked for.
    pub fn part_tokens(&mut self, groups: &[Vec<Vec<u8>>]) -> Vec<PackedTokens> {
        let Some(kept) = self.tokens.as_mut() else {
            return Vec::new();
        };
        let text = self.text.get(kept.place.clone()).unwrap_or_default();
        kept.by_groups(&self.sieve, text, self.signs.clock.as_ref(), groups)
    }

    /// Take the next text of the split.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn feed(&mut self, text: &[u8]) -> io::Result<()> {
        self.make_room(text.len())?;
        self.text[self.filled..self.filled + text.len()].copy_from_slice(text);
        self.take(text.len());
        Ok(())
    }

    /// Read on in the file.
    ///
    /// # Errors
    /// What the system says of the file; what was read before is good, and no more comes. Or there
    /// is no memory for it.
    pub fn read(&mut self) -> io::Result<()> {
        let wanted = self.wanted();
        if wanted == 0 {
            self.finish();
            return Ok(());
        }
        self.make_room(wanted)?;
        let place = self.filled..self.filled + wanted;
        let Some(source) = self.source.as_mut() else {
            return Ok(());
        };
        let count = match source.read(&mut self.text[place]) {
            Ok(count) => count,
            Err(error) => {
                self.finish();
                return Err(error);
            }
        };
        self.take(count);
        if count == 0 {
            self.figures.has_shrunk = true;
            self.finish();
        }
        Ok(())
    }

    /// Say that no more text comes.
    pub fn finish(&mut self) {
        self.source = None;
        self.cutter.finish();
        self.take(0);
    }

    /// Whether a part is there; if not, more text is needed, or none is left.
    pub fn has_part(&mut self) -> bool {
        if self.cut.is_none() {
            let text = &self.text[..self.ready];
            let header = self.signs.header.as_ref();
            self.cut = self.cutter.next(text, header, self.was_asked);
        }
        self.cut.is_some()
    }

    /// Return what the next part of the split gives, if one is there.
    pub fn next_part(&mut self) -> Option<Part<'_>> {
        self.has_part();
        let stop = self.cut.take()?;
        self.was_asked = matches!(stop.stop, Stop::Header(_));
        let text = &self.text[stop.start..stop.end];
        let is_every = self.signs.marker.as_ref().is_some_and(Vec::is_empty);
        let scan = self.sieve.scan_and_keep(
            text,
            self.signs.clock.as_ref(),
            self.signs.marker.as_deref(),
            self.tokens.as_mut().map(Kept::of_next_part),
        );
        if let Some(kept) = &mut self.tokens {
            kept.place = stop.start..stop.end;
            let first = |tally: &Tally| line_at(text, tally.first).to_vec();
            let hours = scan.hours.iter();
            let told = |one: &Tally| (one.key.clone(), one.lines, first(one));
            kept.hours = hours.map(told).collect();
        }
        let keys = if self.wants_keys {
            self.sieve.keys_of(text, &scan.candidates)
        } else {
            LineKeys::default()
        };
        let chosen = self.choice.of(text, stop.offset, &scan, is_every);
        self.tallies.add(scan.hours, text, stop.offset);
        let values = self.digest_part(&stop, &chosen);
        Some(Part {
            lines: scan.lines,
            chosen,
            values,
            keys,
            stop: stop.stop,
            is_full: self.tallies.is_full(),
            text: &self.text[stop.start..stop.end],
            offset: stop.offset,
        })
    }

    /// Whether all lines of the split were given.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.cutter.is_done()
    }

    /// Return the tallies since the last call, sorted by key.
    pub fn take_hours(&mut self) -> Vec<(Vec<u8>, SplitTally)> {
        self.tallies.take()
    }

    /// Return what was counted so far.
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.figures
    }

    /// Return how many signs within its lines elsewhere end a line.
    #[must_use]
    pub fn odd_ends(&self) -> u64 {
        self.odd_ends.count()
    }

    /// Return the digest of the text from the beginning of the split's first piece on.
    ///
    /// It goes on a little behind the split, to the end of its last line or of a block.
    pub fn digest(&mut self) -> &TextDigest {
        self.digest_to(self.ready);
        &self.digest
    }

    /// Return how many bytes are to be read next.
    fn wanted(&self) -> usize {
        let left = self.source.as_ref().map_or(0, Source::left);
        let before = u64::from(self.wants_before);
        let wanted = if self.own_left > 0 {
            (self.own_left + before).min(self.cutter.block_bytes() as u64)
        } else {
            REST_BYTES as u64
        };
        wanted.min(left) as usize
    }

    /// Make room for `more` bytes behind what is not cut off yet, which moves to the front.
    fn make_room(&mut self, more: usize) -> io::Result<()> {
        let cut = match self.cut {
            None => {
                // What was left out, as a line that is too long, is part of the text all the same.
                self.digest_to(self.cutter.start());
                self.cutter.forget()
            }
            Some(_) => 0,
        };
        if cut > 0 {
            self.text.copy_within(cut..self.filled, 0);
            self.filled -= cut;
            self.ready -= cut;
        }
        let wanted = self.filled + more;
        if self.text.len() < wanted {
            // Without this the process would be ended where the system refuses the memory.
            self.text.try_reserve(wanted - self.text.len())?;
            self.text.resize(wanted, 0);
        }
        Ok(())
    }

    /// Digest what lies between the beginning of the first piece and the split.
    fn digest_before(&mut self, path: &Path) -> io::Result<()> {
        let begin = self.offset - self.offset % PIECE;
        if begin == self.offset {
            return Ok(());
        }
        let mut source = Source::open(path, begin, self.offset)?;
        let mut text = Vec::new();
        let count = REST_BYTES.min((self.offset - begin) as usize);
        text.try_reserve_exact(count)?;
        text.resize(count, 0);
        loop {
            let wanted = (source.left() as usize).min(text.len());
            let count = source.read(&mut text[..wanted])?;
            if count == 0 {
                return Ok(());
            }
            self.ends.rewrite(&mut text[..count], true);
            self.digest.add(&text[..count], &[]);
        }
    }

    /// Return the place in the text up to which it was digested.
    fn digested_to(&self) -> usize {
        (self.digested - (self.cutter.offset() - self.cutter.start() as u64)) as usize
    }

    /// Digest the text up to `place`.
    fn digest_to(&mut self, place: usize) {
        let start = self.digested_to();
        if start < place {
            self.digest.add(&self.text[start..place], &[]);
            self.digested += (place - start) as u64;
        }
    }

    /// Digest a part; return the value at the end of each candidate.
    fn digest_part(&mut self, cut: &Cut, chosen: &[Chosen]) -> Vec<[u8; 32]> {
        let start = self.digested_to();
        let candidates = chosen.iter().filter(|line| line.is_candidate);
        let ends: Vec<usize> = candidates
            .map(|line| cut.start + line.end - start)
            .collect();
        let values = self.digest.add(&self.text[start..cut.end], &ends);
        self.digested += (cut.end - start) as u64;
        values
    }

    /// Take `count` more bytes that stand in the text.
    fn take(&mut self, count: usize) {
        self.filled += count;
        let raw = &mut self.text[self.ready..self.filled];
        let size = self.ends.rewrite(raw, self.cutter.is_over());
        let start = self.ready;
        self.ready += size;
        self.count(start);
    }

    /// Count the line ends of the split's own text from `start` on.
    fn count(&mut self, mut start: usize) {
        if self.wants_before && start < self.ready {
            self.figures.begins_a_line = self.text[start] == b'\n';
            self.wants_before = false;
            start += 1;
        }
        let text = &self.text[start..self.ready];
        let size = text
            .len()
            .min(usize::try_from(self.own_left).unwrap_or(usize::MAX));
        let (own, behind) = text.split_at(size);
        self.own_left -= size as u64;
        self.figures.own_bytes += size as u64;
        self.figures.newlines += newlines(own);
        self.figures.last = own.last().copied().or(self.figures.last);
        // In JSON every other sign is part of a text.
        if self.ends != LineEnds::Json {
            self.odd_ends.add(own);
            if self.figures.last.is_some() {
                self.odd_ends.follow(behind);
            }
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        spare::keep(std::mem::take(&mut self.text));
    }
}
