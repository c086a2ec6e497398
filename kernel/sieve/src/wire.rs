//! Names of DNS as they go over the wire, each label behind its length, in base64 or hex.
//!
//! What such a token and such a name are is laid down in `contract.py`; `wire_names.py` is the
//! judge of this one.

use memchr::memchr;

use crate::bytes::is_code;
use crate::simd::{self, Path};

/// A token has this many characters: of fewer, no message is made, and much else is.
pub const SHORTEST: usize = 24;
/// So much of a token is looked at, in characters.
const LONGEST: usize = 128 * 1024;
const MOST_NAMES: usize = 256;
const MOST_LABELS: usize = 127;
const POINTER: u8 = 0xc0;

const OTHER: u8 = 0xff;
const BACKSLASH: u8 = 0xfe;

/// The six bits of each character of base64, of either alphabet.
pub static BITS: [u8; 256] = {
    let mut bits = [OTHER; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        bits[byte as usize] = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'\\' => BACKSLASH,
            _ => OTHER,
        };
        byte += 1;
    }
    bits
};

/// Reads names out of tokens and lines; its memory is used again.
pub struct WireReader {
    path: Path,
    bytes: Vec<u8>,
    names: Vec<u8>,
}

impl WireReader {
    pub fn new(path: Path) -> Self {
        Self {
            path,
            bytes: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Return the names in a run of code bytes, one a line.
    pub fn names_of(&mut self, run: &[u8]) -> &[u8] {
        self.names.clear();
        self.add_run(run);
        &self.names
    }

    /// Return the names that stand in `line`, a line decoded, as they are and in its tokens.
    pub fn names_within(&mut self, line: &[u8]) -> &[u8] {
        self.names.clear();
        add_names(line, &mut self.names);
        let mut place = 0;
        // Of 24 bytes that hold a token none is another, so that most are never looked at.
        while place + SHORTEST <= line.len() {
            let window = &line[place..place + SHORTEST];
            if let Some(other) = window.iter().rposition(|&byte| !is_code(byte)) {
                place += other + 1;
                continue;
            }
            let rest = &line[place + SHORTEST..];
            let more = rest.iter().position(|&byte| !is_code(byte));
            let end = place + SHORTEST + more.unwrap_or(rest.len());
            self.add_run(&line[place..end]);
            place = end;
        }
        &self.names
    }

    fn add_run(&mut self, run: &[u8]) {
        each_piece(run, |piece| {
            if let Some(count) = decode(self.path, piece, &mut self.bytes) {
                add_names(&self.bytes[..count], &mut self.names);
            }
        });
    }
}

/// Call `look` with each piece of a run that is long enough; `\/` is `/`, other codes part it.
fn each_piece(run: &[u8], mut look: impl FnMut(&[u8])) {
    let mut look_at = |piece: &[u8]| {
        if piece.len() >= SHORTEST {
            look(&piece[..piece.len().min(LONGEST)]);
        }
    };
    if memchr(b'\\', run).is_none() {
        look_at(run);
        return;
    }
    let is_kept =
        |(place, byte): &(usize, &u8)| **byte != b'\\' || run.get(place + 1) != Some(&b'/');
    let plain: Vec<u8> = run
        .iter()
        .enumerate()
        .filter(is_kept)
        .map(|(_, &byte)| byte)
        .collect();
    for (number, piece) in plain.split(|&byte| byte == b'\\').enumerate() {
        // Behind a backslash stands the letter of a code, such as that of `\n`.
        look_at(piece.get(usize::from(number > 0)..).unwrap_or_default());
    }
}

/// Write what `piece` stands for to the start of `bytes`: it is hex where it is nothing else.
/// Return how many bytes that are, None where no name can be in them.
fn decode(path: Path, piece: &[u8], bytes: &mut Vec<u8>) -> Option<usize> {
    let bare = match piece {
        [b'0', b'x' | b'X', digits @ ..] => digits,
        _ => piece,
    };
    let is_hex = bare.iter().all(u8::is_ascii_hexdigit);
    let count = if is_hex {
        bare.len() / 2
    } else {
        piece.len() * 3 / 4
    };
    // What is written and looked at in one go may go over the end.
    if bytes.len() < count + 2 * CHUNK {
        bytes.resize(count + 2 * CHUNK, 0);
    }
    let may_hold = if is_hex {
        // A letter's lower half begins with 1 for ten.
        let digit = |byte: u8| (byte & 15) + (byte >> 6) * 9;
        for (byte, pair) in bytes.iter_mut().zip(bare.chunks_exact(2)) {
            *byte = digit(pair[0]) << 4 | digit(pair[1]);
        }
        may_hold_name(bytes, count)
    } else {
        simd::decode(path, piece, bytes)
    };
    may_hold.then_some(count)
}

/// Characters that are decoded, and bytes that are looked at, in one go.
const CHUNK: usize = 64;

/// Write what `piece` of base64 stands for to `bytes`; return whether a name may be in it.
///
/// `decode` does it for 64 characters, which are 48 bytes, and may write more behind them.
#[inline(always)]
pub fn decode_with(
    piece: &[u8],
    bytes: &mut [u8],
    decode: impl Fn(&[u8; CHUNK], &mut [u8; CHUNK]),
) -> bool {
    let (chunks, rest) = piece.as_chunks::<CHUNK>();
    let mut last = [b'A'; CHUNK];
    last[..rest.len()].copy_from_slice(rest);
    for (number, chunk) in chunks.iter().chain([&last]).enumerate() {
        if let Some(out) = bytes[number * 48..].first_chunk_mut() {
            decode(chunk, out);
        }
    }
    may_hold_name(bytes, piece.len() * 3 / 4)
}

/// Decode 64 characters of base64 on any processor.
pub fn decode_chunk(chunk: &[u8; CHUNK], bytes: &mut [u8; CHUNK]) {
    for (group, three) in chunk.chunks_exact(4).zip(bytes.chunks_exact_mut(3)) {
        three.copy_from_slice(&meaning(group)[..3]);
    }
}

/// Whether a label stands in `bytes[..count]` behind its length, with the end of a name behind it:
/// the empty label, or a pointer within. In every name one does. `bytes` is so much longer that a
/// chunk may go over the end.
#[inline(always)]
fn may_hold_name(bytes: &[u8], count: usize) -> bool {
    let highest = highest_pointer(count);
    for start in (0..count).step_by(CHUNK) {
        let (Some(labels), Some(ends)) = (
            bytes[start..].first_chunk::<CHUNK>(),
            bytes[start + 1..].first_chunk::<CHUNK>(),
        ) else {
            return true;
        };
        // Without a branch, so that all are looked at at once.
        let any = labels.iter().zip(ends).fold(0, |any, (&label, &end)| {
            any | (u8::from(is_end(end, highest)) & u8::from(is_label_byte(label)))
        });
        if any != 0 && has_whole_label(&bytes[..count], start, highest) {
            return true;
        }
    }
    false
}

/// Return the first byte of the highest pointer within so many bytes.
fn highest_pointer(length: usize) -> u8 {
    POINTER | (length >> 8).min(0x3f) as u8
}

#[inline(always)]
fn is_end(byte: u8, highest: u8) -> bool {
    (byte == 0) | ((byte >= POINTER) & (byte <= highest))
}

#[inline(always)]
fn is_label_byte(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    letter | (byte.wrapping_sub(b'0') < 10) | (byte == b'-') | (byte == b'_')
}

/// Whether a label that is as long as it says ends before an end in the chunk behind `start`.
#[inline(never)]
fn has_whole_label(bytes: &[u8], start: usize, highest: u8) -> bool {
    (start + 1..bytes.len().min(start + 1 + CHUNK)).any(|end| {
        if !is_end(bytes[end], highest) {
            return false;
        }
        let labels = bytes[end.saturating_sub(63)..end].iter().rev();
        let labels = labels.take_while(|&&byte| is_label_byte(byte)).count();
        (1..=labels).any(|count| {
            let before = (end - count).checked_sub(1);
            before.is_some_and(|before| usize::from(bytes[before]) == count)
        })
    })
}

/// Return the three bytes that four characters of base64 stand for, and a zero.
#[inline(always)]
fn meaning(group: &[u8]) -> [u8; 4] {
    let bits = |place: usize| u32::from(BITS[group[place] as usize]);
    (bits(0) << 26 | bits(1) << 20 | bits(2) << 14 | bits(3) << 8).to_be_bytes()
}

/// Add the names of two labels or more that stand in `bytes`, each with a newline behind it.
pub fn add_names(bytes: &[u8], names: &mut Vec<u8>) {
    // Every name ends with an empty label, be it elsewhere.
    if memchr(0, bytes).is_none() {
        return;
    }
    let mut dead = vec![false; bytes.len()];
    let mut path = Vec::new();
    let mut name = Vec::new();
    let mut count = 0;
    let mut place = 0;
    while place < bytes.len() && count < MOST_NAMES {
        if !may_begin(bytes, place) {
            place += 1;
            continue;
        }
        match walk(bytes, place, &mut dead, &mut path, &mut name) {
            Some(end) => {
                names.extend_from_slice(&name);
                names.push(b'\n');
                count += 1;
                place = end;
            }
            None => place += 1,
        }
    }
}

/// Whether a first label may stand at `place`, with something behind it: nearly always not.
#[inline(always)]
fn may_begin(bytes: &[u8], place: usize) -> bool {
    let length = bytes[place];
    (1..64).contains(&length)
        && bytes
            .get(place + 1)
            .is_some_and(|&byte| is_label_byte(byte))
        && bytes
            .get(place + 1 + usize::from(length))
            .is_some_and(|next| !(64..POINTER).contains(next))
}

/// Write the name at `start` to `name` and return where it is over; None where there is none.
///
/// A place from which no name was reached is dead: no other name is reached over it.
fn walk(
    bytes: &[u8],
    start: usize,
    dead: &mut [bool],
    path: &mut Vec<usize>,
    name: &mut Vec<u8>,
) -> Option<usize> {
    let (mut place, mut over, mut labels) = (start, None, 0);
    path.clear();
    name.clear();
    loop {
        if *dead.get(place)? {
            return None;
        }
        dead[place] = true;
        path.push(place);
        let length = bytes[place];
        if length == 0 {
            break;
        }
        if length >= POINTER {
            let low = *bytes.get(place + 1)?;
            over = over.or(Some(place + 2));
            place = usize::from(length & !POINTER) << 8 | usize::from(low);
            continue;
        }
        let label = bytes.get(place + 1..place + 1 + usize::from(length))?;
        if length >= 64 || labels == MOST_LABELS || !label.iter().all(|&byte| is_label_byte(byte)) {
            return None;
        }
        if labels > 0 {
            name.push(b'.');
        }
        name.extend_from_slice(label);
        labels += 1;
        place += 1 + label.len();
    }
    for &good in path.iter() {
        dead[good] = false;
    }
    let is_name = labels > 1 && name.iter().any(|byte| !b"0123456789.".contains(byte));
    is_name.then_some(over.unwrap_or(place + 1))
}

#[cfg(test)]
mod tests {
    use super::{WireReader, add_names, decode};
    use crate::simd::Path;

    fn names(bytes: &[u8]) -> String {
        let mut names = Vec::new();
        add_names(bytes, &mut names);
        String::from_utf8(names).unwrap()
    }

    fn tokens(text: &[u8]) -> String {
        let mut found = Path::all().into_iter().map(|path| {
            let names = WireReader::new(path).names_within(text).to_vec();
            String::from_utf8(names).unwrap()
        });
        let first = found.next().unwrap();
        assert!(found.all(|other| other == first));
        first
    }

    #[test]
    fn names_are_read_with_their_pointers() {
        let wire = b"..\x03bad\x07example\x00..\x03www\xc0\x02..\x03com\x00";
        assert_eq!(names(wire), "bad.example\nwww.bad.example\n");
        assert_eq!(names(b"\x03bad\x07example"), "");
        assert_eq!(names(b"\x011\x012\x00"), "");
        assert_eq!(names(b"\x01a\xc0\x00\x00"), "");
    }

    #[test]
    fn tokens_are_hex_or_base64() {
        let hex = b"x 0x00000000000003626164076578616d706c6500 y";
        assert_eq!(tokens(hex), "bad.example\n");
        let base = b"dns=AAABAAABAAAAAAAAA2JhZAdleGFtcGxlAAABAAE= y";
        assert_eq!(tokens(base), "bad.example\n");
        let escaped = b"\\nAAABAAABAAAAAAAAA2JhZAdleGFtcGxlAAABAAE=";
        assert_eq!(tokens(escaped), "bad.example\n");
        assert_eq!(tokens(b"03626164076578616d706c6"), "");
    }

    #[test]
    fn each_path_decodes_alike() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
        for length in 24..400 {
            let at = |place: usize| alphabet[(place * place * 7 + place * 31 + length) % 66];
            let piece: Vec<u8> = (0..length).map(at).collect();
            let mut expected = Vec::new();
            let count = decode(Path::PORTABLE, &piece, &mut expected);
            for path in Path::all() {
                let mut bytes = Vec::new();
                assert_eq!(decode(path, &piece, &mut bytes), count);
                assert_eq!(bytes[..length * 3 / 4], expected[..length * 3 / 4]);
            }
        }
    }
}
