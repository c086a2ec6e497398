//! From captured packets to events, as from a sensor: connections, names asked, certificates shown,
//! pages requested, leases and neighbours. Bounded in memory, whatever the capture.
//!
//! Bytes in, lines out: nothing is opened here. Each line is a JSON object with names of ECS.

mod certificate;
mod connections;
mod container;
mod counts;
mod dhcp;
mod dns;
mod event;
mod fingerprints;
mod flows;
mod fragments;
mod http;
mod http_heads;
mod link;
mod neighbours;
mod network;
mod packets;
mod questions;
mod quic;
mod socks;
mod streams;
mod tls;
mod transports;
mod tunnels;

use container::Container;
use counts::Counts;
use packets::Reader;

/// A capture that is read as its bytes arrive.
pub struct Capture {
    container: Container,
    reader: Reader,
    counts: Counts,
}

impl Default for Capture {
    fn default() -> Self {
        Self::new()
    }
}

impl Capture {
    /// Return a reader at the beginning of a file.
    pub fn new() -> Self {
        Self {
            container: Container::new(),
            reader: Reader::new(),
            counts: Counts::new(),
        }
    }

    /// Take the next bytes of the file; return the whole lines that they complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<u8> {
        let reader = &mut self.reader;
        self.container
            .feed(bytes, &mut self.counts, &mut |packet, counts| {
                reader.packet(packet, counts);
            });
        reader.lines()
    }

    /// Say that the file is over; return the lines of all that was still open.
    pub fn finish(&mut self) -> Vec<u8> {
        self.container.finish(&mut self.counts);
        self.reader.finish(&mut self.counts);
        self.reader.lines()
    }

    /// Return the packets of NetFlow and IPFIX since the last call, each with who sent it.
    pub fn exports(&mut self) -> Vec<(String, Vec<u8>)> {
        let exports = std::mem::take(&mut self.reader.exports).into_iter();
        exports
            .map(|export| (event::shown(&export.source), export.bytes))
            .collect()
    }

    /// Return every figure with its name; see `counts.rs`.
    pub fn counts(&self) -> Vec<(&'static str, u64)> {
        self.counts.named()
    }
}

#[cfg(test)]
mod tests {
    use super::Capture;
    use crate::flows::MOST_FLOWS;

    const HEADER: [u32; 6] = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, 101];

    /// Return a raw packet of IPv4 that opens a TCP connection from `port`, as a record of pcap.
    fn opening(port: u16, seconds: u32) -> Vec<u8> {
        let mut packet = vec![
            0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 20, 3, 41, 203, 0, 113, 77,
        ];
        packet.extend_from_slice(&port.to_be_bytes());
        packet.extend_from_slice(&[1, 187, 0, 0, 0, 9, 0, 0, 0, 0, 0x50, 2, 4, 0, 0, 0, 0, 0]);
        let mut record: Vec<u8> = [seconds, 0, 40, 40]
            .into_iter()
            .flat_map(u32::to_le_bytes)
            .collect();
        record.append(&mut packet);
        record
    }

    fn capture(records: impl Iterator<Item = Vec<u8>>) -> (usize, Vec<(&'static str, u64)>) {
        let mut capture = Capture::new();
        let header: Vec<u8> = HEADER.into_iter().flat_map(u32::to_le_bytes).collect();
        let mut lines = capture.feed(&header);
        for record in records {
            lines.append(&mut capture.feed(&record));
        }
        lines.append(&mut capture.finish());
        let count = lines.iter().filter(|&&byte| byte == b'\n').count();
        (
            count,
            capture
                .counts()
                .into_iter()
                .filter(|(_, figure)| *figure > 0)
                .collect(),
        )
    }

    #[test]
    fn more_connections_than_there_is_room_for_lose_none() {
        let many = 3 * MOST_FLOWS as u16;
        let (lines, counts) = capture((1..=many).map(|port| opening(port, 1_788_225_322)));
        assert_eq!(lines, usize::from(many));
        assert!(counts.contains(&("flows-evicted", 2 * MOST_FLOWS as u64)));
    }

    #[test]
    fn a_clock_that_jumps_ends_connections_once() {
        let times = [1_788_225_322, 3_000_000_000, 1_788_225_323, 1_788_225_324];
        let (lines, _) = capture(times.into_iter().map(|seconds| opening(5000, seconds)));
        assert_eq!(lines, 2);
    }

    #[test]
    fn no_bytes_at_all_are_no_capture() {
        let mut capture = Capture::default();
        assert_eq!(capture.finish(), b"");
        assert!(capture.counts().contains(&("not-a-capture", 1)));
    }
}
