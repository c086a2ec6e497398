//! The walk over a block: piece by piece, from the places of its finder to lines.

use memchr::{memchr, memrchr};

use crate::addresses::{Ranges, Reading};
use crate::bytes::Masks;
use crate::encoded;
use crate::finder::{Finder, PIECE, Tools};
use crate::hours::{Clock, Tallies};
use crate::keys::Compiled;
use crate::said::{Listener, Wants};
use crate::simd::{self, Path};
use crate::wire::{SHORTEST, WireReader};
use crate::{Scan, Sieve};

/// Return what `sieve` finds in `block`; `listener` hears what the block says.
#[inline(always)]
pub fn walk<'a, C, R>(
    sieve: &'a Sieve,
    block: &'a [u8],
    clock: Option<&'a Clock>,
    listener: Option<&'a mut (dyn Listener + 'a)>,
    tools: Tools<C, R>,
) -> Scan
where
    C: Fn(&[u8; 64]) -> Masks + Copy,
    R: Fn(&[u8], usize) -> Reading + Copy,
{
    let mut walk = Walk::new(sieve, block, clock, listener);
    for base in (0..block.len()).step_by(PIECE) {
        walk.finder.look(block, base, tools);
        walk.look_at_codes(base);
        walk.look_at_escapes(base);
        walk.hear();
        walk.end_lines(base);
    }
    walk.finish()
}

/// Let `listener` hear what each of `lines` of `block` says, line by line.
pub fn hear_lines<'a>(
    sieve: &'a Sieve,
    block: &'a [u8],
    lines: &[(usize, usize)],
    listener: &'a mut (dyn Listener + 'a),
) {
    let mut walk = Walk::new(sieve, block, None, Some(listener));
    for &(start, end) in lines {
        walk.hear_line(&block[start..end], sieve.path);
    }
}

struct Walk<'a> {
    block: &'a [u8],
    clock: Option<&'a Clock>,
    inside: Ranges<'a>,
    tallies: Tallies<'a>,
    scan: Scan,
    finder: Finder<'a>,
    /// For what lines say in codes, and a line decoded.
    decoded: Other<'a>,
    wire: WireReader,
    line: Vec<u8>,
    spelled: Spelled,
    /// What was decoded before this place, up to where lines hold no zero, which runs were read.
    decoded_to: usize,
    zero_free_to: usize,
    codes_read: usize,
    /// Of the line in hand.
    line_start: usize,
    is_candidate: bool,
    has_address: bool,
    alive: Option<u32>,
}

/// Tokens decoded, one a line, and where each is over, with the place of a code of it.
#[derive(Default)]
struct Spelled {
    text: Vec<u8>,
    ends: Vec<(usize, usize)>,
}

/// Looks through other texts than the block.
struct Other<'a> {
    path: Path,
    keys: Compiled<'a>,
    finder: Option<Finder<'a>>,
    listener: Option<&'a mut (dyn Listener + 'a)>,
}

impl Other<'_> {
    fn wants(&self) -> Wants {
        let listener = self.listener.as_ref();
        listener.map_or_else(Wants::default, |listener| listener.wants())
    }

    /// Whether `text` holds a key.
    fn holds(&mut self, text: &[u8]) -> bool {
        !self.hits(text).is_empty()
    }

    /// Return a place in each line of `text` that holds a key.
    fn hits(&mut self, text: &[u8]) -> &[usize] {
        let (keys, wants) = (self.keys, self.wants());
        let finder = self
            .finder
            .get_or_insert_with(|| Finder::new(keys, false, wants));
        simd::look_through(self.path, finder, text);
        if let Some(listener) = &mut self.listener {
            listener.hear(text, &finder.said);
        }
        &finder.hits
    }
}

