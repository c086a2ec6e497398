//! A connection that speaks HTTP/1: its requests, each with the status it was answered with.
//!
//! Source: RFC 9112.

use crate::http_heads::{BodyLength, Exchange, Head, METHODS, Request};
use std::collections::VecDeque;

const LONGEST_HEAD: usize = 65_536;
const MOST_WAITING: usize = 64;

/// What the bytes of one side are at the moment.
enum Part {
    Head(Vec<u8>),
    Body(u64),
    ChunkSize(Vec<u8>),
    Chunk(u64),
    Trailer(Vec<u8>),
    UntilClose,
    /// It is not known where in a message the bytes are; a head is waited for.
    Lost,
}

/// What the first bytes of a side say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    Request,
    Response,
    /// HTTP/2 in the clear.
    Second,
    Other,
}

/// Whether a connection goes on as HTTP.
#[derive(Debug, PartialEq, Eq)]
pub enum Progress {
    More,
    /// From here on something else is carried: a tunnel, or an upgrade.
    Handed,
    Bad,
}

/// A connection that speaks HTTP/1.
pub struct Conversation {
    pub client: usize,
    parts: [Part; 2],
    waiting: VecDeque<Request>,
    /// Bytes were missing, so that no answer can be given to its request with certainty.
    unpaired: bool,
    pub done: Vec<Exchange>,
}

/// Return how the bytes open; None where there are too few to say.
pub fn opening(bytes: &[u8]) -> Option<Opening> {
    let begins = |word: &str| {
        let both = word.len().min(bytes.len());
        word.as_bytes()[..both] == bytes[..both]
    };
    let word = bytes.iter().take(12).position(|&byte| byte == b' ');
    if begins("PRI * HTTP/2.0") {
        return (bytes.len() >= 14).then_some(Opening::Second);
    }
    if begins("HTTP/1.") {
        return (bytes.len() >= 7).then_some(Opening::Response);
    }
    match word {
        Some(length) => {
            let known = METHODS
                .iter()
                .any(|method| method.as_bytes() == &bytes[..length]);
            Some(if known {
                Opening::Request
            } else {
                Opening::Other
            })
        }
        None if METHODS.iter().any(|method| begins(method)) && bytes.len() < 12 => None,
        None => Some(Opening::Other),
    }
}

/// Return whether bytes begin with the whole first line of a request.
pub fn is_request(bytes: &[u8]) -> bool {
    let line = bytes
        .iter()
        .take(8192)
        .position(|&byte| byte == b'\n')
        .map(|end| &bytes[..end]);
    opening(bytes) == Some(Opening::Request)
        && line.is_some_and(|line| {
            line.trim_ascii_end()
                .windows(8)
                .next_back()
                .is_some_and(|end| end.starts_with(b"HTTP/1."))
        })
}

impl Conversation {
    pub fn new(client: usize) -> Self {
        Self {
            client,
            parts: [Part::Head(Vec::new()), Part::Head(Vec::new())],
            waiting: VecDeque::new(),
            unpaired: false,
            done: Vec::new(),
        }
    }

    /// Return how many bytes wait.
    pub fn held(&self) -> usize {
        let parts = self.parts.iter().map(|part| match part {
            Part::Head(bytes) | Part::ChunkSize(bytes) | Part::Trailer(bytes) => bytes.len(),
            _ => 0,
        });
        let requests = self.waiting.iter().map(|one| 200 + one.target.len());
        parts.sum::<usize>() + requests.sum::<usize>()
    }

