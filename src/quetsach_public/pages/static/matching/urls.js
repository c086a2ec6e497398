// Web addresses in a line, and in their one canonical form; the rules of quetsach/urls.py.
"use strict";
(function (quetsach) {
  const BODY = /:\/\/([^ \t\n\r\f\v"'<>|^`{}]{1,4096})/g;
  // A comma or bracket may belong to a web address or stand behind it, so both are looked at.
  const CUT_BODY = /^[^ \t\n\r\f\v"'<>|^`{},;)]{1,4096}/;
  const LONGEST = 8192;

  quetsach.urlBodies = function (line) {
    const plain = line.replace(/\\\//g, "/"), bodies = new Set();
    if (plain.indexOf("://") < 0) { return bodies; }
    let match;
    BODY.lastIndex = 0;
    while ((match = BODY.exec(plain)) !== null) { bodies.add(match[1]); }
    // One address inside another, or two in a row, begin at each "://".
    plain.split("://").slice(1).forEach(function (piece) {
      const found = CUT_BODY.exec(piece);
      if (found) { bodies.add(found[0]); }
    });
    return bodies;
  };

  function hostAndPort(text) {
    let host = text, behind = "";
    if (text.startsWith("[")) {
      const end = text.indexOf("]");
      if (end < 0) { return null; }
      host = text.slice(1, end);
      behind = text.slice(end + 1);
    } else if (text.split(":").length === 2) {
      host = text.slice(0, text.indexOf(":"));
      behind = text.slice(text.indexOf(":"));
    }
    if (behind === "") { return [host, null]; }
    const found = /^:([0-9]{1,5})?$/.exec(behind);
    if (found === null) { return null; }
    const port = found[1] === undefined ? null : +found[1];
    return port !== null && !(port > 0 && port < 65536) ? null : [host, port];
  }

  function addressOf(host) {
    if (host.length > 128) { return null; }
    const four = quetsach.ipv4(host);
    if (four !== null) { return four; }
    const six = quetsach.ipv6(host.split("%")[0]);
    return six !== null && quetsach.isMapped(six) ? quetsach.mappedIpv4(six) : six;
  }

  // [site, key] of what stands behind "://", or null; an IPv6 host is 32 hex digits here.
  quetsach.urlKey = function (body) {
    // As in the engine, three strokes after the colon are two.
    const cut = body.trimEnd().slice(0, LONGEST - "x://".length);
    const text = cut.startsWith("/") ? cut.slice(1) : cut;
    const end = text.search(/[/?#\\]/);
    const authority = end < 0 ? text : text.slice(0, end);
    const found = hostAndPort(authority.slice(authority.lastIndexOf("@") + 1));
    if (found === null) { return null; }
    const address = addressOf(found[0]);
    const host = address !== null ? address : quetsach.seenName(found[0]);
    if (host === "") { return null; }
    const port = found[1] === null || found[1] === 80 || found[1] === 443 ? "" : ":" + found[1];
    const rest = (end < 0 ? "" : text.slice(end)).split("#")[0];
    const site = (address !== null && address.length === 32 ? "[" + host + "]" : host) + port;
    return [site, (site + (rest.startsWith("/") ? rest : "/" + rest)).slice(0, LONGEST)];
  };

  // Whether the canonical address `key` is `prefix` or lies under it.
  quetsach.covers = function (prefix, key) {
    return key.length === prefix.length || prefix.endsWith("/") || "/?#&".indexOf(key.charAt(prefix.length)) >= 0;
  };
})(self.quetsach = self.quetsach || {});
