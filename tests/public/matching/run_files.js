// node run_files.js FOLDER LIST FILE...: the files held against the list, as JSON.
"use strict";
const fs = require("fs"), path = require("path");
globalThis.self = globalThis;
["names", "addresses", "tokens", "urls", "lookup", "inflate", "archives", "lines", "check"].forEach(function (name) {
  require(path.resolve(process.argv[2], name + ".js"));
});
const lookup = new self.quetsach.Lookup(JSON.parse(fs.readFileSync(process.argv[3], "utf8")));
if (process.env.MOST_BYTES) { self.quetsach.MOST_BYTES = +process.env.MOST_BYTES; }
const files = process.argv.slice(4).map(function (name) {
  const data = fs.readFileSync(name);
  return {
    name: path.basename(name),
    size: data.length,
    read: function (at, length) { return new Uint8Array(data.subarray(at, at + length)); },
  };
});
process.stdout.write(JSON.stringify(self.quetsach.check(files, lookup, function () {})));
