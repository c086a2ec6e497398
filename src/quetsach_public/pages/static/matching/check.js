// Hold files against the list: what was found, what was read, and what was not.
"use strict";
(function (quetsach) {
  const MOST_EXAMPLES = 3, LONGEST_EXAMPLE = 240, MOST_ENTRIES_TOLD = 5000;
  // A line of a hosts file or of an ad blocker: it keeps the name away, and is no contact.
  const BLOCKS = /^\s{0,20}(?:0\.0\.0\.0|127\.0\.0\.1|::1?)[ \t]/;

  // Without what could turn a line around or hide in it, and not too long.
  quetsach.shown = function (text, most) {
    const plain = text.slice(0, most + 1).replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, " ").trim();
    return plain.length > most ? plain.slice(0, most) + "…" : plain;
  };

  function Result() {
    this.found = new Map();
    this.entries = [];
    this.more = 0;
    this.lines = 0;
    this.long = 0;
    this.bytes = 0;
  }

  Result.prototype.note = function (one, entry, line, number) {
    if (!this.found.has(one)) {
      this.found.set(one, { kind: one.kind, key: one.key, family: one.family, lines: 0, blocked: 0, examples: [], last: "" });
    }
    const found = this.found.get(one), here = entry.name + ":" + number;
    // The pieces of one long line overlap.
    if (found.last === here) { return; }
    found.last = here;
    found.lines++;
    if (BLOCKS.test(line)) { found.blocked++; }
    if (found.examples.length >= MOST_EXAMPLES) { return; }
    const at = Math.max(0, line.toLowerCase().indexOf(one.key) - LONGEST_EXAMPLE / 2);
    found.examples.push({ file: entry.name, number: number, text: quetsach.shown(line.slice(at, at + 2 * LONGEST_EXAMPLE), LONGEST_EXAMPLE) });
  };

  function Visit(result, lookup) {
    this.result = result;
    this.lookup = lookup;
    this.entry = null;
    this.reader = null;
    // Whether what comes lies in an archive.
    this.isInside = false;
  }
  Visit.prototype.begin = function (name, isGuarded) {
    const result = this.result, lookup = this.lookup;
    const entry = { name: quetsach.shown(name, 160), lines: 0, long: 0, encoding: "", reason: "" };
    const reader = new quetsach.Lines(function (line, number) {
      lookup.mentioned(line).forEach(function (one) { result.note(one, entry, line, number); });
    }, this.isInside ? "nested" : "packed");
    this.entry = entry;
    this.reader = reader;
    if (result.entries.length < MOST_ENTRIES_TOLD) { result.entries.push(entry); } else { result.more++; }
    return {
      add: function (data) {
        if (entry.reason !== "") { return; }
        result.bytes += data.length;
        try {
          reader.add(data);
        } catch (error) {
          if (!isGuarded || !(error instanceof quetsach.Unreadable)) { throw error; }
          entry.reason = error.reason;
        }
      },
    };
  };
  Visit.prototype.fail = function (name, error) {
    if (!(error instanceof quetsach.Unreadable)) { error = { reason: "other" }; }
    if (this.entry === null) { this.begin(name); }
    this.entry.reason = this.entry.reason || error.reason;
    this.end();
  };
  Visit.prototype.end = function () {
    const entry = this.entry, reader = this.reader;
    if (entry === null) { return; }
    // What was read before the damage counts, its last line too.
    try { reader.end(); } catch (error) { entry.reason = entry.reason || error.reason || "other"; }
    entry.lines = reader.lines;
    entry.long = reader.long;
    entry.encoding = reader.encoding || "";
    this.result.lines += reader.lines;
    this.result.long += reader.long;
    this.entry = this.reader = null;
  };
  Visit.prototype.one = function (name, read) {
    const sink = this.begin(name);
    try { read(sink); } catch (error) { this.fail(name, error); return; }
    this.end();
  };

  // Shapes: `files` have name, size and read(at, length); `progress` is told the bytes read of each.
  quetsach.check = function (files, lookup, progress) {
    const result = new Result(), budget = { left: quetsach.MOST_BYTES };
    files.forEach(function (file) {
      const visit = new Visit(result, lookup);
      const told = {
        name: quetsach.shown(file.name, 120),
        size: file.size,
        read: function (at, length) { progress(file, at); return file.read(at, length); },
      };
      try {
        if (file.size > 0) { quetsach.readAll(told, visit, budget); } else { visit.one(told.name, function () {}); }
        visit.end();
      } catch (error) {
        visit.fail(told.name, error);
      }
    });
    const found = Array.from(result.found.values()).map(function (one) { delete one.last; return one; });
    found.sort(function (a, b) { return (b.lines - b.blocked) - (a.lines - a.blocked) || (a.key < b.key ? -1 : 1); });
    return { found: found, entries: result.entries, more: result.more, lines: result.lines, long: result.long, bytes: result.bytes };
  };
})(self.quetsach = self.quetsach || {});
