//! Packets out of the bytes of a pcap or pcapng file, as they come in.
//!
//! Source: the pcap and pcapng drafts of the IETF (draft-ietf-opsawg-pcap, -pcapng).

use crate::counts::{Count, Counts};
use pcap_parser::{Block, parse_block_be, parse_block_le, parse_pcap_header};

/// The time of a packet that has none.
pub const NO_TIME: i64 = i64::MIN;

// A clock that was never set counts from 1970; no capture is that old.
const FIRST_US: i64 = 31_536_000_000_000; // 1971-01-01
const LAST_US: i64 = 4_102_444_800_000_000; // 2100-01-01
// More than any link carries (libpcap's own bound is 256 KiB); a greater length is damage.
const LONGEST_PACKET: usize = 1 << 20;
const LONGEST_BLOCK: usize = 16 << 20;
const MOST_INTERFACES: usize = 65_536;
const SECTION: u32 = 0x0a0d_0d0a;
const OLD_PACKET: u32 = 2;
const PACKET_BLOCKS: [u32; 4] = [1, OLD_PACKET, 3, 6];

/// One packet, as it was captured.
pub struct Packet<'a> {
    /// 1 for the first one of the file.
    pub number: u64,
    /// Microseconds since 1970 UTC, or `NO_TIME`.
    pub us: i64,
    /// The kind of its link, as tcpdump.org numbers them.
    pub link: u32,
    pub bytes: &'a [u8],
    /// How long it was on the wire; never less than what was captured.
    pub wire_len: usize,
}

#[derive(Clone, Copy)]
struct Legacy {
    big_endian: bool,
    nanoseconds: bool,
    header: usize,
    lengths_swapped: bool,
    may_be_swapped: bool,
    link: u32,
}

#[derive(Clone, Copy)]
struct Interface {
    link: u32,
    snaplen: usize,
    per_second: Option<u64>,
    offset_s: i64,
}

const UNKNOWN_INTERFACE: Interface = Interface {
    link: u32::MAX,
    snaplen: 0,
    per_second: None,
    offset_s: 0,
};

#[derive(Clone, Copy)]
enum Form {
    Unknown,
    Legacy(Legacy),
    Next { big_endian: bool },
}

/// What stands at the front of the buffer.
enum Step<'a> {
    More,
    Skip(usize),
    Packet(usize, Packet<'a>),
    Stop,
}

/// A capture file that is read as its bytes arrive.
pub struct Container {
    buffer: Vec<u8>,
    form: Form,
    interfaces: Vec<Interface>,
    number: u64,
    offset: u64,
    stopped: bool,
}

impl Container {
    pub fn new() -> Self {
        Self {
            buffer: Vec::new(),
            form: Form::Unknown,
            interfaces: Vec::new(),
            number: 0,
            offset: 0,
            stopped: false,
        }
    }

    /// Take the next bytes of the file and hand every whole packet to `sink`.
    pub fn feed(
        &mut self,
        bytes: &[u8],
        counts: &mut Counts,
        sink: &mut impl FnMut(&Packet<'_>, &mut Counts),
    ) {
        if self.stopped {
            return;
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.extend_from_slice(bytes);
        let mut place = 0;
        while !self.stopped {
            match self.step(&buffer[place..], counts) {
                Step::More => break,
                Step::Skip(length) => place += length,
                Step::Packet(length, packet) => {
                    place += length;
                    counts.add(Count::Packets);
                    sink(&packet, counts);
                }
                Step::Stop => self.stopped = true,
            }
        }
        self.offset += place as u64;
        if !self.stopped {
            buffer.drain(..place);
            self.buffer = buffer;
        }
        counts.set(Count::BytesRead, self.offset);
    }

    /// Say what the end of the file leaves open.
    pub fn finish(&mut self, counts: &mut Counts) {
        if !self.stopped && !self.buffer.is_empty() {
            // The last packet was cut off, as when a capture is copied while it runs.
            let whole = matches!(self.form, Form::Unknown);
            counts.add(if whole {
                Count::NotACapture
            } else {
                Count::FileCut
            });
        }
        if matches!(self.form, Form::Unknown) && self.buffer.is_empty() && !self.stopped {
            counts.add(Count::NotACapture);
        }
        self.stopped = true;
    }

    fn step<'a>(&mut self, bytes: &'a [u8], counts: &mut Counts) -> Step<'a> {
        match self.form {
            Form::Unknown => self.begin(bytes, counts),
            Form::Legacy(legacy) => self.record(bytes, legacy, counts),
            Form::Next { big_endian } => self.block(bytes, big_endian, counts),
        }
    }

