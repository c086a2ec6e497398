//! The outside tokens of a split: those since they were last taken, and apart the last part's.

use std::collections::HashMap;
use std::ops::Range;

use quetsach_sieve::{Clock, PackedTokens, Sieve, TokenSet};

/// The lines of one hour in a part: key, how many, the first.
pub type PartHour = (Vec<u8>, usize, Vec<u8>);

/// Who wants the tokens of each day looks at the hours of a part: one that lies within a day goes
/// to the others of that day, and the lines of another are looked through day by day.
#[derive(Debug)]
pub struct Kept {
    hashes: bool,
    most: usize,
    all: TokenSet,
    part: TokenSet,
    /// Where the last part stands in the text, and its hours.
    pub place: Range<usize>,
    pub hours: Vec<PartHour>,
}

impl Kept {
    pub fn new(sieve: &Sieve, hashes: bool, most: usize) -> Self {
        Self {
            hashes,
            most,
            all: sieve.token_set(hashes, most),
            part: sieve.token_set(hashes, most),
            place: 0..0,
            hours: Vec::new(),
        }
    }

    /// Return the set for the next part; the last is among the others then.
    pub fn of_next_part(&mut self) -> &mut TokenSet {
        self.all.absorb(&mut self.part);
        &mut self.part
    }

    /// Return the tokens so far; those of the last part stay if they are left out.
    pub fn take(&mut self, without_part: bool) -> PackedTokens {
        if !without_part {
            self.all.absorb(&mut self.part);
        }
        self.all.take()
    }

    /// Return the tokens of the last part, whose lines stand in `text`, by groups of hours.
    pub fn by_groups(
        &mut self,
        sieve: &Sieve,
        text: &[u8],
        clock: Option<&Clock>,
        groups: &[Vec<Vec<u8>>],
    ) -> Vec<PackedTokens> {
        self.part.forget();
        let keys = groups.iter().enumerate();
        let places: HashMap<&[u8], usize> = keys
            .flat_map(|(place, keys)| keys.iter().map(move |key| (&key[..], place)))
            .collect();
        let mut texts = vec![Vec::new(); groups.len()];
        for line in text.split_inclusive(|&byte| byte == b'\n') {
            let bare = line.strip_suffix(b"\n").unwrap_or(line);
            let key = clock.map_or_else(Vec::new, |clock| clock.key(bare));
            let place = places.get(&key[..]).copied().unwrap_or(0);
            if let Some(text) = texts.get_mut(place) {
                text.extend_from_slice(line);
            }
        }
        let tokens_of = |text: &Vec<u8>| {
            let mut tokens = sieve.token_set(self.hashes, self.most);
            let _ = sieve.scan_and_keep(text, None, None, Some(&mut tokens));
            tokens.take()
        };
        texts.iter().map(tokens_of).collect()
    }
}