    /// Take the next bytes that `side` sent, in the packet `number` at `us`.
    pub fn bytes(&mut self, side: usize, bytes: &[u8], us: i64, number: u64) -> Progress {
        let mut rest = bytes;
        while !rest.is_empty() {
            match &mut self.parts[side] {
                Part::UntilClose => return Progress::More,
                Part::Lost => {
                    let expected = if side == self.client {
                        Opening::Request
                    } else {
                        Opening::Response
                    };
                    if opening(rest) != Some(expected) {
                        return Progress::More;
                    }
                    self.parts[side] = Part::Head(Vec::new());
                }
                Part::Body(left) => {
                    let taken = (*left).min(rest.len() as u64);
                    *left -= taken;
                    rest = &rest[taken as usize..];
                    if *left == 0 {
                        self.parts[side] = Part::Head(Vec::new());
                    }
                }
                Part::Chunk(left) => {
                    let taken = (*left).min(rest.len() as u64);
                    *left -= taken;
                    rest = &rest[taken as usize..];
                    if *left == 0 {
                        self.parts[side] = Part::ChunkSize(Vec::new());
                    }
                }
                Part::ChunkSize(line) => {
                    let whole = take_line(line, &mut rest);
                    if let Some(whole) = whole {
                        self.parts[side] = chunk(&whole);
                    } else if line.len() > 1024 {
                        self.parts[side] = Part::Lost;
                    }
                }
                Part::Trailer(line) => {
                    let whole = take_line(line, &mut rest);
                    if whole.is_some_and(|whole| whole.is_empty()) {
                        self.parts[side] = Part::Head(Vec::new());
                    } else if line.len() > LONGEST_HEAD {
                        self.parts[side] = Part::Lost;
                    }
                }
                Part::Head(head) => {
                    // Empty lines before a request are skipped (RFC 9112, 2.2).
                    if head.is_empty() && matches!(rest[0], b'\r' | b'\n') {
                        rest = &rest[1..];
                        continue;
                    }
                    let before = head.len();
                    head.extend_from_slice(rest);
                    let Some(end) = end_of_head(head, before.saturating_sub(3)) else {
                        if head.len() > LONGEST_HEAD {
                            return Progress::Bad;
                        }
                        return Progress::More;
                    };
                    rest = &rest[end - before..];
                    let mut whole = std::mem::take(head);
                    whole.truncate(end);
                    match self.head(side, &whole, us, number) {
                        Progress::More => {}
                        other => return other,
                    }
                }
            }
        }
        Progress::More
    }

    /// Take note of `length` bytes of `side` that were not captured.
    pub fn gap(&mut self, side: usize, length: u64) {
        match &mut self.parts[side] {
            Part::Body(left) if *left > length => *left -= length,
            Part::UntilClose => {}
            _ => {
                self.parts[side] = Part::Lost;
                self.unpaired = true;
                self.finish();
            }
        }
    }

    /// Give up waiting for answers.
    pub fn finish(&mut self) {
        let requests = self.waiting.drain(..);
        self.done.extend(requests.map(|request| Exchange {
            request,
            status: None,
        }));
    }

    fn head(&mut self, side: usize, head: &[u8], us: i64, number: u64) -> Progress {
        let head = Head::of(head);
        if side == self.client {
            let Some(request) = head.request(us, number) else {
                return Progress::Bad;
            };
            self.parts[side] = part_of(head.body(false));
            let tunnels = request.method == "CONNECT";
            if tunnels {
                self.parts[side] = Part::Body(u64::MAX);
            }
            if self.waiting.len() >= MOST_WAITING {
                self.unpaired = true;
                self.finish();
            }
            if self.unpaired {
                self.done.push(Exchange {
                    request,
                    status: None,
                });
                return if tunnels {
                    Progress::Handed
                } else {
                    Progress::More
                };
            }
            self.waiting.push_back(request);
            return Progress::More;
        }
        let Some(status) = head.status() else {
            return Progress::Bad;
        };
        if (100..200).contains(&status) && status != 101 {
            self.parts[side] = Part::Head(Vec::new());
            return Progress::More;
        }
        let request = self.waiting.pop_front();
        let method = request
            .as_ref()
            .map_or(String::new(), |request| request.method.clone());
        if let Some(request) = request {
            self.done.push(Exchange {
                request,
                status: Some(status),
            });
        }
        let good = (200..300).contains(&status);
        if status == 101 || (method == "CONNECT" && good) {
            return Progress::Handed;
        }
        if method == "CONNECT" {
            self.parts[self.client] = Part::Lost;
        }
        let empty = method == "HEAD" || matches!(status, 204 | 304);
        self.parts[side] = if empty {
            Part::Head(Vec::new())
        } else {
            part_of(head.body(true))
        };
        Progress::More
    }
}