    fn begin<'a>(&mut self, bytes: &[u8], counts: &mut Counts) -> Step<'a> {
        let Some(magic) = word(bytes, 0, false) else {
            return Step::More;
        };
        if magic == SECTION {
            self.form = Form::Next { big_endian: false };
            return Step::Skip(0);
        }
        if bytes.len() < 24 {
            return Step::More;
        }
        // The header in the other byte order, of a kernel that was patched in 1997.
        let turned = magic == 0x34cd_b2a1;
        let Ok((_, header)) = parse_pcap_header(bytes) else {
            if !turned {
                counts.add(Count::NotACapture);
                return Step::Stop;
            }
            self.form = Form::Legacy(Legacy {
                big_endian: true,
                nanoseconds: false,
                header: 24,
                lengths_swapped: false,
                may_be_swapped: false,
                link: word(bytes, 20, true).unwrap_or(u32::MAX) & 0xffff,
            });
            return Step::Skip(24);
        };
        let old = header.version_major == 2;
        self.form = Form::Legacy(Legacy {
            big_endian: header.is_bigendian(),
            nanoseconds: header.is_nanosecond_precision(),
            header: if header.is_modified_format() { 24 } else { 16 },
            // Source: libpcap, sf-pcap.c: before 2.3 the two lengths stood the other way round.
            lengths_swapped: old && header.version_minor < 3,
            may_be_swapped: old && header.version_minor == 3,
            // The upper bits say how long the check sum behind each frame is.
            link: header.network.0 as u32 & 0xffff,
        });
        Step::Skip(24)
    }

