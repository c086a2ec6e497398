// What a chosen file holds: itself, the files of a zip, what a gzip or tar.gz unpacks to; all with bounds.
"use strict";
(function (quetsach) {
  const PIECE = 1048576;
  quetsach.MOST_BYTES = 1073741824;
  quetsach.MOST_ENTRIES = 2000;
  const DIRECTORY = 8388608;

  // Why a file or entry was not read: packed, nested, damaged, too-much, encrypted, binary, other.
  quetsach.Unreadable = function (reason) { this.reason = reason; };

  const CRC = new Int32Array(256).map(function (_, n) {
    for (let k = 0; k < 8; k++) { n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1; }
    return n;
  });
  function crcOf(before, data) {
    let crc = ~before;
    for (let i = 0; i < data.length; i++) { crc = CRC[(crc ^ data[i]) & 255] ^ (crc >>> 8); }
    return ~crc;
  }

  function u16(data, at) { return data[at] | (data[at + 1] << 8); }
  function u32(data, at) { return (u16(data, at) | (u16(data, at + 2) << 16)) >>> 0; }
  const IN_64_BITS = 0xffffffff;
  // More than 53 bits are of no file that there is; what they are then is larger than any.
  function u64(data, at) { return u32(data, at) + u32(data, at + 4) * 4294967296; }
  function startsWith(data, bytes) { return bytes.every(function (one, at) { return data[at] === one; }); }

  // A function that returns the bytes from `from` to `to`, piece by piece, null behind the last.
  function pieces(file, from, to) {
    return function () {
      if (from >= to) { return null; }
      const data = file.read(from, Math.min(PIECE, to - from));
      if (data.length === 0) { throw new quetsach.Unreadable("damaged"); }
      from += data.length;
      return data;
    };
  }

  // A sink that counts what all archives together unpack to, and the check sum of one entry.
  function counted(sink, budget) {
    const counter = { crc: 0, size: 0 };
    counter.add = function (data) {
      budget.left -= data.length;
      if (budget.left < 0) { throw new quetsach.Unreadable("too-much"); }
      counter.crc = crcOf(counter.crc, data);
      counter.size += data.length;
      sink.add(data);
    };
    return counter;
  }

  function directoryOf(file) {
    const length = Math.min(file.size, 65557), tail = file.read(file.size - length, length);
    let at = tail.length - 22;
    while (at >= 0 && !startsWith(tail.subarray(at), [0x50, 0x4b, 5, 6])) { at--; }
    if (at < 0) { throw new quetsach.Unreadable("damaged"); }
    const far = farEnd(file, tail.subarray(Math.max(0, at - 20), at));
    const count = far ? u64(far, 32) : u16(tail, at + 10), size = far ? u64(far, 40) : u32(tail, at + 12);
    const start = far ? u64(far, 48) : u32(tail, at + 16);
    if (start + size > file.size) { throw new quetsach.Unreadable("damaged"); }
    if (size > DIRECTORY) { throw new quetsach.Unreadable("too-much"); }
    return { data: file.read(start, size), count: count };
  }

  // Where the directory of a zip64 stands (PKWARE APPNOTE 4.3.14, 4.3.15); null for any other zip.
  function farEnd(file, locator) {
    if (!startsWith(locator, [0x50, 0x4b, 6, 7])) { return null; }
    const at = u64(locator, 8), far = at + 56 > file.size ? new Uint8Array(0) : file.read(at, 56);
    return startsWith(far, [0x50, 0x4b, 6, 6]) ? far : null;
  }

  // What did not fit into 32 bits stands behind the name, in this order (4.5.3).
  function widened(entry, extra) {
    const short = ["size", "packed", "start"].filter(function (one) { return entry[one] === IN_64_BITS; });
    for (let at = 0; short.length > 0 && at + 4 <= extra.length; at += 4 + u16(extra, at + 2)) {
      if (u16(extra, at) !== 1) { continue; }
      const held = extra.subarray(at + 4, at + 4 + u16(extra, at + 2));
      if (held.length < 8 * short.length) { break; }
      short.splice(0).forEach(function (one, place) { entry[one] = u64(held, 8 * place); });
    }
    // A field that is not there, or too short: the entry cannot be found.
    entry.isLost = short.length > 0;
    return entry;
  }

  function entriesOf(file) {
    const directory = directoryOf(file), data = directory.data, entries = [];
    let at = 0;
    while (entries.length < directory.count) {
      if (at + 46 > data.length || !startsWith(data.subarray(at), [0x50, 0x4b, 1, 2])) { throw new quetsach.Unreadable("damaged"); }
      const nameEnd = at + 46 + u16(data, at + 28), name = data.subarray(at + 46, nameEnd);
      entries.push(widened({
        name: new TextDecoder("utf-8").decode(name),
        isEncrypted: (u16(data, at + 8) & 1) === 1,
        method: u16(data, at + 10),
        crc: u32(data, at + 16),
        packed: u32(data, at + 20),
        size: u32(data, at + 24),
        start: u32(data, at + 42),
      }, data.subarray(nameEnd, nameEnd + u16(data, at + 30))));
      at = nameEnd + u16(data, at + 30) + u16(data, at + 32);
    }
    return entries;
  }

  function readEntry(file, entry, sink, budget) {
    if (entry.isEncrypted) { throw new quetsach.Unreadable("encrypted"); }
    if (entry.method !== 0 && entry.method !== 8) { throw new quetsach.Unreadable("packed"); }
    if (entry.isLost || entry.start + 30 > file.size) { throw new quetsach.Unreadable("damaged"); }
    const head = file.read(entry.start, 30);
    if (head.length < 30 || !startsWith(head, [0x50, 0x4b, 3, 4])) { throw new quetsach.Unreadable("damaged"); }
    const from = entry.start + 30 + u16(head, 26) + u16(head, 28);
    if (from + entry.packed > file.size) { throw new quetsach.Unreadable("damaged"); }
    const next = pieces(file, from, from + entry.packed), counter = counted(sink, budget);
    if (entry.method === 8) {
      quetsach.inflate(next, counter.add);
    } else {
      for (let data = next(); data !== null; data = next()) { counter.add(data); }
    }
    if (counter.crc >>> 0 !== entry.crc) { throw new quetsach.Unreadable("damaged"); }
  }

  function readZip(file, visit, budget) {
    const entries = entriesOf(file);
    entries.slice(0, quetsach.MOST_ENTRIES).forEach(function (entry) {
      if (entry.name.endsWith("/")) { return; }
      visit.one(file.name + " / " + entry.name, function (sink) { readEntry(file, entry, sink, budget); });
    });
    if (entries.length > quetsach.MOST_ENTRIES) {
      visit.one(file.name, function () { throw new quetsach.Unreadable("too-much"); });
    }
  }

  // The files of a tar that is given in pieces; a file longer than what is left ends with what is there.
  function Tar(name, visit) {
    this.name = name;
    this.visit = visit;
    this.head = new Uint8Array(512);
    this.held = 0;
    this.left = 0;
    this.padding = 0;
    this.sink = null;
    this.count = 0;
  }
  Tar.prototype.add = function (data) {
    let at = 0;
    while (at < data.length) {
      if (this.left > 0) {
        const part = data.subarray(at, at + this.left);
        if (this.sink) { this.sink.add(part); }
        this.left -= part.length;
        at += part.length;
        if (this.left === 0) { this.close(); }
      } else if (this.padding > 0) {
        const skipped = Math.min(this.padding, data.length - at);
        this.padding -= skipped;
        at += skipped;
      } else {
        const part = data.subarray(at, at + 512 - this.held);
        this.head.set(part, this.held);
        this.held += part.length;
        at += part.length;
        if (this.held === 512) { this.open(); }
      }
    }
  };
  Tar.prototype.text = function (from, to) {
    const part = this.head.subarray(from, to), end = part.indexOf(0);
    return new TextDecoder("utf-8").decode(end < 0 ? part : part.subarray(0, end));
  };
  Tar.prototype.open = function () {
    this.held = 0;
    if (this.head.every(function (one) { return one === 0; })) { return; }
    const size = this.text(124, 136).trim();
    if (!/^[0-7]{1,11}$/.test(size)) { throw new quetsach.Unreadable("damaged"); }
    this.left = parseInt(size, 8);
    this.padding = (512 - this.left % 512) % 512;
    const kind = this.head[156];
    if (kind !== 0 && kind !== 48) { return; }
    if (++this.count > quetsach.MOST_ENTRIES) { throw new quetsach.Unreadable("too-much"); }
    this.sink = this.visit.begin(this.name + " / " + this.text(0, 100), true);
    if (this.left === 0) { this.close(); }
  };
  Tar.prototype.close = function () {
    if (this.sink) { this.visit.end(); }
    this.sink = null;
  };
  Tar.prototype.end = function () {
    if (this.left > 0 || this.held > 0) { throw new quetsach.Unreadable("damaged"); }
  };

  quetsach.isTar = isTar;
  function isTar(head) { return head.length > 262 && startsWith(head.subarray(257), [0x75, 0x73, 0x74, 0x61, 0x72]); }

  // Gzip (RFC 1952); what is in it is a tar or one file.
  function readGzip(file, visit, budget) {
    const head = file.read(0, Math.min(file.size, 65536)), flags = head[3];
    let at = 10;
    if (head[2] !== 8 || head.length < 18) { throw new quetsach.Unreadable("damaged"); }
    if (flags & 4) { at += 2 + u16(head, at); }
    [8, 16].forEach(function (flag) {
      if (flags & flag) { at = head.indexOf(0, at) + 1 || head.length; }
    });
    if (flags & 2) { at += 2; }
    let into = null;
    const sink = { add: function (data) {
      if (into === null) { into = isTar(data) ? new Tar(file.name, visit) : visit.begin(file.name); }
      into.add(data);
    } };
    const counter = counted(sink, budget);
    const bits = quetsach.inflate(pieces(file, at, file.size), counter.add);
    bits.align();
    const crc = bits.take(16) | (bits.take(16) << 16), size = bits.take(16) | (bits.take(16) << 16);
    if (crc !== counter.crc || size !== (counter.size | 0)) { throw new quetsach.Unreadable("damaged"); }
    if (into instanceof Tar) { into.end(); }
    // A second part behind the first is not read, and that is told.
    if (bits.count > 0 || bits.byte() >= 0) { throw new quetsach.Unreadable("packed"); }
    visit.end();
  }

  // Read `file` ({name, size, read(at, length)}), each file in it opened and closed at `visit`.
  quetsach.readAll = function (file, visit, budget) {
    const head = file.read(0, Math.min(file.size, 512));
    visit.isInside = true;
    if (startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6])) {
      readZip(file, visit, budget);
    } else if (startsWith(head, [0x1f, 0x8b])) {
      readGzip(file, visit, budget);
    } else if (isTar(head)) {
      const tar = new Tar(file.name, visit), next = pieces(file, 0, file.size);
      for (let data = next(); data !== null; data = next()) { tar.add(data); }
      tar.end();
    } else {
      visit.isInside = false;
      visit.one(file.name, function (sink) {
        const next = pieces(file, 0, file.size);
        for (let data = next(); data !== null; data = next()) { sink.add(data); }
      });
    }
  };
})(self.quetsach = self.quetsach || {});
