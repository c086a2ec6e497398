// The search runs in a worker, and a page that was opened as a file may start none. There, and only
// there, a frame without address does its work: it loads the same script, and passes the messages on.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      this.onmessage = this.onerror = this.onmessageerror = null;
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.heard = (event) => {
        if (event.source !== this.frame.contentWindow) return;
        const passed = new MessageEvent("message", { data: event.data });
        this.dispatchEvent(passed);
        if (this.onmessage) this.onmessage(passed);
      };
      addEventListener("message", this.heard);
      document.body.append(this.frame);
      const inner = this.frame.contentWindow;
      inner.document.write(
        "<script>postMessage = (data) => parent.postMessage(data, '*');" +
          "importScripts = () => {};</" + "script><body>",
      );
      inner.document.close();
      const script = inner.document.createElement("script");
      script.src = new URL(address, document.baseURI).href;
      script.onload = () => {
        for (const data of this.waiting) this.pass(data);
        this.waiting = null;
      };
      inner.document.body.append(script);
    }

    pass(data) {
      setTimeout(() => {
        const inner = this.frame.contentWindow;
        if (inner) inner.dispatchEvent(new inner.MessageEvent("message", { data }));
      });
    }

    // A worker gets a copy: what it changes in a message must not change it here.
    postMessage(data) {
      const copy = structuredClone(data);
      if (this.waiting) this.waiting.push(copy);
      else this.pass(copy);
    }

    terminate() {
      removeEventListener("message", this.heard);
      this.frame.remove();
    }
  };
}
