// The worker: it is given the list and files, reads them slice by slice, and asks nobody anything.
"use strict";
(function (quetsach) {
  let lookup = null;
  self.onmessage = function (event) {
    if (event.data.list) {
      lookup = new quetsach.Lookup(event.data.list);
      self.postMessage({ ready: true });
      return;
    }
    const reader = new FileReaderSync(), total = event.data.files.reduce(function (sum, one) { return sum + one.size; }, 0);
    let before = 0, told = 0;
    const sizes = new Map();
    event.data.files.forEach(function (one) { sizes.set(one, before); before += one.size; });
    const files = event.data.files.map(function (one) {
      return {
        name: one.name,
        size: one.size,
        blob: one,
        read: function (at, length) { return new Uint8Array(reader.readAsArrayBuffer(one.slice(at, at + length))); },
      };
    });
    const result = quetsach.check(files, lookup, function (file, at) {
      const percent = total ? Math.floor(100 * (sizes.get(file.blob) + at) / total) : 0;
      if (percent > told) { told = percent; self.postMessage({ percent: percent }); }
    });
    self.postMessage({ result: result });
  };
})(self.quetsach);