impl<'a> Walk<'a> {
    fn new(
        sieve: &'a Sieve,
        block: &'a [u8],
        clock: Option<&'a Clock>,
        listener: Option<&'a mut (dyn Listener + 'a)>,
    ) -> Self {
        let (inside, keys) = (sieve.inside.view(), Compiled::new(&sieve.image));
        let decoded = Other {
            path: sieve.path,
            keys,
            finder: None,
            listener,
        };
        Self {
            block,
            clock,
            inside,
            tallies: Tallies::new(clock),
            scan: Scan::default(),
            finder: Finder::new(keys, !inside.is_empty(), decoded.wants()),
            decoded,
            line: Vec::new(),
            wire: WireReader::new(sieve.path),
            spelled: Spelled::default(),
            decoded_to: 0,
            zero_free_to: 0,
            codes_read: 0,
            line_start: 0,
            is_candidate: false,
            has_address: false,
            alive: None,
        }
    }

    /// Look through `line` as a text of its own, for who listens alone.
    fn hear_line(&mut self, line: &'a [u8], path: Path) {
        self.block = line;
        self.decoded_to = 0;
        self.zero_free_to = 0;
        self.codes_read = 0;
        self.finder.begin();
        for base in (0..line.len()).step_by(PIECE) {
            simd::look(path, &mut self.finder, line, base);
            self.look_at_codes(base);
            self.look_at_escapes(base);
            self.hear();
            self.finder.hits.clear();
        }
        if let Some(listener) = &mut self.decoded.listener {
            listener.end_line(line);
        }
    }

    /// Let who listens hear what the block said since the last time.
    #[inline(always)]
    fn hear(&mut self) {
        if let Some(listener) = &mut self.decoded.listener {
            listener.hear(self.block, &self.finder.said);
            self.finder.said.forget();
        }
    }

    /// Look for names that stand as they go over the wire, in long runs of base64 or hex.
    #[inline(always)]
    fn look_at_codes(&mut self, base: usize) {
        let mut steps = self.finder.code_steps;
        while steps != 0 {
            self.look_at_code(base, steps.trailing_zeros() as usize);
            steps &= steps - 1;
        }
    }

    #[inline(never)]
    fn look_at_code(&mut self, base: usize, step: usize) {
        let block = self.block;
        while let Some((start, end)) = self.finder.code_run(block, base, step, self.codes_read) {
            self.codes_read = end;
            if end - start < SHORTEST {
                continue;
            }
            let names = self.wire.names_of(&block[start..end]);
            if !names.is_empty() && self.decoded.holds(names) {
                // The run may have begun in the piece before, in the line in hand.
                self.finder.hits.push(start.max(base));
            }
        }
    }

    /// Look at what is written in codes as it reads without them.
    ///
    /// A code changes only the tokens around it: those are decoded and looked through together.
    #[inline(always)]
    fn look_at_escapes(&mut self, base: usize) {
        let mut steps = self.finder.escape_steps;
        if steps == 0 {
            return;
        }
        while steps != 0 {
            self.look_at_escapes_of(base, steps.trailing_zeros() as usize);
            steps &= steps - 1;
        }
        self.look_at_spelled();
    }

    #[inline(never)]
    fn look_at_escapes_of(&mut self, base: usize, step: usize) {
        let mut escapes = self.finder.escapes(step);
        while escapes != 0 {
            let place = base + step * 64 + escapes.trailing_zeros() as usize;
            escapes &= escapes - 1;
            if place >= self.decoded_to && encoded::code(&self.block[place..]).is_some() {
                self.spell(place);
            }
        }
    }

    /// Decode what stands around the code at `place`, up to bytes that part any two tokens.
    fn spell(&mut self, place: usize) {
        let block = self.block;
        let begin = self.spelled.text.len();
        let before = block[..place].iter().rev();
        let start = place - before.take_while(|&&byte| !encoded::parts(byte)).count();
        let text = &mut self.spelled.text;
        text.extend_from_slice(&block[start..place]);
        let end = place + encoded::decode_token(&block[place..], text);
        // Names as they go over the wire stand in the whole line, which then holds a zero.
        if self.finder.reads_wire && self.has_zero(place, begin) {
            self.spelled.text.truncate(begin);
            self.look_at_decoded(place);
            return;
        }
        self.decoded_to = end;
        let text = &mut self.spelled.text;
        if self.finder.reads_wire && text.len() - begin >= SHORTEST {
            let names = self.wire.names_within(&text[begin..]);
            if !names.is_empty() && self.decoded.holds(names) {
                self.finder.hits.push(place);
            }
        }
        text.push(b'\n');
        self.spelled.ends.push((text.len(), place));
    }

    /// Look through what was decoded in this piece.
    fn look_at_spelled(&mut self) {
        if self.spelled.ends.is_empty() {
            return;
        }
        let ends = &self.spelled.ends;
        for &hit in self.decoded.hits(&self.spelled.text) {
            let token = ends.partition_point(|&(end, _)| end <= hit);
            self.finder
                .hits
                .extend(ends.get(token).map(|token| token.1));
        }
        self.spelled.text.clear();
        self.spelled.ends.clear();
    }

    /// Whether the line around `place` holds a zero, or what was decoded of it from `begin` on.
    fn has_zero(&mut self, place: usize, begin: usize) -> bool {
        if place >= self.zero_free_to {
            let (start, end) = self.line_around(place);
            if memchr(0, &self.block[start..end]).is_some() {
                return true;
            }
            self.zero_free_to = end;
        }
        memchr(0, &self.spelled.text[begin..]).is_some()
    }

    /// Look at the whole line around `place`, which holds a code, as it reads without codes.
    #[cold]
    fn look_at_decoded(&mut self, place: usize) {
        let (start, end) = self.line_around(place);
        self.decoded_to = end + 1;
        let mut line = std::mem::take(&mut self.line);
        encoded::decode(&self.block[start..end], &mut line);
        let names = self.wire.names_within(&line);
        let is_hit = !names.is_empty() && self.decoded.holds(names);
        // A line stays a line.
        for byte in line.iter_mut().filter(|byte| **byte == b'\n') {
            *byte = b' ';
        }
        // Both are looked through, for who listens.
        if is_hit | self.decoded.holds(&line) {
            self.finder.hits.push(place);
        }
        self.line = line;
    }

    /// Return where the line around `place`, which is in this piece, begins and ends.
    fn line_around(&self, place: usize) -> (usize, usize) {
        let (block, seen) = (self.block, self.line_start);
        let start = memrchr(b'\n', &block[seen..place]).map_or(seen, |newline| seen + newline + 1);
        let end = memchr(b'\n', &block[place..]).map_or(block.len(), |newline| place + newline);
        (start, end)
    }

    /// End the lines that the piece at `base` ends.
    #[inline(always)]
    fn end_lines(&mut self, base: usize) {
        let hits = &mut self.finder.hits;
        if hits.len() > 1 {
            hits.sort_unstable();
        }
        let (mut hit, mut met) = (0, 0);
        for number in 0..self.finder.newlines().len() {
            let end = base + usize::from(self.finder.newlines()[number]);
            (hit, met) = self.take(base, end, hit, met);
            self.end_line(end);
        }
        self.take(base, base + PIECE, hit, met);
        self.finder.hits.clear();
    }

    /// Take the hits and addresses up to `end` into the line in hand; return how many are taken.
    #[inline(always)]
    fn take(&mut self, base: usize, end: usize, hit: usize, met: usize) -> (usize, usize) {
        let mut hit = hit;
        while self.finder.hits.get(hit).is_some_and(|&place| place <= end) {
            self.is_candidate = true;
            hit += 1;
        }
        let all = self.finder.met();
        let is_before = |met: usize| {
            let place = all.get(met).map(|met| usize::from(met.place));
            place.is_some_and(|place| base + place < end)
        };
        let first = met;
        let mut met = met;
        while is_before(met) {
            met += 1;
        }
        if self.has_address || first == met {
            return (hit, met);
        }
        let from = match self.clock {
            None => Some(0),
            Some(clock) => clock.client_from(self.block, self.line_start, end),
        };
        let mut spoken = all[first..met].iter();
        let spoken =
            spoken.find(|met| from.is_some_and(|from| base + usize::from(met.place) >= from));
        if let Some(met) = spoken {
            self.has_address = true;
            self.alive = self.inside.has(met.address).then_some(met.address);
        }
        (hit, met)
    }

    #[inline(always)]
    fn end_line(&mut self, end: usize) {
        let start = self.line_start;
        self.scan.lines += 1;
        if self.is_candidate {
            self.scan.candidates.push((start, end));
        }
        self.tallies.add(self.block, start, end, self.alive);
        self.line_start = end + 1;
        self.is_candidate = false;
        self.has_address = false;
        self.alive = None;
    }

    fn finish(mut self) -> Scan {
        if self.line_start < self.block.len() {
            self.end_line(self.block.len());
        }
        self.scan.hours = self.tallies.finish();
        self.scan
    }
}
