// What in a line could be a name, an address or a digest; the rules of quetsach/sieve/twin.py.
// Each expression has one class and no tail, so a line of any length is read in linear time.
"use strict";
(function (quetsach) {
  const RUN = /[A-Za-z0-9_\-\u0080-\uffff.]+/g;
  const NUMBERS6 = /[0-9A-Fa-f:.]+/g;
  const WORD = /[0-9A-Za-z]+/g;
  const ALL_NUMBERS = /^[0-9.]*$/;
  const HEX = /^[0-9A-Fa-f]+$/;

  const CODE = /\(([0-9]{1,2})\)|%([0-9A-Fa-f]{2})|(\\{1,2}\.)|\\x([0-9A-Fa-f]{2})|\\u00([0-9A-Fa-f]{2})/g;
  const CHUNK = 8192;

  function meaning(_all, _length, percent, _dot, hex, unicode) {
    const digits = percent || hex || unicode;
    if (digits === undefined) { return "."; }
    const code = parseInt(digits, 16);
    return code === 10 ? " " : String.fromCharCode(code);
  }

  // A line with its codes undone (`%2e`, `\.`, `\x2e`, `\u002e`, the lengths of DNS names); they stand for bytes.
  quetsach.decoded = function (line) {
    if (line.indexOf("(") < 0 && line.indexOf("%") < 0 && line.indexOf("\\") < 0) { return line; }
    const bytes = new TextEncoder().encode(line);
    let written = "";
    for (let at = 0; at < bytes.length; at += CHUNK) {
      written += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK));
    }
    const plain = written.replace(CODE, meaning);
    if (plain === written) { return line; }
    const codes = new Uint8Array(plain.length);
    for (let at = 0; at < plain.length; at++) { codes[at] = plain.charCodeAt(at); }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(codes);
  };

  // Runs with a dot in them: of these, names and IPv4 addresses are read.
  quetsach.runs = function (line) {
    return (line.match(RUN) || []).filter(function (run) { return run.indexOf(".") >= 0; });
  };

  quetsach.nameIn = function (run) {
    const name = quetsach.withoutDots(run);
    return name.indexOf(".") < 0 || ALL_NUMBERS.test(name) ? null : name;
  };

  quetsach.addressesIn = function (run) {
    const found = [];
    for (const piece of run.split("-")) {
      const address = piece && ALL_NUMBERS.test(piece) ? quetsach.looseIpv4(piece) : null;
      if (address !== null) { found.push(address); }
    }
    return found;
  };

  function isGlue(line, at) {
    const one = line.charAt(at);
    return one !== "" && (/[A-Za-z_]/.test(one) || line.charCodeAt(at) > 127);
  }

  // A run without groups that are glued to letters, nor colons around it.
  function unglued(line, text, start, end) {
    if (start && isGlue(line, start - 1)) { text = text.slice(text.indexOf(":")); }
    if (isGlue(line, end)) { text = text.slice(0, text.lastIndexOf(":") + 1); }
    let to = text.length;
    while (to && text.charCodeAt(to - 1) === 46) { to--; }
    text = text.slice(0, to);
    if (text.endsWith(":") && (text.endsWith(":::") || !text.endsWith("::"))) { text = text.slice(0, -1); }
    if (text.startsWith(":") && (text.startsWith(":::") || !text.startsWith("::"))) { text = text.slice(1); }
    return text;
  }

  // A gap, or six colons and more in all: most lines have a time of day and neither.
  function mayHoldAddress6(line) {
    let at = line.indexOf(":"), count = 0;
    while (at >= 0 && count < 6) {
      if (line.charCodeAt(at + 1) === 58) { return true; }
      count++;
      at = line.indexOf(":", at + 1);
    }
    return count >= 6;
  }

  quetsach.addresses6 = function (line) {
    const found = [];
    let match;
    if (!mayHoldAddress6(line)) { return found; }
    NUMBERS6.lastIndex = 0;
    while ((match = NUMBERS6.exec(line)) !== null) {
      // A time of day has two colons as well; an address has a gap, or six colons and more.
      if (match[0].indexOf("::") < 0 && match[0].split(":").length < 7) { continue; }
      const text = unglued(line, match[0], match.index, match.index + match[0].length);
      const cut = Math.max(text.lastIndexOf(":"), text.lastIndexOf("."));
      for (const written of [text, cut < 0 ? text : text.slice(0, cut)]) {
        const address = quetsach.ipv6(written);
        if (address !== null && !quetsach.isMapped(address)) { found.push(address); }
      }
    }
    return found;
  };

  quetsach.hashesIn = function (line) {
    return (line.match(WORD) || []).filter(function (word) {
      return (word.length === 32 || word.length === 40 || word.length === 64) && HEX.test(word);
    }).map(function (word) { return word.toLowerCase(); });
  };
})(self.quetsach = self.quetsach || {});
