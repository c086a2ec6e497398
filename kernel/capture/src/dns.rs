//! DNS messages: what was asked, and the names and addresses that came back.
//!
//! Source: RFC 1035; RFC 9460 (SVCB, HTTPS); the registry of IANA for types and codes.

use crate::link::{be16, be32};
use std::net::{Ipv4Addr, Ipv6Addr};

const MOST_QUESTIONS: u16 = 64;
const MOST_ANSWERS: usize = 256;
const MOST_JUMPS: usize = 32;
const LONGEST_NAME: usize = 255;

/// One name that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub name: Vec<u8>,
    pub kind: u16,
}

/// One message, as far as it could be read.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: u16,
    pub is_response: bool,
    pub opcode: u8,
    pub code: u16,
    pub questions: Vec<Question>,
    pub answers: Vec<String>,
}

/// Read a message; a damaged record ends its answers, a damaged head or question is None.
pub fn parse(bytes: &[u8]) -> Option<Message> {
    let flags = be16(bytes, 2)?;
    let (asked, answered) = (be16(bytes, 4)?, be16(bytes, 6)?);
    let (authorities, additional) = (be16(bytes, 8)?, be16(bytes, 10)?);
    if asked > MOST_QUESTIONS {
        return None;
    }
    let mut message = Message {
        id: be16(bytes, 0)?,
        is_response: flags & 0x8000 != 0,
        opcode: (flags >> 11 & 15) as u8,
        code: flags & 15,
        questions: Vec::new(),
        answers: Vec::new(),
    };
    let mut place = 12;
    for _ in 0..asked {
        let (name, behind) = name(bytes, place)?;
        let kind = be16(bytes, behind)?;
        be16(bytes, behind + 2)?;
        message.questions.push(Question { name, kind });
        place = behind + 4;
    }
    records(
        bytes,
        place,
        &mut message,
        [answered, authorities, additional],
    );
    Some(message)
}

fn records(bytes: &[u8], place: usize, message: &mut Message, counts: [u16; 3]) {
    let mut place = place;
    let answered = usize::from(counts[0]);
    let all: usize = counts.into_iter().map(usize::from).sum();
    for number in 0..all.min(4 * MOST_ANSWERS) {
        let Some(record) = record(bytes, place) else {
            return;
        };
        place = record.start + record.length;
        if number < answered && number < MOST_ANSWERS {
            answer(bytes, &record, &mut message.answers);
        } else if record.kind == 41 && number >= answered {
            // The upper bits of the code stand where others have their lifetime (RFC 6891).
            message.code |= (record.lifetime >> 24 << 4) as u16;
        }
    }
}

struct Record {
    kind: u16,
    lifetime: u32,
    start: usize,
    length: usize,
}

fn record(bytes: &[u8], place: usize) -> Option<Record> {
    let (_, behind) = name(bytes, place)?;
    let record = Record {
        kind: be16(bytes, behind)?,
        lifetime: be32(bytes, behind + 4)?,
        start: behind + 10,
        length: usize::from(be16(bytes, behind + 8)?),
    };
    bytes.get(record.start..record.start + record.length)?;
    Some(record)
}

fn answer(bytes: &[u8], record: &Record, answers: &mut Vec<String>) {
    let content = &bytes[record.start..record.start + record.length];
    let target = |skipped| name(bytes, record.start + skipped).map(|(name, _)| name);
    let name = match record.kind {
        1 => {
            let four: Option<[u8; 4]> = content.try_into().ok();
            answers.extend(four.map(|four| Ipv4Addr::from(four).to_string()));
            return;
        }
        28 => {
            let sixteen: Option<[u8; 16]> = content.try_into().ok();
            answers.extend(sixteen.map(|all| Ipv6Addr::from(all).to_string()));
            return;
        }
        2 | 5 | 12 | 39 => target(0),
        15 => target(2),
        33 => target(6),
        64 | 65 => {
            service(content, answers);
            target(2)
        }
        _ => None,
    };
    if let Some(name) = name.filter(|name| name != b".") {
        answers.push(String::from_utf8_lossy(&name).into_owned());
    }
}

