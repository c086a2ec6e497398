//! DNS questions with their answers, one event each, the client always as the source.

use crate::container::NO_TIME;
use crate::counts::{Count, Counts};
use crate::dns::{self, Message, Question};
use crate::event::{End, Event, is_group};
use std::collections::{HashMap, VecDeque};

const MOST_WAITING: usize = 65_536;
const MOST_ALIKE: usize = 16;
const UPDATE: u8 = 5;
const WAIT_US: i64 = 10_000_000;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    client: End,
    server: End,
    id: u16,
    over_tcp: bool,
}

struct Asked {
    serial: u64,
    us: i64,
    number: u64,
    opcode: u8,
    questions: Vec<Question>,
}

/// When and where a message was seen.
#[derive(Clone, Copy)]
pub struct Seen {
    pub us: i64,
    /// The clock of the capture, which never goes back.
    pub now: i64,
    pub number: u64,
    pub source: End,
    pub destination: End,
    pub over_tcp: bool,
}

/// Questions that wait for their answer; the oldest leaves first.
pub struct Questions {
    waiting: HashMap<Key, VecDeque<Asked>>,
    order: VecDeque<(i64, Key, u64)>,
    serial: u64,
}

impl Questions {
    pub fn new() -> Self {
        Self {
            waiting: HashMap::new(),
            order: VecDeque::new(),
            serial: 0,
        }
    }

    /// Take one message and write what it completes.
    pub fn message(
        &mut self,
        message: Message,
        seen: Seen,
        out: &mut Vec<u8>,
        counts: &mut Counts,
    ) {
        self.expire(seen.now, out, counts);
        if message.is_response {
            self.answer(&message, seen, out, counts);
        } else {
            self.question(message, seen, out, counts);
        }
    }

    fn question(&mut self, message: Message, seen: Seen, out: &mut Vec<u8>, counts: &mut Counts) {
        let key = Key {
            client: seen.source,
            server: seen.destination,
            id: message.id,
            over_tcp: seen.over_tcp,
        };
        self.serial += 1;
        let asked = Asked {
            serial: self.serial,
            us: seen.us,
            number: seen.number,
            opcode: message.opcode,
            questions: message.questions,
        };
        if is_group(&seen.destination.address) {
            // Whoever answers does it from an address of its own.
            write(&key, &asked, None, out, counts);
            return;
        }
        self.order.push_back((seen.now, key, asked.serial));
        let alike = self.waiting.entry(key).or_default();
        if alike.len() < MOST_ALIKE {
            alike.push_back(asked);
        } else {
            counts.add(Count::QuestionsEvicted);
            write(&key, &asked, None, out, counts);
        }
    }

    fn answer(&mut self, message: &Message, seen: Seen, out: &mut Vec<u8>, counts: &mut Counts) {
        if is_group(&seen.destination.address) {
            counts.add(Count::DnsUnasked);
            return;
        }
        let key = Key {
            client: seen.destination,
            server: seen.source,
            id: message.id,
            over_tcp: seen.over_tcp,
        };
        let asked = self.waiting.get_mut(&key).and_then(|alike| {
            let place = alike
                .iter()
                .position(|asked| is_same(&asked.questions, message))?;
            alike.remove(place)
        });
        if self.waiting.get(&key).is_some_and(VecDeque::is_empty) {
            self.waiting.remove(&key);
        }
        let asked = asked.unwrap_or_else(|| Asked {
            serial: 0,
            us: seen.us,
            number: seen.number,
            opcode: message.opcode,
            questions: message.questions.clone(),
        });
        write(&key, &asked, Some(message), out, counts);
    }

    fn expire(&mut self, now: i64, out: &mut Vec<u8>, counts: &mut Counts) {
        while let Some(&(since, key, serial)) = self.order.front() {
            let full = self.order.len() > MOST_WAITING;
            if !full && now.saturating_sub(since) < WAIT_US {
                return;
            }
            self.order.pop_front();
            self.give_up(key, serial, full, out, counts);
        }
    }

    /// Write all that was never answered.
    pub fn finish(&mut self, out: &mut Vec<u8>, counts: &mut Counts) {
        while let Some((_, key, serial)) = self.order.pop_front() {
            self.give_up(key, serial, false, out, counts);
        }
    }

    fn give_up(
        &mut self,
        key: Key,
        serial: u64,
        full: bool,
        out: &mut Vec<u8>,
        counts: &mut Counts,
    ) {
        let Some(alike) = self.waiting.get_mut(&key) else {
            return;
        };
        if alike.front().is_some_and(|asked| asked.serial == serial)
            && let Some(asked) = alike.pop_front()
        {
            if full {
                counts.add(Count::QuestionsEvicted);
            }
            if alike.is_empty() {
                self.waiting.remove(&key);
            }
            write(&key, &asked, None, out, counts);
        }
    }
}

fn is_same(asked: &[Question], message: &Message) -> bool {
    // An answer may leave the question out; resolvers may write it in another case.
    message.questions.is_empty()
        || asked.iter().zip(&message.questions).all(|(one, other)| {
            one.kind == other.kind && one.name.eq_ignore_ascii_case(&other.name)
        })
}

fn write(
    key: &Key,
    asked: &Asked,
    answer: Option<&Message>,
    out: &mut Vec<u8>,
    counts: &mut Counts,
) {
    let mut questions = asked.questions.iter();
    let first = questions.next();
    one(key, asked, first, answer, out);
    counts.add(Count::Events);
    for question in questions {
        one(key, asked, Some(question), None, out);
        counts.add(Count::Events);
    }
}

fn one(
    key: &Key,
    asked: &Asked,
    question: Option<&Question>,
    answer: Option<&Message>,
    out: &mut Vec<u8>,
) {
    let us = if asked.us == NO_TIME {
        NO_TIME
    } else {
        asked.us
    };
    let mut event = Event::begin(out, us, "pcap.dns");
    event.text("event.type", b"protocol");
    let opcode = dns::opcode_name(asked.opcode);
    if let Some(opcode) = &opcode {
        event.text("event.action", opcode.as_bytes());
    }
    if let Some(answer) = answer {
        let outcome: &[u8] = if answer.code == 0 {
            b"success"
        } else {
            b"failure"
        };
        event.text("event.outcome", outcome);
    }
    event.text(
        "network.transport",
        if key.over_tcp { b"tcp" } else { b"udp" },
    );
    event.text(
        "network.application",
        application(key.server.port).as_bytes(),
    );
    event.ends(&key.client, &key.server);
    // What an update has in that place is a zone, and no name that was asked for.
    if let Some(question) = question.filter(|_| asked.opcode != UPDATE) {
        event.text("dns.question.name", &question.name);
        event.text(
            "dns.question.type",
            dns::kind_name(question.kind).as_bytes(),
        );
    }
    if let Some(answer) = answer {
        if !answer.answers.is_empty() {
            event.texts("dns.answers", &answer.answers);
        }
        event.text("dns.response_code", dns::code_name(answer.code).as_bytes());
    }
    event.end(asked.number);
}

fn application(port: u16) -> &'static str {
    match port {
        5353 => "mdns",
        5355 => "llmnr",
        _ => "dns",
    }
}
