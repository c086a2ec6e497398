// From bytes to lines: UTF-8, UTF-16 as PowerShell writes it, else Windows-1258; each line is counted.
"use strict";
(function (quetsach) {
  const HEAD = 4096, LONGEST = 1048576, OVERLAP = 8192;
  // Zip, gzip, zstd, bzip2, xz, 7z, rar: to be unpacked first.
  const PACKED = [[0x50, 0x4b, 3, 4], [0x1f, 0x8b], [0x28, 0xb5, 0x2f, 0xfd], [0x42, 0x5a, 0x68, 0x39], [0xfd, 0x37, 0x7a, 0x58],
    [0x37, 0x7a, 0xbc, 0xaf], [0x52, 0x61, 0x72, 0x21]];
  // PDF, old Office, programs: no text, though their head may look so.
  const OTHER = [[0x25, 0x50, 0x44, 0x46], [0xd0, 0xcf, 0x11, 0xe0], [0x4d, 0x5a, 0x90]];

  function zeros(head, start) {
    let found = 0, all = 0;
    for (let at = start; at < head.length; at += 2) { all++; found += head[at] === 0; }
    return { found: found, all: all };
  }

  function begins(head, starts) {
    return starts.some(function (start) {
      return start.every(function (one, at) { return head[at] === one; });
    });
  }

  // "utf-16le", "utf-16be", "" for one byte a letter; `packed` is why an archive is not read.
  function encodingOf(head, packed) {
    if (head[0] === 0xff && head[1] === 0xfe) { return "utf-16le"; }
    if (head[0] === 0xfe && head[1] === 0xff) { return "utf-16be"; }
    const even = zeros(head, 0), odd = zeros(head, 1);
    if (odd.all > 1 && odd.found > 0.6 * odd.all && even.found === 0) { return "utf-16le"; }
    if (even.all > 1 && even.found > 0.6 * even.all && odd.found === 0) { return "utf-16be"; }
    if (begins(head, PACKED) || quetsach.isTar(head)) { throw new quetsach.Unreadable(packed); }
    if (begins(head, OTHER) || even.found + odd.found > 0) { throw new quetsach.Unreadable("binary"); }
    return "";
  }

  // Where the last letter of a UTF-8 text begins, so that none is cut in two.
  function wholeLetters(data) {
    let end = data.length;
    while (end > data.length - 4 && (data[end - 1] & 0xc0) === 0x80) { end--; }
    return end - 1;
  }

  // `onLine` is called with each line and its number; a line too long to be held at once comes in pieces.
  function Lines(onLine, packed) {
    this.onLine = onLine;
    this.packed = packed;
    this.lines = 0;
    this.long = 0;
    this.encoding = null;
    this.decoder = null;
    this.bytes = new Uint8Array(0);
    this.text = "";
    this.isInside = false;
  }

  Lines.prototype.add = function (data) {
    if (this.encoding === null) {
      this.bytes = this.joined(data).slice();
      if (this.bytes.length >= HEAD) { this.begin(this.bytes); }
      return;
    }
    this.take(data);
  };

  Lines.prototype.joined = function (data) {
    if (this.bytes.length === 0) { return data; }
    const all = new Uint8Array(this.bytes.length + data.length);
    all.set(this.bytes);
    all.set(data, this.bytes.length);
    return all;
  };

  Lines.prototype.begin = function (data) {
    const found = encodingOf(data.subarray(0, HEAD), this.packed);
    this.bytes = new Uint8Array(0);
    this.encoding = found || "utf-8";
    this.decoder = new TextDecoder(this.encoding, { fatal: found === "" });
    this.isWide = found !== "";
    this.take(data);
  };

  Lines.prototype.take = function (data) {
    if (this.isWide) { this.push(this.decoder.decode(data, { stream: true })); return; }
    // Whole lines alone are decoded, so that no letter is cut in two.
    const all = this.joined(data);
    let end = Math.max(all.lastIndexOf(10), all.lastIndexOf(13)) + 1;
    if (end === 0 && all.length >= LONGEST) { end = wholeLetters(all); }
    this.push(this.narrow(all.subarray(0, end)));
    this.bytes = all.slice(end);
  };

  Lines.prototype.narrow = function (data) {
    if (this.encoding === "utf-8") {
      try {
        return this.decoder.decode(data);
      } catch (error) {
        this.encoding = "windows-1258";
        this.decoder = new TextDecoder(this.encoding);
      }
    }
    return this.decoder.decode(data);
  };

  Lines.prototype.push = function (text) {
    const all = this.text + text;
    let at = 0, found;
    const END = /\r\n|\n|\r(?!$)/g;
    while ((found = END.exec(all)) !== null) {
      this.line(all.slice(at, found.index));
      at = END.lastIndex;
    }
    this.text = all.slice(at);
    while (this.text.length >= LONGEST) {
      if (!this.isInside) { this.lines++; this.long++; this.isInside = true; }
      this.onLine(this.text.slice(0, LONGEST), this.lines);
      // What stands at the border is seen whole with the next piece.
      this.text = this.text.slice(LONGEST - OVERLAP);
    }
  };

  Lines.prototype.line = function (text) {
    if (!this.isInside) { this.lines++; }
    this.isInside = false;
    this.onLine(text, this.lines);
  };

  Lines.prototype.end = function () {
    if (this.encoding === null) {
      if (this.bytes.length === 0) { return; }
      this.begin(this.bytes);
    }
    const rest = this.isWide ? this.decoder.decode() : this.narrow(this.bytes);
    this.bytes = new Uint8Array(0);
    this.push(rest);
    const last = this.text.replace(/\r$/, "");
    if (this.text !== "") { this.line(last); }
    this.text = "";
  };

  quetsach.Lines = Lines;
})(self.quetsach = self.quetsach || {});
