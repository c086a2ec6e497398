//! Names of DNS as they go over the wire, each label behind its length, in base64 or hex.
//!
//! What such a token and such a name are is laid down in `contract.py`; `wire_names.py` is the
//! judge of this one.

use crate::lines_at;
use memchr::memchr;

/// A token has this many characters: of fewer, no message is made, and much else is.
const SHORTEST: usize = 24;
/// So much of a token is looked at, in characters.
const LONGEST: usize = 128 * 1024;
const MOST_NAMES: usize = 256;
const MOST_LABELS: usize = 127;
const POINTER: u8 = 0xc0;

const OTHER: u8 = 0xff;
const BACKSLASH: u8 = 0xfe;

/// The six bits of each character of base64, of either alphabet.
const BITS: [u8; 256] = {
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

#[inline(always)]
fn is_code(byte: u8) -> bool {
    BITS[byte as usize] != OTHER
}

/// Call `look` with the names of each token of `text`, one a line, and where the token begins.
pub fn each_token(text: &[u8], mut look: impl FnMut(usize, &[u8])) {
    let mut place = 0;
    let mut bytes = Vec::new();
    let mut names = Vec::new();
    // Of 24 bytes that hold a token none is another, so that most are never looked at.
    while place + SHORTEST <= text.len() {
        let window = &text[place..place + SHORTEST];
        if let Some(other) = window.iter().rposition(|&byte| !is_code(byte)) {
            place += other + 1;
            continue;
        }
        let rest = &text[place + SHORTEST..];
        let more = rest.iter().position(|&byte| !is_code(byte));
        let end = place + SHORTEST + more.unwrap_or(rest.len());
        names.clear();
        each_piece(&text[place..end], |piece| {
            decode(piece, &mut bytes);
            add_names(&bytes, &mut names);
        });
        if !names.is_empty() {
            look(place, &names);
        }
        place = end;
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

/// Write what `piece` stands for to `bytes`: it is hex where it is nothing else.
fn decode(piece: &[u8], bytes: &mut Vec<u8>) {
    bytes.clear();
    let bare = match piece {
        [b'0', b'x' | b'X', digits @ ..] => digits,
        _ => piece,
    };
    if bare.iter().all(u8::is_ascii_hexdigit) {
        let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
        let pairs = bare.chunks_exact(2);
        bytes.extend(pairs.map(|pair| digit(pair[0]) << 4 | digit(pair[1])));
        return;
    }
    if !may_hold_zero(piece) {
        return;
    }
    bytes.resize(piece.len() / 4 * 3, 0);
    let groups = piece.chunks_exact(4);
    let last = groups.remainder();
    for (group, three) in groups.zip(bytes.chunks_exact_mut(3)) {
        three.copy_from_slice(&meaning(group)[..3]);
    }
    if last.len() > 1 {
        let mut group = [b'A'; 4];
        group[..last.len()].copy_from_slice(last);
        bytes.extend_from_slice(&meaning(&group)[..last.len() - 1]);
    }
}

/// Whether one of the bytes that base64 stands for may be zero: of a path or a number seldom.
///
/// A zero is an `A` and what begins with its bits, the end of one of four and such, or an `A`.
fn may_hold_zero(piece: &[u8]) -> bool {
    let is_early = |byte: &u8| (b'A'..=b'P').contains(byte);
    if !piece.iter().fold(false, |any, byte| any | is_early(byte)) {
        return false;
    }
    let mut pairs = piece.windows(2);
    memchr(b'A', piece).is_some()
        || pairs.any(|pair| is_early(&pair[1]) && matches!(pair[0], b'Q' | b'g' | b'w'))
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
        && bytes.get(place + 1).is_some_and(is_label)
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
        if length >= 64 || labels == MOST_LABELS || !label.iter().all(is_label) {
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

fn is_label(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Return the lines of `block` that hold a token of whose names `is_hit` says yes.
pub fn lines_with(block: &[u8], is_hit: impl Fn(&[u8]) -> bool) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    each_token(block, |place, names| {
        if is_hit(names) {
            places.push(place);
        }
    });
    lines_at(block, places.into_iter())
}

#[cfg(test)]
mod tests {
    use super::{add_names, each_token};

    fn names(bytes: &[u8]) -> String {
        let mut names = Vec::new();
        add_names(bytes, &mut names);
        String::from_utf8(names).unwrap()
    }

    fn tokens(text: &[u8]) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        each_token(text, |place, names| {
            found.push((place, String::from_utf8(names.to_vec()).unwrap()));
        });
        found
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
        assert_eq!(tokens(hex), [(2, "bad.example\n".to_string())]);
        let base = b"dns=AAABAAABAAAAAAAAA2JhZAdleGFtcGxlAAABAAE= y";
        assert_eq!(tokens(base), [(4, "bad.example\n".to_string())]);
        let escaped = b"\\nAAABAAABAAAAAAAAA2JhZAdleGFtcGxlAAABAAE=";
        assert_eq!(tokens(escaped), [(0, "bad.example\n".to_string())]);
        assert_eq!(tokens(b"03626164076578616d706c6"), []);
    }
}