/// Take bytes up to the end of the line; None while it goes on.
fn take_line(line: &mut Vec<u8>, rest: &mut &[u8]) -> Option<Vec<u8>> {
    let end = rest.iter().position(|&byte| byte == b'\n');
    let taken = end.map_or(rest.len(), |end| end + 1);
    line.extend_from_slice(&rest[..taken]);
    *rest = &rest[taken..];
    end?;
    let mut whole = std::mem::take(line);
    whole.truncate(whole.trim_ascii_end().len());
    Some(whole)
}

fn chunk(line: &[u8]) -> Part {
    let digits = line.split(|&byte| byte == b';').next().unwrap_or(&[]);
    let digits = std::str::from_utf8(digits).ok().map(str::trim);
    match digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()) {
        Some(0) => Part::Trailer(Vec::new()),
        // The line end behind a chunk belongs to it.
        Some(length) if length < 1 << 40 => Part::Chunk(length + 2),
        _ => Part::Lost,
    }
}

/// Return where the head ends, looking from `start` on.
fn end_of_head(head: &[u8], start: usize) -> Option<usize> {
    let start = start.min(head.len());
    (start..head.len()).find_map(|place| {
        let rest = &head[place..];
        if rest.starts_with(b"\n\r\n") {
            Some(place + 3)
        } else if rest.starts_with(b"\n\n") {
            Some(place + 2)
        } else {
            None
        }
    })
}

fn part_of(length: BodyLength) -> Part {
    match length {
        BodyLength::Empty => Part::Head(Vec::new()),
        BodyLength::Known(length) => Part::Body(length),
        BodyLength::Chunked => Part::ChunkSize(Vec::new()),
        BodyLength::UntilClose => Part::UntilClose,
        BodyLength::Unreadable => Part::Lost,
    }
}

#[cfg(test)]
mod tests {
    use super::{Conversation, Opening, Progress, opening};

    #[test]
    fn the_first_bytes_say_what_is_spoken() {
        assert_eq!(opening(b"GET / HTTP/1.1"), Some(Opening::Request));
        assert_eq!(opening(b"GE"), None);
        assert_eq!(opening(b"GETS / x"), Some(Opening::Other));
        assert_eq!(opening(b"HTTP/1.1 200"), Some(Opening::Response));
        assert_eq!(opening(b"PRI * HTTP/2.0\r\n"), Some(Opening::Second));
        assert_eq!(opening(b"SSH-2.0-x"), Some(Opening::Other));
    }

    #[test]
    fn a_body_may_be_missing_in_part() {
        let mut talk = Conversation::new(0);
        talk.bytes(0, b"GET /1 HTTP/1.1\r\n\r\n", 1, 1);
        talk.bytes(1, b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", 2, 2);
        talk.gap(1, 5);
        talk.bytes(0, b"GET /2 HTTP/1.1\r\n\r\n", 3, 3);
        assert_eq!(
            talk.bytes(1, b"xyHTTP/1.1 404 No\r\n\r\n", 4, 4),
            Progress::More
        );
        let told: Vec<_> = talk.done.iter().map(|one| one.status).collect();
        assert_eq!(told, [Some(200), Some(404)]);
    }

    #[test]
    fn a_head_without_an_end_is_given_up() {
        let mut talk = Conversation::new(0);
        talk.bytes(0, b"GET / HTTP/1.1\r\n", 1, 1);
        let endless = [b'a'; 70_000];
        assert_eq!(talk.bytes(0, &endless, 1, 1), Progress::Bad);
    }
}
