//! What was read, what was not looked into and why, so that nothing is lost in silence.

macro_rules! counts {
    ($($name:ident = $key:literal, $doc:literal;)*) => {
        /// One figure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Count {
            $(#[doc = $doc] $name,)*
        }

        const KEYS: &[&str] = &[$($key),*];
    };
}

counts! {
    BytesRead = "bytes", "Bytes of the file up to the last whole packet.";
    Packets = "packets", "Packets.";
    Events = "events", "Events written.";
    NotACapture = "not-a-capture", "1 where the file does not begin like a capture.";
    Damaged = "damaged", "1 where a length cannot be, so that nothing behind it was read.";
    FileCut = "file-cut", "1 where the file ends inside a packet.";
    DamagedBlocks = "damaged-blocks", "Packets or interfaces of pcapng that could not be read.";
    NoTime = "no-time", "Packets without a time, or with one of a clock that was never set.";
    Cut = "cut", "Packets of which less was kept than was sent.";
    UnknownLink = "unknown-link", "Packets of a kind of link that is not read.";
    Encrypted = "encrypted-link", "Frames whose content is encrypted on the link (Wi-Fi, MACsec).";
    NotIp = "not-ip", "Frames that carry neither IP nor ARP, such as spanning tree.";
    BadHeader = "bad-header", "Packets whose headers contradict themselves or are too short.";
    Tunnel = "tunnel", "Packets of a tunnel that is not looked into.";
    Control = "control", "ICMP that is no ping: errors, routers, neighbours.";
    FragmentLost = "fragment-lost", "Fragments whose datagram never became whole.";
    FragmentOverlap = "fragment-overlap", "Datagrams whose fragments contradict each other.";
    FlowsEvicted = "flows-evicted", "Connections told before their end, for there were too many.";
    Undirected = "undirected", "Connections of which it is not known who began.";
    StreamsDropped = "streams-dropped", "Connections whose content was no longer followed.";
    StreamGaps = "stream-gaps", "Holes in followed connections: packets that were not captured.";
    DnsBad = "dns-bad", "DNS messages that could not be read.";
    DnsUnasked = "dns-unasked", "DNS answers to a group, which nobody is known to have asked for.";
    QuestionsEvicted = "questions-evicted", "Questions told without their answer: too many at once.";
    TlsBad = "tls-bad", "TLS handshakes that could not be read.";
    HttpBad = "http-bad", "HTTP messages that could not be read.";
    Http2 = "http2", "Connections that speak HTTP/2 in the clear, which is not read.";
    Quic = "quic", "Connections that speak QUIC, whose names are not read.";
    DhcpBad = "dhcp-bad", "DHCP messages that could not be read.";
    LeasesEvicted = "leases-evicted", "DHCP requests forgotten before their answer: too many.";
    NeighboursEvicted = "neighbours-evicted", "Neighbours forgotten, for there were too many.";
}

/// The figures of one capture.
#[derive(Clone, Debug)]
pub struct Counts {
    figures: [u64; KEYS.len()],
}

impl Counts {
    pub fn new() -> Self {
        Self {
            figures: [0; KEYS.len()],
        }
    }

    pub fn add(&mut self, count: Count) {
        self.figures[count as usize] += 1;
    }

    pub fn set(&mut self, count: Count, figure: u64) {
        self.figures[count as usize] = figure;
    }

    /// Return every figure with its name.
    pub fn named(&self) -> Vec<(&'static str, u64)> {
        KEYS.iter().copied().zip(self.figures).collect()
    }
}
