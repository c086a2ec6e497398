// node run_lines.js FOLDER < {"list": ..., "lines": [...]}: what each line meets, as JSON.
"use strict";
const fs = require("fs"), path = require("path");
globalThis.self = globalThis;
["names", "addresses", "tokens", "urls", "lookup"].forEach(function (name) {
  require(path.resolve(process.argv[2], name + ".js"));
});
const given = JSON.parse(fs.readFileSync(0, "utf8"));
const lookup = new self.quetsach.Lookup(given.list);
const said = given.lines.map(function (line) {
  return lookup.mentioned(line).map(function (one) { return [one.kind, one.key]; }).sort();
});
process.stdout.write(JSON.stringify(said));
