//! Both directions of a TCP connection, put in order, and what is spoken in them.

use crate::counts::{Count, Counts};
use crate::dns;
use crate::event::{End, Event};
use crate::http::{self, Conversation, Opening};
use crate::questions::{Questions, Seen};
use crate::socks::{self, Socks};
use crate::tls::{self, Handshake};

// What arrives before its turn, in one direction.
const MOST_EARLY: usize = 64;
const MOST_EARLY_BYTES: usize = 128 << 10;
// Further ahead than this, a sequence number is not of this stream.
const WINDOW: u32 = 4 << 20;
// In so many bytes of another protocol a TLS handshake may begin (STARTTLS, SOCKS, CONNECT).
const WATCHED: usize = 64 << 10;
const LONGEST_HEAD: usize = 64;
const DOMAIN_PORTS: [u16; 3] = [53, 5353, 5355];

/// One packet of a connection and where what it completes is written to.
pub struct Context<'a> {
    pub ends: [End; 2],
    pub began: &'a mut Option<usize>,
    pub proven: &'a mut bool,
    pub application: &'a mut Option<&'static str>,
    pub us: i64,
    pub now: i64,
    pub number: u64,
    pub out: &'a mut Vec<u8>,
    pub questions: &'a mut Questions,
    pub counts: &'a mut Counts,
}

/// The bytes of one direction.
#[derive(Default)]
struct Direction {
    next: Option<u32>,
    early: Vec<(u32, Vec<u8>)>,
    early_bytes: usize,
}

enum Talk {
    /// The first bytes of each side do not say yet what this is.
    Opening([Vec<u8>; 2]),
    Tls {
        handshake: Box<Handshake>,
        us: i64,
        number: u64,
    },
    Http(Box<Conversation>),
    Socks(Box<Socks>),
    Dns([Vec<u8>; 2]),
    /// Something else; so many of its bytes are still looked at.
    Other(usize),
    Over,
}

/// Both directions of one connection.
pub struct Streams {
    directions: [Direction; 2],
    talk: Talk,
}

impl Streams {
    pub fn new() -> Self {
        Self {
            directions: [Direction::default(), Direction::default()],
            talk: Talk::Opening([Vec::new(), Vec::new()]),
        }
    }

    /// Return whether nothing more will come of this connection.
    pub fn is_over(&self) -> bool {
        matches!(self.talk, Talk::Over)
    }

    /// Return how many bytes wait here.
    pub fn held(&self) -> usize {
        let early: usize = self.directions.iter().map(|one| one.early_bytes).sum();
        let talk = match &self.talk {
            Talk::Opening(heads) | Talk::Dns(heads) => heads[0].len() + heads[1].len(),
            Talk::Tls { handshake, .. } => handshake.held(),
            Talk::Http(conversation) => conversation.held(),
            Talk::Socks(socks) => socks.held(),
            Talk::Other(_) | Talk::Over => 0,
        };
        early + talk
    }

    /// Say that the bytes of `side` begin at `sequence`.
    pub fn begin(&mut self, side: usize, sequence: u32) {
        self.directions[side].next.get_or_insert(sequence);
    }

    /// Take a segment; `missing` bytes behind `bytes` were sent and not captured.
    pub fn segment(
        &mut self,
        side: usize,
        sequence: u32,
        bytes: &[u8],
        missing: usize,
        context: &mut Context<'_>,
    ) {
        let next = *self.directions[side].next.get_or_insert(sequence);
        let ahead = sequence.wrapping_sub(next);
        if ahead == 0 {
            self.take(side, bytes, missing, context);
        } else if ahead > u32::MAX / 2 {
            let known = next.wrapping_sub(sequence) as usize;
            let fresh = bytes.get(known..).unwrap_or(&[]);
            let cut = known.saturating_sub(bytes.len()).min(missing);
            if !fresh.is_empty() || missing > cut {
                self.take(side, fresh, missing - cut, context);
            }
        } else if ahead <= WINDOW {
            self.early(side, sequence, bytes, missing, context);
        }
        self.catch_up(side, context);
    }

