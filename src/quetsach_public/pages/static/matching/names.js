// Host names in their one canonical form, as quetsach/hostnames.py has them: lower case, xn--.
"use strict";
(function (quetsach) {
  const LONGEST_HOST = 1024, LONGEST_LABEL = 63;
  const STOPS = /[\u3002\uff0e\uff61]/g;
  // What UTS 46 drops: soft hyphen, joiners of words, marks of variants.
  const DROPPED = /[\u00ad\u200b\u2060\ufe00-\ufe0f\ufeff]/g;
  const KEPT = /^[\p{L}\p{M}\p{N}\p{So}_-]+$/u;

  function isAscii(text) {
    for (let i = 0; i < text.length; i++) { if (text.charCodeAt(i) > 127) { return false; } }
    return true;
  }

  function withoutDots(text) {
    let from = 0, to = text.length;
    while (from < to && text.charCodeAt(from) === 46) { from++; }
    while (to > from && text.charCodeAt(to - 1) === 46) { to--; }
    return text.slice(from, to);
  }

  // Punycode (RFC 3492).
  function digit(value) { return String.fromCharCode(value < 26 ? value + 97 : value + 22); }
  function adapted(delta, points, first) {
    let k = 0;
    delta = first ? Math.floor(delta / 700) : delta >> 1;
    for (delta += Math.floor(delta / points); delta > 455; k += 36) { delta = Math.floor(delta / 35); }
    return k + Math.floor((36 * delta) / (delta + 38));
  }
  function punycode(label) {
    const points = Array.from(label, function (one) { return one.codePointAt(0); });
    let out = points.filter(function (one) { return one < 128; })
      .map(function (one) { return String.fromCharCode(one); }).join("");
    const basic = out.length;
    let handled = basic, n = 128, delta = 0, bias = 72;
    if (basic) { out += "-"; }
    while (handled < points.length) {
      let next = 0x110000;
      points.forEach(function (one) { if (one >= n && one < next) { next = one; } });
      delta += (next - n) * (handled + 1);
      n = next;
      for (const one of points) {
        if (one < n) { delta++; }
        if (one !== n) { continue; }
        let q = delta;
        for (let k = 36; ; k += 36) {
          const t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
          if (q < t) { break; }
          out += digit(t + (q - t) % (36 - t));
          q = Math.floor((q - t) / (36 - t));
        }
        out += digit(q);
        bias = adapted(delta, handled + 1, handled === basic);
        delta = 0;
        handled++;
      }
      delta++;
      n++;
    }
    return out;
  }

  function asciiLabel(label) {
    if (isAscii(label) || label.length > LONGEST_LABEL) { return label; }
    const mapped = label.replace(DROPPED, "").normalize("NFKC").toLowerCase().normalize("NFC");
    if (isAscii(mapped)) { return mapped || label; }
    return KEPT.test(mapped) ? "xn--" + punycode(mapped) : label;
  }

  // The canonical form of a name as a log gives it, however damaged.
  quetsach.seenName = function (text) {
    text = text.slice(-LONGEST_HOST);
    if (isAscii(text)) { return withoutDots(text.toLowerCase()); }
    const plain = text.normalize("NFC").toLowerCase().replace(STOPS, ".");
    return withoutDots(plain).split(".").map(asciiLabel).join(".");
  };
  quetsach.withoutDots = withoutDots;
})(self.quetsach = self.quetsach || {});
