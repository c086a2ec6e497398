// The open list laid out for matching, and what a line meets: quetsach/scanning/matching.py.
"use strict";
(function (quetsach) {
  const LONGEST_NAME = 253, MOST_KNOWN = 50000;
  const WITH_PORT = /(?:^|[^\w.])([0-9]{1,3}(?:\.[0-9]{1,3}){3})[:.]([0-9]{1,5})$/;

  function Indicator(kind, key, family) {
    this.kind = kind;
    this.key = key;
    this.family = family;
    this.port = null;
    this.isExact = false;
  }

  function hostOf(key) {
    if (key.startsWith("[")) { return [key.slice(1, key.indexOf("]")), key.slice(key.indexOf("]") + 2)]; }
    const parts = key.split(":");
    return parts.length === 2 ? parts : [key, ""];
  }

  function canonical(host) {
    const four = quetsach.ipv4(host);
    return four !== null ? four : quetsach.ipv6(host);
  }

  function Lookup(list) {
    this.names = new Map();
    this.addresses = new Map();
    this.networks = new Map();
    this.lengths = { 32: [], 128: [] };
    this.urls = new Map();
    this.urlLengths = new Map();
    this.hashes = new Map();
    this.runs = new Map();
    const families = list.families;
    const each = function (kind, of, take) {
      Object.keys(of || {}).forEach(function (key) { take(new Indicator(kind, key, families[of[key]] || "")); });
    };
    each("name", list.names, (one) => { this.names.set(one.key, one); });
    each("name", list.exact, (one) => { one.isExact = true; this.names.set(one.key, one); });
    each("address", list.addresses, (one) => { this.addAddress(one); });
    each("network", list.networks, (one) => { this.addNetwork(one); });
    each("url", list.urls, (one) => { this.addUrl(one); });
    each("hash", list.hashes, (one) => { this.hashes.set(one.key, one); });
    [32, 128].forEach((bits) => { this.lengths[bits].sort(function (a, b) { return b - a; }); });
  }

  Lookup.prototype.addAddress = function (one) {
    const parts = hostOf(one.key), address = canonical(parts[0]);
    if (address === null) { return; }
    one.port = parts[1] === "" ? null : +parts[1];
    if (!this.addresses.has(address)) { this.addresses.set(address, []); }
    this.addresses.get(address).push(one);
  };

  Lookup.prototype.addNetwork = function (one) {
    const parts = one.key.split("/"), address = canonical(parts[0]), length = +parts[1];
    if (address === null) { return; }
    const bits = quetsach.bits(address), lengths = this.lengths[bits.length];
    if (lengths.indexOf(length) < 0) { lengths.push(length); }
    this.networks.set(bits.length + ":" + bits.slice(0, length), one);
  };

  Lookup.prototype.addUrl = function (one) {
    const found = quetsach.urlKey(one.key);
    if (found === null) { return; }
    if (!this.urlLengths.has(found[0])) { this.urlLengths.set(found[0], []); }
    const lengths = this.urlLengths.get(found[0]);
    if (lengths.indexOf(found[1].length) < 0) { lengths.push(found[1].length); }
    this.urls.set(found[1], one);
  };

  Lookup.prototype.byName = function (name) {
    const found = [];
    let rest = name, below = 0;
    if (rest.length > LONGEST_NAME) {
      rest = rest.slice(-LONGEST_NAME);
      rest = rest.indexOf(".") < 0 ? "" : rest.slice(rest.indexOf(".") + 1);
      below = 1;
    }
    while (rest !== "") {
      const one = this.names.get(rest);
      if (one !== undefined && (below === 0 || !one.isExact)) { found.push(one); }
      const dot = rest.indexOf(".");
      rest = dot < 0 ? "" : rest.slice(dot + 1);
      below++;
    }
    return found;
  };

  // The address itself, on any of `ports` where it is listed with one; else its longest network.
  Lookup.prototype.byAddress = function (address, ports) {
    const found = (this.addresses.get(address) || []).filter(function (one) {
      return one.port === null || ports().has(one.port);
    });
    if (found.length || !this.networks.size) { return found; }
    const bits = quetsach.bits(address);
    for (const length of this.lengths[bits.length]) {
      const network = this.networks.get(bits.length + ":" + bits.slice(0, length));
      if (network !== undefined) { return [network]; }
    }
    return [];
  };

  Lookup.prototype.byUrl = function (body) {
    const found = quetsach.urlKey(body);
    if (found === null) { return []; }
    const lengths = this.urlLengths.get(found[0]) || [];
    return lengths.filter((length) => length <= found[1].length && this.urls.has(found[1].slice(0, length)) &&
      quetsach.covers(found[1].slice(0, length), found[1]))
      .map((length) => this.urls.get(found[1].slice(0, length)));
  };

  // What a run says is the same wherever it stands, and logs repeat themselves.
  Lookup.prototype.read = function (run) {
    let known = this.runs.get(run);
    if (known === undefined) {
      const name = quetsach.nameIn(run);
      known = { met: name === null ? [] : this.byName(quetsach.seenName(name)), addresses: quetsach.addressesIn(run) };
      if (this.runs.size >= MOST_KNOWN) { this.runs.clear(); }
      if (run.length <= LONGEST_NAME) { this.runs.set(run, known); }
    }
    return known;
  };

  function portsOf(line) {
    const written = new Map(), numbers = new Set();
    (line.match(/[\w.:]+/g) || []).forEach(function (word) {
      if (/^[0-9]{1,5}$/.test(word)) { numbers.add(+word); }
      const found = WITH_PORT.exec(word.slice(-22));
      if (found !== null) {
        if (!written.has(found[1])) { written.set(found[1], new Set()); }
        written.get(found[1]).add(+found[2]);
      }
    });
    return function (address) { return written.get(address) || numbers; };
  }

  // The indicators that `line` names, each once, in the order in which they stand; one with codes is looked at decoded, too.
  Lookup.prototype.mentioned = function (line) {
    const met = new Set();
    const plain = quetsach.decoded(line);
    this.addNamed(line, met);
    if (plain !== line) { this.addNamed(plain, met); }
    return Array.from(met);
  };

  Lookup.prototype.addNamed = function (line, met) {
    const add = function (one) { met.add(one); };
    const addresses = new Set();
    for (const run of quetsach.runs(line)) {
      const said = this.read(run);
      said.met.forEach(add);
      said.addresses.forEach(function (one) { addresses.add(one); });
    }
    if (line.indexOf(":") >= 0) { quetsach.addresses6(line).forEach(function (one) { addresses.add(one); }); }
    let ports = null;
    addresses.forEach((address) => {
      this.byAddress(address, function () {
        ports = ports || portsOf(line);
        return ports(address);
      }).forEach(add);
    });
    if (this.hashes.size) {
      quetsach.hashesIn(line).forEach((digest) => { if (this.hashes.has(digest)) { add(this.hashes.get(digest)); } });
    }
    if (this.urls.size) { quetsach.urlBodies(line).forEach((body) => { this.byUrl(body).forEach(add); }); }
  };

  quetsach.Lookup = Lookup;
})(self.quetsach = self.quetsach || {});
