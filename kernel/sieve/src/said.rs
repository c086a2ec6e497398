//! What a text says, token by token: for who wants more of it than which lines hold a key.

use crate::rare::{Halves, Hash};

/// Which kinds of tokens are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wants {
    /// Dotted runs that are no numbers.
    pub names: bool,
    /// All kinds also in the names of DNS as they go over the wire.
    pub wire: bool,
    /// IPv4 addresses.
    pub addresses: bool,
    /// IPv6 addresses.
    pub addresses6: bool,
    /// File hashes.
    pub hashes: bool,
}

impl Wants {
    pub fn any(self) -> bool {
        self.names || self.addresses || self.addresses6 || self.hashes
    }
}

/// The tokens of a text since they were last heard, in no order; one may come twice.
#[derive(Debug, Default)]
pub struct Said {
    pub wants: Wants,
    /// Start and end of each dotted run, without the dots at its ends.
    pub runs: Vec<(usize, usize)>,
    pub addresses: Vec<u32>,
    pub addresses6: Vec<Halves>,
    pub hashes: Vec<Hash>,
}

impl Said {
    pub fn forget(&mut self) {
        self.runs.clear();
        self.addresses.clear();
        self.addresses6.clear();
        self.hashes.clear();
    }
}

/// Anything that hears what a text says.
pub trait Listener {
    /// Return what is listed for it.
    fn wants(&self) -> Wants;

    /// Hear what was said in `text` since the last time.
    fn hear(&mut self, text: &[u8], said: &Said);

    /// Hear that a line is over, where lines are heard one by one.
    fn end_line(&mut self, _line: &[u8]) {}
}
