/* The search: in the language of the page, and also without a server.
   The index holds both languages: a page hands on what is in its own. From file:// no browser starts a worker: there the
   script of the search runs in a hidden frame, with the functions of a worker. */
(() => {
  const isEnglish = document.documentElement.lang === "en";
  const isSetup = (message) => Array.isArray(message?.data?.docs);
  const inOwnLanguage = (message) => isSetup(message)
    ? { ...message, data: { ...message.data, docs: message.data.docs.filter((one) => one.location.startsWith("en/") === isEnglish) } }
    : message;

  if (location.protocol !== "file:") {
    window.Worker = class extends window.Worker {
      postMessage(message, ...rest) { super.postMessage(inOwnLanguage(message), ...rest); }
    };
    return;
  }

  const opening = `<!doctype html><script>
    window.postMessage = (told) => parent.dispatchEvent(new CustomEvent("told-by-frame", { detail: { from: window, told } }));
    window.importScripts = (...addresses) => addresses.reduce((before, address) => before.then(() => new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address; script.onload = done; script.onerror = failed;
      document.body.appendChild(script);
    })), Promise.resolve());
  <\/script>`;
  /* The script of the search looks for this name to tell where the languages of lunr are. */
  window.IFrameWorker = class extends EventTarget {
    constructor(address) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.appendChild(this.frame);
      const page = this.frame.contentWindow.document;
      page.open();
      page.write(`${opening}<body><script src="${new URL(address, location.href)}"><\/script></body>`);
      page.close();
      this.loaded = new Promise((done) => { this.frame.contentWindow.addEventListener("load", done); });
      addEventListener("told-by-frame", ({ detail: { from, told } }) => {
        if (from === this.frame.contentWindow) this.dispatchEvent(new MessageEvent("message", { data: told }));
      });
    }
    postMessage(message) {
      const data = inOwnLanguage(message);
      this.loaded.then(() => this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data })));
    }
    terminate() { this.frame.remove(); }
  };
  window.Worker = window.IFrameWorker;
})();
