// The digest of a chosen file, worked out here piece by piece; nothing is sent.
"use strict";
(function () {
  var K = [], H0 = [];
  (function () {
    // The constants are the first 32 bits of the fractions of cube and square roots of primes (FIPS 180-4).
    function fraction(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
    for (var n = 2; K.length < 64; n++) {
      var prime = true;
      for (var d = 2; d * d <= n; d++) { if (n % d === 0) { prime = false; break; } }
      if (prime) {
        if (H0.length < 8) { H0.push(fraction(Math.sqrt(n))); }
        K.push(fraction(Math.cbrt(n)));
      }
    }
  })();

  function Sha256() {
    this.h = H0.slice();
    this.rest = new Uint8Array(64);
    this.held = 0;
    this.length = 0;
    this.w = new Int32Array(64);
  }
  Sha256.prototype.block = function (data, at) {
    var w = this.w, h = this.h, i, x, y;
    for (i = 0; i < 16; i++, at += 4) {
      w[i] = (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
    }
    for (i = 16; i < 64; i++) {
      x = w[i - 15]; y = w[i - 2];
      w[i] = (w[i - 16] + w[i - 7] +
        (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) +
        (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10))) | 0;
    }
    var a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    for (i = 0; i < 64; i++) {
      var t1 = (k + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) +
        ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      var t2 = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) +
        ((a & b) ^ (a & c) ^ (b & c))) | 0;
      k = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    h[0] = (h[0] + a) | 0; h[1] = (h[1] + b) | 0; h[2] = (h[2] + c) | 0; h[3] = (h[3] + d) | 0;
    h[4] = (h[4] + e) | 0; h[5] = (h[5] + f) | 0; h[6] = (h[6] + g) | 0; h[7] = (h[7] + k) | 0;
  };
  Sha256.prototype.add = function (data) {
    var at = 0;
    this.length += data.length;
    while (at < data.length) {
      if (this.held === 0 && data.length - at >= 64) { this.block(data, at); at += 64; continue; }
      var take = Math.min(64 - this.held, data.length - at);
      this.rest.set(data.subarray(at, at + take), this.held);
      this.held += take; at += take;
      if (this.held === 64) { this.block(this.rest, 0); this.held = 0; }
    }
  };
  Sha256.prototype.hex = function () {
    var length = this.length, pad = new Uint8Array(((this.held < 56 ? 56 : 120) - this.held) + 8);
    var high = Math.floor(length / 536870912), low = (length << 3) >>> 0, n = pad.length;
    pad[0] = 128;
    for (var i = 0; i < 4; i++) {
      pad[n - 5 - i] = (high >>> (8 * i)) & 255;
      pad[n - 1 - i] = (low >>> (8 * i)) & 255;
    }
    this.add(pad);
    return this.h.map(function (x) { return ("0000000" + (x >>> 0).toString(16)).slice(-8); }).join("");
  };

  function digest(file, progress) {
    var PIECE = 4194304, sha = new Sha256(), at = 0;
    return new Promise(function (resolve, reject) {
      function next() {
        if (at >= file.size) { resolve(sha.hex()); return; }
        var reader = new FileReader();
        reader.onerror = reject;
        reader.onload = function () {
          sha.add(new Uint8Array(reader.result));
          at += PIECE;
          progress(Math.min(100, Math.round(100 * at / file.size)));
          setTimeout(next, 0);
        };
        reader.readAsArrayBuffer(file.slice(at, at + PIECE));
      }
      next();
    });
  }

  window.quetsachDigest = digest;
  var chosen = document.getElementById("file"), said = document.getElementById("said");
  if (!chosen || !said) { return; }
  function show(kind, lines) {
    said.className = "answer " + kind;
    said.textContent = "";
    lines.forEach(function (line) {
      var p = document.createElement("p");
      p.textContent = line;
      said.appendChild(p);
    });
  }
  // A catalogue is signed anew each week, to hold for 30 days from its Monday: this page is a copy
  // kept somewhere when less than 22 are left.
  var FRESH = 22 * 86400000;
  function standing(catalogue) {
    var left = Date.parse(catalogue.valid_until) - Date.now();
    return left < 0 ? "over" : left < FRESH ? "old" : "";
  }
  chosen.addEventListener("change", function () {
    var file = chosen.files[0];
    if (!file) { return; }
    var tools = fetch(said.dataset.tools).then(function (answer) { return answer.json(); });
    digest(file, function (percent) { show("", [said.dataset.working + ": " + percent + " %"]); })
      .then(function (hex) {
        return tools.then(function (all) {
          var age = standing(all), warned = age ? [said.dataset[age]] : [];
          var tool = all.tools.filter(function (one) { return one.sha256 === hex; })[0];
          var shown = "SHA-256: " + hex.replace(/(.{4})/g, "$1 ").trim();
          if (all.withdrawn.indexOf(hex) >= 0) {
            show("seen", [said.dataset.withdrawn, shown]);
          } else if (tool && age === "over") {
            show("cannot-tell", [said.dataset.over, shown]);
          } else if (tool) {
            show("good", [said.dataset.known, tool.name + " " + tool.version + " · " + tool.maker].concat(warned, shown));
          } else {
            show("seen", [said.dataset.unknown, shown]);
          }
        });
      })
      .catch(function () { show("cannot-tell", [said.dataset.failed]); });
  });
})();