    fn record<'a>(&mut self, bytes: &'a [u8], legacy: Legacy, counts: &mut Counts) -> Step<'a> {
        let read = |place| word(bytes, place, legacy.big_endian);
        let (Some(seconds), Some(fraction), Some(first), Some(second)) =
            (read(0), read(4), read(8), read(12))
        else {
            return Step::More;
        };
        let swapped = legacy.lengths_swapped || (legacy.may_be_swapped && first > second);
        let (captured, wire) = if swapped {
            (second, first)
        } else {
            (first, second)
        };
        let captured = captured as usize;
        if captured > LONGEST_PACKET {
            counts.add(Count::Damaged);
            return Step::Stop;
        }
        let Some(content) = bytes.get(legacy.header..legacy.header + captured) else {
            return Step::More;
        };
        let micros = i64::from(fraction) / if legacy.nanoseconds { 1000 } else { 1 };
        let us = in_range(i128::from(seconds) * 1_000_000 + i128::from(micros), counts);
        let packet = self.packet(us, legacy.link, content, wire as usize);
        Step::Packet(legacy.header + captured, packet)
    }

    fn block<'a>(&mut self, bytes: &'a [u8], big_endian: bool, counts: &mut Counts) -> Step<'a> {
        let (Some(kind), Some(magic)) = (word(bytes, 0, big_endian), word(bytes, 8, false)) else {
            return Step::More;
        };
        let big_endian = if kind == SECTION {
            magic == 0x4d3c_2b1a
        } else {
            big_endian
        };
        let length = word(bytes, 4, big_endian).unwrap_or(0) as usize;
        if !(12..=LONGEST_BLOCK).contains(&length) || !length.is_multiple_of(4) {
            counts.add(Count::Damaged);
            return Step::Stop;
        }
        let Some(whole) = bytes.get(..length) else {
            return Step::More;
        };
        if kind == OLD_PACKET {
            return self.old_packet(whole, big_endian, counts);
        }
        let parsed = if big_endian {
            parse_block_be(whole)
        } else {
            parse_block_le(whole)
        };
        match parsed {
            Ok((_, Block::SectionHeader(_))) => {
                self.form = Form::Next { big_endian };
                self.interfaces.clear();
            }
            Ok((_, Block::InterfaceDescription(block))) => {
                let snaplen = block.snaplen as usize;
                self.interface(Interface {
                    link: block.linktype.0 as u32 & 0xffff,
                    snaplen: if snaplen == 0 { usize::MAX } else { snaplen },
                    per_second: per_second(block.if_tsresol),
                    offset_s: block.if_tsoffset,
                });
            }
            Ok((_, Block::EnhancedPacket(block))) => {
                let captured = (block.caplen as usize).min(block.data.len());
                let units = u64::from(block.ts_high) << 32 | u64::from(block.ts_low);
                let interface = self.interface_of(block.if_id);
                let us = in_range(moment(units, interface), counts);
                let content = &block.data[..captured];
                let packet = self.packet(us, interface.link, content, block.origlen as usize);
                return Step::Packet(length, packet);
            }
            Ok((_, Block::SimplePacket(block))) => {
                let interface = self.interface_of(0);
                let wire = block.origlen as usize;
                let captured = wire.min(interface.snaplen).min(block.data.len());
                counts.add(Count::NoTime);
                let packet = self.packet(NO_TIME, interface.link, &block.data[..captured], wire);
                return Step::Packet(length, packet);
            }
            Ok(_) => {}
            Err(_) => {
                if kind == SECTION {
                    counts.add(Count::Damaged);
                    return Step::Stop;
                }
                if PACKET_BLOCKS.contains(&kind) {
                    counts.add(Count::DamagedBlocks);
                }
                if kind == 1 {
                    // The interfaces behind it keep their numbers.
                    self.interface(UNKNOWN_INTERFACE);
                }
            }
        }
        Step::Skip(length)
    }

    /// Read the packet block of pcapng before 2010, which pcap-parser does not know.
    fn old_packet<'a>(&mut self, block: &'a [u8], big: bool, counts: &mut Counts) -> Step<'a> {
        let read = |place| word(block, place, big).unwrap_or(0);
        let captured = read(20) as usize;
        let Some(content) = block[..block.len() - 4]
            .get(28..)
            .and_then(|all| all.get(..captured))
        else {
            counts.add(Count::DamagedBlocks);
            return Step::Skip(block.len());
        };
        let number = if big { read(8) >> 16 } else { read(8) & 0xffff };
        let interface = self.interface_of(number);
        let units = u64::from(read(12)) << 32 | u64::from(read(16));
        let us = in_range(moment(units, interface), counts);
        let packet = self.packet(us, interface.link, content, read(24) as usize);
        Step::Packet(block.len(), packet)
    }

    fn interface(&mut self, interface: Interface) {
        if self.interfaces.len() < MOST_INTERFACES {
            self.interfaces.push(interface);
        }
    }

    fn interface_of(&self, number: u32) -> Interface {
        let known = self.interfaces.get(number as usize);
        known.copied().unwrap_or(UNKNOWN_INTERFACE)
    }

    fn packet<'a>(&mut self, us: i64, link: u32, bytes: &'a [u8], wire: usize) -> Packet<'a> {
        self.number += 1;
        let wire_len = wire.clamp(bytes.len(), LONGEST_PACKET.max(bytes.len()));
        let number = self.number;
        Packet {
            number,
            us,
            link,
            bytes,
            wire_len,
        }
    }
}

fn word(bytes: &[u8], place: usize, big_endian: bool) -> Option<u32> {
    let four: [u8; 4] = bytes.get(place..place + 4)?.try_into().ok()?;
    Some(if big_endian {
        u32::from_be_bytes(four)
    } else {
        u32::from_le_bytes(four)
    })
}

/// Return how many units of time a second has; pcap-parser 0.17 refuses the powers of two.
fn per_second(resolution: u8) -> Option<u64> {
    let exponent = u32::from(resolution & 0x7f);
    let base: u64 = if resolution & 0x80 != 0 { 2 } else { 10 };
    base.checked_pow(exponent)
}

fn moment(units: u64, interface: Interface) -> i128 {
    let Some(per_second) = interface.per_second.filter(|&number| number > 0) else {
        return -1;
    };
    let us = i128::from(units) * 1_000_000 / i128::from(per_second);
    us + i128::from(interface.offset_s) * 1_000_000
}

fn in_range(us: i128, counts: &mut Counts) -> i64 {
    match i64::try_from(us) {
        Ok(us) if (FIRST_US..LAST_US).contains(&us) => us,
        _ => {
            counts.add(Count::NoTime);
            NO_TIME
        }
    }
}
