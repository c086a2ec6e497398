// Deflate (RFC 1951) undone piece by piece: the window is all that is held of what came out.
"use strict";
(function (quetsach) {
  const WINDOW = 32768, ROOM = 131072;
  const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
  const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
  const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
    4097, 6145, 8193, 12289, 16385, 24577];
  const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
  const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

  function damaged() { return new quetsach.Unreadable("damaged"); }

  // What was read too far can be given back, for the trailer behind the stream.
  function Bits(next) {
    this.next = next;
    this.data = new Uint8Array(0);
    this.at = 0;
    this.held = 0;
    this.count = 0;
  }
  Bits.prototype.byte = function () {
    while (this.at >= this.data.length) {
      this.data = this.next();
      this.at = 0;
      if (this.data === null) { this.data = new Uint8Array(0); return -1; }
    }
    return this.data[this.at++];
  };
  Bits.prototype.need = function (count) {
    while (this.count < count) {
      const byte = this.byte();
      if (byte < 0) { throw damaged(); }
      this.held |= byte << this.count;
      this.count += 8;
    }
  };
  Bits.prototype.take = function (count) {
    if (count === 0) { return 0; }
    this.need(count);
    const value = this.held & ((1 << count) - 1);
    this.held >>>= count;
    this.count -= count;
    return value;
  };
  Bits.prototype.align = function () {
    this.take(this.count & 7);
  };
  // A code is at most 15 bits long; near the end there may be fewer left than that.
  Bits.prototype.symbol = function (table) {
    while (this.count < 15) {
      const byte = this.byte();
      if (byte < 0) { break; }
      this.held |= byte << this.count;
      this.count += 8;
    }
    const entry = table[this.held & 32767], length = entry & 15;
    if (length === 0 || length > this.count) { throw damaged(); }
    this.held >>>= length;
    this.count -= length;
    return entry >>> 4;
  };

  // From the lengths of codes to a table by the next 15 bits: symbol and length.
  function tableOf(lengths) {
    const counts = new Uint16Array(16), next = new Uint16Array(16), table = new Uint16Array(32768);
    let left = 1, code = 0, used = 0;
    lengths.forEach(function (one) { counts[one]++; used += one > 0; });
    counts[0] = 0;
    for (let bits = 1; bits < 16; bits++) {
      left = left * 2 - counts[bits];
      if (left < 0) { throw damaged(); }
      code = (code + counts[bits - 1]) << 1;
      next[bits] = code;
    }
    if (left > 0 && used > 1) { throw damaged(); }
    lengths.forEach(function (bits, symbol) {
      if (bits === 0) { return; }
      let value = next[bits]++, turned = 0;
      for (let i = 0; i < bits; i++) { turned = (turned << 1) | (value & 1); value >>>= 1; }
      for (let at = turned; at < 32768; at += 1 << bits) { table[at] = (symbol << 4) | bits; }
    });
    return table;
  }

  let fixed = null;
  function fixedTables() {
    if (fixed === null) {
      const lengths = [];
      for (let i = 0; i < 288; i++) { lengths.push(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8); }
      fixed = [tableOf(lengths), tableOf(new Array(32).fill(5))];
    }
    return fixed;
  }

  function ownTables(bits) {
    const literals = bits.take(5) + 257, distances = bits.take(5) + 1, count = bits.take(4) + 4;
    const first = new Array(19).fill(0), lengths = [];
    if (literals > 286 || distances > 30) { throw damaged(); }
    for (let i = 0; i < count; i++) { first[ORDER[i]] = bits.take(3); }
    const table = tableOf(first);
    while (lengths.length < literals + distances) {
      const symbol = bits.symbol(table);
      if (symbol < 16) { lengths.push(symbol); continue; }
      if (symbol === 16 && lengths.length === 0) { throw damaged(); }
      const value = symbol === 16 ? lengths[lengths.length - 1] : 0;
      let repeat = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
      while (repeat--) { lengths.push(value); }
    }
    if (lengths.length > literals + distances || lengths[256] === 0) { throw damaged(); }
    return [tableOf(lengths.slice(0, literals)), tableOf(lengths.slice(literals))];
  }

  // Call `give` with each piece of what `next` (bytes, null at the end) unpacks to; return the reader of the bits.
  quetsach.inflate = function (next, give) {
    const bits = new Bits(next), out = new Uint8Array(WINDOW + ROOM);
    let at = 0, given = 0;
    function flush() {
      const piece = out.subarray(given, at), kept = Math.min(at, WINDOW);
      given = at;
      if (piece.length) { give(piece); }
      out.copyWithin(0, at - kept, at);
      at = given = kept;
    }
    try {
      unpack();
    } catch (error) {
      // What stood before the damage is read.
      flush();
      throw error;
    }
    flush();
    return bits;

    function unpack() {
      let last = 0;
      while (!last) {
        last = bits.take(1);
        const kind = bits.take(2);
        if (kind === 3) { throw damaged(); }
        if (kind === 0) {
          bits.align();
          let length = bits.take(16);
          if (bits.take(16) !== (length ^ 65535)) { throw damaged(); }
          while (length--) {
            if (at === out.length) { flush(); }
            out[at++] = bits.take(8);
          }
          continue;
        }
        const tables = kind === 1 ? fixedTables() : ownTables(bits);
        for (;;) {
          const symbol = bits.symbol(tables[0]);
          if (symbol === 256) { break; }
          if (symbol < 256) {
            if (at === out.length) { flush(); }
            out[at++] = symbol;
            continue;
          }
          if (symbol > 285) { throw damaged(); }
          const length = LENGTHS[symbol - 257] + bits.take(LENGTH_BITS[symbol - 257]);
          const far = bits.symbol(tables[1]);
          if (far > 29) { throw damaged(); }
          const distance = DISTANCES[far] + bits.take(DISTANCE_BITS[far]);
          if (at + length > out.length) { flush(); }
          if (distance > at) { throw damaged(); }
          for (let i = 0; i < length; i++, at++) { out[at] = out[at - distance]; }
        }
      }
    }
  };
})(self.quetsach = self.quetsach || {});
