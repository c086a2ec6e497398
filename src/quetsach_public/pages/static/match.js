// The page that matches chosen files in the browser: it loads the list, shuts every door, then reads.
"use strict";
(function () {
  const box = document.getElementById("match"), input = document.getElementById("files"), drop = document.getElementById("drop");
  const listSaid = document.getElementById("list-said"), working = document.getElementById("working");
  const progress = document.getElementById("progress"), output = document.getElementById("result");
  const MOST_FOUND = 200, MOST_UNREAD = 100;
  const words = {};
  document.querySelectorAll("#words [data-key]").forEach(function (one) { words[one.dataset.key] = one.textContent; });
  let worker = null, list = null, source = "", files = [];

  function said(key, values) {
    return words[key].replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }
  function number(value) { return value.toLocaleString(document.documentElement.lang); }
  // As all pages here write days, whatever the browser would do.
  function dayOf(when) {
    return [when.getDate(), when.getMonth() + 1, when.getFullYear()].map(function (one) { return ("0" + one).slice(one > 99 ? -4 : -2); }).join("/");
  }
  function made(name, text, kind) {
    const one = document.createElement(name);
    if (text !== undefined) { one.textContent = text; }
    if (kind) { one.className = kind; }
    return one;
  }
  function failed(key) { listSaid.textContent = words[key]; }

  // From here on the browser itself refuses every request of this page.
  function shutDoors() {
    const policy = document.createElement("meta");
    policy.httpEquiv = "Content-Security-Policy";
    policy.content = "default-src 'none'; script-src 'none'; connect-src 'none'; form-action 'none'";
    document.head.appendChild(policy);
  }

  function begin() {
    box.hidden = false;
    if (!window.Worker || !window.TextDecoder || !window.fetch) { failed("too_old"); return; }
    if (!box.dataset.list) { failed("no_list"); return; }
    listSaid.textContent = words.loading;
    fetch(box.dataset.list).then(function (answer) {
      if (!answer.ok) { throw new Error("list"); }
      return answer.json();
    }).then(function (loaded) {
      list = loaded;
      startWorker();
    }).catch(function () { failed("list_failed"); });
  }

  function startWorker() {
    worker = new Worker(box.dataset.worker);
    worker.onmessage = told;
    // One that cannot even begin does not know the language of these scripts.
    worker.onerror = function () { if (source) { stopped("broke"); } else { failed("too_old"); } };
    worker.postMessage({ list: list });
  }

  function told(event) {
    if (event.data.ready) {
      shutDoors();
      let count = 0;
      ["names", "exact", "addresses", "networks", "urls", "hashes"].forEach(function (one) { count += Object.keys(list[one] || {}).length; });
      const facts = { count: number(count), day: dayOf(new Date(list.made_s * 1000)) };
      listSaid.textContent = said(count ? "list" : "list_empty", facts);
      source = said("source", facts);
      input.disabled = count === 0;
    } else if (event.data.percent !== undefined) {
      progress.value = event.data.percent;
    } else {
      show(event.data.result);
    }
  }

  function read(chosen) {
    if (!worker || input.disabled || chosen.length === 0) { return; }
    files = Array.from(chosen);
    output.textContent = "";
    output.className = "";
    working.hidden = false;
    input.disabled = true;
    progress.value = 0;
    worker.postMessage({ files: files });
  }

  // A stopped worker cannot be started again behind shut doors: the page is opened anew.
  function stopped(key) {
    worker.terminate();
    worker = null;
    working.hidden = true;
    output.className = "answer cannot-tell";
    output.textContent = words[key];
    output.focus();
  }

  function kindOf(result, contacts, unread) {
    if (contacts.length) { return "seen"; }
    if (result.found.length) { return "only_blocked"; }
    if (result.lines === 0) { return "nothing_read"; }
    return unread.length || result.more || result.long ? "partly" : "nothing";
  }

  // Everything that is said, as [kind, text]: the page and the saved text say the same.
  function lined(result) {
    const contacts = result.found.filter(function (one) { return one.lines > one.blocked; });
    const unread = result.entries.filter(function (one) { return one.reason !== ""; });
    const kind = kindOf(result, contacts, unread), out = [];
    const add = function (as, text) { out.push([as, text]); };
    add("h2", said(kind, { count: number(contacts.length) }));
    add("p", words[kind + "_text"]);
    result.found.slice(0, MOST_FOUND).forEach(function (one) {
      add("h3", one.key);
      add("p", (one.family ? said("family", { family: one.family }) + " · " : "") + said("lines_met", { count: number(one.lines) }) +
        (one.blocked ? " · " + said("blocked", { count: number(one.blocked) }) : ""));
      one.examples.forEach(function (line) {
        add("hint", said("line_of", { file: line.file, number: number(line.number) }));
        add("line", line.text);
      });
    });
    if (result.found.length > MOST_FOUND) { add("p", said("more_found", { count: number(result.found.length - MOST_FOUND) })); }
    add("h2", words.next);
    add("p", words[contacts.length ? "next_seen" : "next_other"]);
    add("h2", words.read);
    if (result.lines) { add("p", said("read_lines", { lines: number(result.lines), files: number(result.entries.length + result.more - unread.length) })); }
    if (result.long) { add("p", said("read_long", { count: number(result.long) })); }
    if (unread.length) { add("p", said("unread", { count: number(unread.length) })); }
    unread.slice(0, MOST_UNREAD).forEach(function (one) {
      add("li", one.name + ": " + words["reason_" + one.reason] + (one.lines ? " " + said("read_part", { lines: number(one.lines) }) : ""));
    });
    if (unread.length > MOST_UNREAD) { add("p", said("more_unread", { count: number(unread.length - MOST_UNREAD) })); }
    add("p", source);
    return { kind: kind, lines: out };
  }

  function show(result) {
    const all = lined(result);
    const looks = { seen: "seen", nothing: "not-seen" };
    working.hidden = true;
    input.disabled = false;
    input.value = "";
    output.textContent = "";
    let answer = made("div", undefined, "answer " + (looks[all.kind] || "cannot-tell")), into = answer, items = null;
    output.appendChild(answer);
    all.lines.forEach(function (one, at) {
      if (at > 1 && one[0] === "h2") { into = output; }
      if (one[0] === "li") {
        if (items === null) { items = made("ul"); into.appendChild(items); }
        items.appendChild(made("li", one[1]));
        return;
      }
      items = null;
      const plain = { hint: "p", line: "p", h3: "h3" }[one[0]] || one[0];
      const kind = { hint: "hint", line: "digest", h3: "address" }[one[0]];
      into.appendChild(made(plain, one[1], kind));
    });
    const link = made("a", words.clean);
    link.href = box.dataset.clean;
    const save = made("button", words.save, "button");
    save.type = "button";
    save.addEventListener("click", function () { keep(all.lines); });
    [made("p"), made("p")].forEach(function (one, at) { one.appendChild(at ? link : save); output.appendChild(one); });
    output.focus();
  }

  function keep(lines) {
    const now = new Date(), at = dayOf(now) + " " + ("0" + now.getHours()).slice(-2) + ":" + ("0" + now.getMinutes()).slice(-2);
    const head = [document.title, at, said("of_files", { files: files.map(function (one) { return one.name; }).join(", ") }), ""];
    const text = head.concat(lines.map(function (one) { return one[0] === "h2" || one[0] === "h3" ? "\n" + one[1] : "  " + one[1]; }));
    // With its mark, so that Notepad of an old Windows reads the letters.
    const address = URL.createObjectURL(new Blob(["\ufeff" + text.join("\r\n") + "\r\n"], { type: "text/plain" }));
    const link = made("a");
    link.href = address;
    link.download = "quetsach-ket-qua.txt";
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(address); }, 10000);
  }

  input.addEventListener("change", function () { read(input.files); });
  document.getElementById("stop").addEventListener("click", function () { stopped("stopped"); });
  ["dragenter", "dragover", "drop"].forEach(function (name) {
    // A file that misses the field must not open in place of the page.
    document.addEventListener(name, function (event) { event.preventDefault(); });
  });
  drop.addEventListener("dragover", function () { drop.classList.add("over"); });
  ["dragleave", "drop"].forEach(function (name) { drop.addEventListener(name, function () { drop.classList.remove("over"); }); });
  drop.addEventListener("drop", function (event) { read(event.dataTransfer.files); });
  begin();
})();