/// Take the addresses that a record of a service gives as hints.
fn service(content: &[u8], answers: &mut Vec<String>) {
    let Some((_, mut place)) = name(content, 2) else {
        return;
    };
    while let (Some(key), Some(length)) = (be16(content, place), be16(content, place + 2)) {
        let Some(value) = content.get(place + 4..place + 4 + usize::from(length)) else {
            return;
        };
        place += 4 + usize::from(length);
        if key == 4 {
            for four in value.as_chunks::<4>().0 {
                answers.push(Ipv4Addr::from(*four).to_string());
            }
        } else if key == 6 {
            for sixteen in value.as_chunks::<16>().0 {
                answers.push(Ipv6Addr::from(*sixteen).to_string());
            }
        }
    }
}

/// Return the name at `place` as it is written in zone files, and where it ends.
///
/// A dot or backslash inside a label is escaped, and so is every byte that no text has, so that no
/// label passes for two.
fn name(bytes: &[u8], place: usize) -> Option<(Vec<u8>, usize)> {
    let mut text = Vec::new();
    let (mut place, mut behind, mut jumps, mut length) = (place, None, 0, 0);
    loop {
        let first = usize::from(*bytes.get(place)?);
        match first & 0xc0 {
            0x00 => {
                place += 1;
                if first == 0 {
                    break;
                }
                length += first + 1;
                if length > LONGEST_NAME {
                    return None;
                }
                label(bytes.get(place..place + first)?, &mut text);
                text.push(b'.');
                place += first;
            }
            0xc0 => {
                let target = usize::from(be16(bytes, place)? & 0x3fff);
                behind.get_or_insert(place + 2);
                jumps += 1;
                if jumps > MOST_JUMPS {
                    return None;
                }
                place = target;
            }
            _ => return None,
        }
    }
    match text.pop() {
        Some(_) => {}
        None => text.push(b'.'),
    }
    Some((text, behind.unwrap_or(place)))
}

fn label(label: &[u8], text: &mut Vec<u8>) {
    let is_text = std::str::from_utf8(label).is_ok();
    for &byte in label {
        match byte {
            b'.' | b'\\' | b'"' => text.extend_from_slice(&[b'\\', byte]),
            b'!'..=b'~' => text.push(byte),
            0x80.. if is_text => text.push(byte),
            _ => text.extend_from_slice(format!("\\{byte:03}").as_bytes()),
        }
    }
}

/// Return the name of a record type.
pub fn kind_name(kind: u16) -> String {
    let name = match kind {
        1 => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        10 => "NULL",
        12 => "PTR",
        13 => "HINFO",
        15 => "MX",
        16 => "TXT",
        17 => "RP",
        18 => "AFSDB",
        24 => "SIG",
        25 => "KEY",
        28 => "AAAA",
        29 => "LOC",
        33 => "SRV",
        35 => "NAPTR",
        37 => "CERT",
        39 => "DNAME",
        41 => "OPT",
        43 => "DS",
        44 => "SSHFP",
        46 => "RRSIG",
        47 => "NSEC",
        48 => "DNSKEY",
        50 => "NSEC3",
        51 => "NSEC3PARAM",
        52 => "TLSA",
        59 => "CDS",
        60 => "CDNSKEY",
        64 => "SVCB",
        65 => "HTTPS",
        99 => "SPF",
        249 => "TKEY",
        250 => "TSIG",
        251 => "IXFR",
        252 => "AXFR",
        255 => "ANY",
        256 => "URI",
        257 => "CAA",
        other => return format!("TYPE{other}"),
    };
    name.into()
}

/// Return the name of a response code.
pub fn code_name(code: u16) -> String {
    let name = match code {
        0 => "NOERROR",
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        6 => "YXDOMAIN",
        7 => "YXRRSET",
        8 => "NXRRSET",
        9 => "NOTAUTH",
        10 => "NOTZONE",
        11 => "DSOTYPENI",
        16 => "BADVERS",
        23 => "BADCOOKIE",
        other => return format!("RCODE{other}"),
    };
    name.into()
}

/// Return the word for what a message is about; None for a plain question.
pub fn opcode_name(opcode: u8) -> Option<String> {
    match opcode {
        0 => None,
        1 => Some("IQUERY".into()),
        2 => Some("STATUS".into()),
        4 => Some("NOTIFY".into()),
        5 => Some("UPDATE".into()),
        6 => Some("DSO".into()),
        other => Some(format!("OPCODE{other}")),
    }
}