    /// Give up waiting for what did not come, and write what is known.
    pub fn finish(&mut self, context: &mut Context<'_>) {
        for side in 0..2 {
            while !self.directions[side].early.is_empty() {
                self.skip(side, context);
            }
        }
        self.close(context);
    }

    fn early(
        &mut self,
        side: usize,
        sequence: u32,
        bytes: &[u8],
        missing: usize,
        context: &mut Context<'_>,
    ) {
        let direction = &mut self.directions[side];
        if direction.early.iter().any(|(known, _)| *known == sequence) {
            return;
        }
        if missing == 0 && !bytes.is_empty() {
            direction.early_bytes += bytes.len();
            direction.early.push((sequence, bytes.to_vec()));
        }
        if direction.early.len() > MOST_EARLY || direction.early_bytes > MOST_EARLY_BYTES {
            self.skip(side, context);
        }
    }

    /// Take what came too early and whose turn it is now.
    fn catch_up(&mut self, side: usize, context: &mut Context<'_>) {
        loop {
            let direction = &mut self.directions[side];
            let Some(next) = direction.next else { return };
            let due = direction.early.iter().position(|(sequence, _)| {
                sequence.wrapping_sub(next) == 0 || sequence.wrapping_sub(next) > u32::MAX / 2
            });
            let Some(place) = due else { return };
            let (sequence, bytes) = direction.early.swap_remove(place);
            direction.early_bytes -= bytes.len();
            let known = next.wrapping_sub(sequence) as usize;
            if let Some(fresh) = bytes.get(known..) {
                self.take(side, fresh, 0, context);
            }
        }
    }

    /// Take the hole before the next early bytes as lost.
    fn skip(&mut self, side: usize, context: &mut Context<'_>) {
        let direction = &mut self.directions[side];
        let Some(next) = direction.next else { return };
        let first = direction
            .early
            .iter()
            .map(|(sequence, _)| sequence.wrapping_sub(next))
            .min();
        let Some(length) = first else { return };
        self.gap(side, length, context);
        self.catch_up(side, context);
    }

    fn take(&mut self, side: usize, bytes: &[u8], missing: usize, context: &mut Context<'_>) {
        let direction = &mut self.directions[side];
        let next = direction.next.unwrap_or(0);
        direction.next = Some(next.wrapping_add(bytes.len() as u32));
        if !bytes.is_empty() {
            self.deliver(side, bytes, context);
        }
        if missing > 0 {
            self.gap(side, missing as u32, context);
        }
    }

    fn gap(&mut self, side: usize, length: u32, context: &mut Context<'_>) {
        let direction = &mut self.directions[side];
        direction.next = direction.next.map(|next| next.wrapping_add(length));
        if self.is_over() {
            return;
        }
        context.counts.add(Count::StreamGaps);
        match &mut self.talk {
            Talk::Http(conversation) => {
                conversation.gap(side, u64::from(length));
                self.tell(context);
            }
            Talk::Other(left) => *left = left.saturating_sub(length as usize),
            Talk::Opening(_) | Talk::Socks(_) => {
                self.tell_proxy(context);
                self.talk = Talk::Other(WATCHED);
            }
            // What stands behind the hole cannot be found again.
            Talk::Tls { .. } | Talk::Dns(_) => self.close(context),
            Talk::Over => {}
        }
    }

