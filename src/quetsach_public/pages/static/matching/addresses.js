// IPv4 as four numbers with dots, IPv6 as 32 hex digits: each address has one text.
"use strict";
(function (quetsach) {
  const STRICT = /^(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}$/;

  function numbers(parts) {
    let out = "";
    for (let i = 0; i < 4; i++) {
      if (!/^[0-9]{1,3}$/.test(parts[i]) || +parts[i] > 255) { return null; }
      out += (i ? "." : "") + (+parts[i]);
    }
    return out;
  }

  // As a log may write it: zeros in front, dots around, a fifth number as port (tcpdump).
  quetsach.looseIpv4 = function (token) {
    const parts = quetsach.withoutDots(token.slice(0, 4096)).split(".");
    if (token.length > 4096 || parts.length < 4 || parts.length > 5) { return null; }
    return numbers(parts);
  };

  quetsach.ipv4 = function (text) {
    return STRICT.test(text) ? numbers(text.split(".")) : null;
  };

  // 32 hex digits, or null; an IPv4 address in the guise of IPv6 is none.
  quetsach.ipv6 = function (text) {
    if (text.length > 45 || text.indexOf(":") < 0) { return null; }
    const last = text.slice(text.lastIndexOf(":") + 1);
    if (last.indexOf(".") >= 0) {
      const four = quetsach.ipv4(last);
      if (four === null) { return null; }
      const n = four.split(".").map(Number);
      text = text.slice(0, -last.length) + (n[0] * 256 + n[1]).toString(16) + ":" + (n[2] * 256 + n[3]).toString(16);
    }
    const halves = text.split("::");
    if (halves.length > 2) { return null; }
    const groups = halves.map(function (half) { return half === "" ? [] : half.split(":"); });
    const given = groups.reduce(function (sum, one) { return sum + one.length; }, 0);
    if (halves.length === 2 ? given > 7 : given !== 8) { return null; }
    const missing = halves.length === 2 ? new Array(8 - given).fill("0") : [];
    const all = groups[0].concat(missing, groups[1] || []);
    let hex = "";
    for (const one of all) {
      if (!/^[0-9A-Fa-f]{1,4}$/.test(one)) { return null; }
      hex += ("000" + one.toLowerCase()).slice(-4);
    }
    return hex;
  };

  quetsach.isMapped = function (hex) { return hex.slice(0, 24) === "00000000000000000000ffff"; };

  quetsach.mappedIpv4 = function (hex) {
    return [24, 26, 28, 30].map(function (at) { return parseInt(hex.slice(at, at + 2), 16); }).join(".");
  };

  // The bits of an address as a text of 0 and 1, for its networks.
  quetsach.bits = function (address) {
    if (address.indexOf(".") > 0) {
      return address.split(".").map(function (one) { return ("0000000" + (+one).toString(2)).slice(-8); }).join("");
    }
    return Array.from(address, function (one) { return ("000" + parseInt(one, 16).toString(2)).slice(-4); }).join("");
  };
})(self.quetsach = self.quetsach || {});