    fn deliver(&mut self, side: usize, bytes: &[u8], context: &mut Context<'_>) {
        match &mut self.talk {
            Talk::Over => {}
            Talk::Opening(heads) => {
                heads[side].extend_from_slice(bytes);
                self.open(side, context);
            }
            Talk::Other(left) => {
                *left = left.saturating_sub(bytes.len());
                let is_over = *left == 0;
                if bytes.len() >= 6 && bytes[5] == 1 && tls::begins(bytes) == Some(true) {
                    self.start_tls(context);
                    self.deliver(side, bytes, context);
                } else if http::is_request(bytes) {
                    // Behind the handshake of a SOCKS proxy.
                    self.talk = Talk::Http(Box::new(Conversation::new(side)));
                    self.deliver(side, bytes, context);
                } else if is_over {
                    self.talk = Talk::Over;
                }
            }
            Talk::Dns(heads) => {
                heads[side].extend_from_slice(bytes);
                self.domain(side, context);
            }
            Talk::Socks(socks) => match socks.bytes(side, bytes, context.us, context.number) {
                socks::Progress::More => {}
                _ => self.leave_proxy(side, context),
            },
            Talk::Tls { handshake, .. } => match handshake.bytes(side, bytes) {
                tls::Progress::More => {}
                tls::Progress::Done => self.close(context),
                tls::Progress::Bad => {
                    context.counts.add(Count::TlsBad);
                    self.close(context);
                }
            },
            Talk::Http(conversation) => {
                let progress = conversation.bytes(side, bytes, context.us, context.number);
                self.tell(context);
                match progress {
                    http::Progress::More => {}
                    http::Progress::Handed => {
                        self.close(context);
                        self.talk = Talk::Other(WATCHED);
                    }
                    http::Progress::Bad => {
                        context.counts.add(Count::HttpBad);
                        self.close(context);
                    }
                }
            }
        }
    }

    /// Decide by the first bytes what is spoken.
    fn open(&mut self, side: usize, context: &mut Context<'_>) {
        let Talk::Opening(heads) = &mut self.talk else {
            return;
        };
        let head = &heads[side];
        if is_domain((context.ends[0].port, context.ends[1].port)) {
            let heads = std::mem::take(heads);
            *context.application = Some("dns");
            self.talk = Talk::Dns(heads);
            self.domain(0, context);
            self.domain(1, context);
            return;
        }
        let is_tls = tls::begins(head);
        let spoken = http::opening(head);
        let old = tls::old_hello(head);
        // A client of a proxy speaks first.
        let is_first = heads[1 - side].is_empty() && context.began.is_none_or(|one| one == side);
        let is_socks = is_first && socks::may_begin(head);
        let heads = match (is_tls, spoken) {
            _ if old.is_some() => {
                // What it says of its extensions is nothing; the certificate comes as ever.
                let mut heads = std::mem::take(heads);
                heads[side].drain(..old.unwrap_or(0));
                proves(side, context);
                self.start_tls(context);
                heads
            }
            (Some(true), _) => {
                let heads = std::mem::take(heads);
                self.start_tls(context);
                heads
            }
            (_, Some(Opening::Request | Opening::Response)) => {
                let client = if spoken == Some(Opening::Request) {
                    side
                } else {
                    1 - side
                };
                let heads = std::mem::take(heads);
                *context.application = Some("http");
                proves(client, context);
                self.talk = Talk::Http(Box::new(Conversation::new(client)));
                heads
            }
            (_, Some(Opening::Second)) => {
                *context.application = Some("http2");
                context.counts.add(Count::Http2);
                proves(side, context);
                self.talk = Talk::Over;
                return;
            }
            _ if is_socks => {
                let heads = std::mem::take(heads);
                self.talk = Talk::Socks(Box::new(Socks::new(side)));
                heads
            }
            (Some(false), Some(Opening::Other)) if head[0] & 0x80 == 0 || head.len() > 4 => {
                self.talk = Talk::Other(WATCHED);
                return;
            }
            _ if head.len() > LONGEST_HEAD => {
                self.talk = Talk::Other(WATCHED);
                return;
            }
            _ => return,
        };
        // The side that opened comes first.
        for turn in [side, 1 - side] {
            if !heads[turn].is_empty() {
                self.deliver(turn, &heads[turn], context);
            }
        }
    }

    /// Look at what comes behind the handshake with a proxy, the side that spoke last at the end.
    fn leave_proxy(&mut self, side: usize, context: &mut Context<'_>) {
        self.tell_proxy(context);
        let talk = std::mem::replace(&mut self.talk, Talk::Other(WATCHED));
        if let Talk::Socks(socks) = talk {
            for turn in [1 - side, side] {
                let behind = socks.behind()[turn];
                if !behind.is_empty() {
                    self.deliver(turn, behind, context);
                }
            }
        }
    }

    /// Write what a client asked a proxy for.
    fn tell_proxy(&mut self, context: &mut Context<'_>) {
        let Talk::Socks(socks) = &self.talk else {
            return;
        };
        if socks.tell(&context.ends, context.out) {
            *context.application = Some("socks");
            context.counts.add(Count::Events);
            proves(socks.client(), context);
        }
    }

    fn start_tls(&mut self, context: &mut Context<'_>) {
        if context.application.is_none() {
            *context.application = Some("tls");
        }
        self.talk = Talk::Tls {
            handshake: Box::default(),
            us: context.us,
            number: context.number,
        };
    }

    /// Read the messages that are whole, each behind its length (RFC 1035, 4.2.2).
    fn domain(&mut self, side: usize, context: &mut Context<'_>) {
        let Talk::Dns(heads) = &mut self.talk else {
            return;
        };
        let mut head = std::mem::take(&mut heads[side]);
        let mut place = 0;
        while let Some([high, low]) = head.get(place..place + 2) {
            let length = usize::from(*high) << 8 | usize::from(*low);
            let Some(message) = head.get(place + 2..place + 2 + length) else {
                break;
            };
            place += 2 + length;
            let Some(message) = dns::parse(message) else {
                context.counts.add(Count::DnsBad);
                self.talk = Talk::Over;
                return;
            };
            let client = if message.is_response { 1 - side } else { side };
            proves(client, context);
            let seen = Seen {
                us: context.us,
                now: context.now,
                number: context.number,
                source: context.ends[side],
                destination: context.ends[1 - side],
                over_tcp: true,
            };
            context
                .questions
                .message(message, seen, context.out, context.counts);
        }
        head.drain(..place);
        if let Talk::Dns(heads) = &mut self.talk {
            heads[side] = head;
        }
    }

    /// Write the requests that are complete.
    fn tell(&mut self, context: &mut Context<'_>) {
        let Talk::Http(conversation) = &mut self.talk else {
            return;
        };
        let client = conversation.client;
        for exchange in conversation.done.drain(..) {
            let request = &exchange.request;
            let mut event = Event::begin(context.out, request.us, "pcap.http");
            event.text("event.type", b"protocol");
            event.text("network.transport", b"tcp");
            event.text("network.application", b"http");
            event.ends(&context.ends[client], &context.ends[1 - client]);
            exchange.write(&mut event, &context.ends[1 - client].address);
            event.end(request.number);
            context.counts.add(Count::Events);
        }
    }

    /// Write what is known and look no further.
    fn close(&mut self, context: &mut Context<'_>) {
        if let Talk::Http(conversation) = &mut self.talk {
            conversation.finish();
            self.tell(context);
        }
        self.tell_proxy(context);
        let talk = std::mem::replace(&mut self.talk, Talk::Over);
        let Talk::Tls {
            handshake,
            us,
            number,
        } = talk
        else {
            return;
        };
        let Some(client) = handshake.client().filter(|_| handshake.is_told()) else {
            return;
        };
        proves(client, context);
        let mut event = Event::begin(context.out, us, "pcap.tls");
        event.text("event.type", b"protocol");
        event.text("network.transport", b"tcp");
        event.text("network.application", b"tls");
        event.ends(&context.ends[client], &context.ends[1 - client]);
        handshake.write(&mut event);
        event.end(number);
        context.counts.add(Count::Events);
    }
}

/// Take the side that spoke as a client for the one that began, unless a packet proved who did.
fn proves(client: usize, context: &mut Context<'_>) {
    if !*context.proven {
        *context.began = Some(client);
        *context.proven = true;
    }
}

/// Return whether one of two ports is that of DNS or of its likes on a link.
pub fn is_domain(ports: (u16, u16)) -> bool {
    DOMAIN_PORTS
        .iter()
        .any(|port| ports.0 == *port || ports.1 == *port)
}
