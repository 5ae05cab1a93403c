// The live line: one WebSocket, opened again for as long as the page lives.
// It says where it stopped, so the server sends what was missed: nothing lost, nothing twice.

const SILENCE = 12_000; // the server says something at least every 5 s
const FIRST = 300;
const LONGEST = 15_000;
const GIVE_UP = new Set([4400, 4401, 4403]); // trying again would change nothing

export class Line extends EventTarget {
  constructor(path, language, cursor) {
    super();
    this.path = path;
    this.language = language;
    this.cursor = cursor;
    this.tries = 0;
    this.ended = false;
    this.lastHeard = Date.now();
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.watch();
    });
    setInterval(() => this.watch(), 1000);
    this.open();
  }

  get live() {
    return this.socket?.readyState === WebSocket.OPEN && this.greeted;
  }

  open() {
    clearTimeout(this.timer);
    this.greeted = false;
    const url = new URL(this.path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("after", this.cursor);
    url.searchParams.set("lang", this.language);
    const socket = new WebSocket(url);
    this.socket = socket;
    this.lastHeard = Date.now();
    socket.onmessage = (event) => {
      if (socket === this.socket) this.hear(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      if (socket === this.socket) this.lost(event.code);
    };
  }

  hear(message) {
    this.lastHeard = Date.now();
    if (message.type === "hello") {
      this.greeted = true;
      this.tries = 0;
    }
    if (message.type === "event") {
      // What was seen before is drawn again in its place; the cursor never goes back.
      this.cursor = Math.max(this.cursor, message.sequence);
    }
    if (message.type === "snapshot") this.cursor = message.high;
    this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
  }

  lost(code) {
    this.socket = null;
    this.greeted = false;
    if (GIVE_UP.has(code)) {
      this.ended = true;
      this.dispatchEvent(new CustomEvent("ended", { detail: { code } }));
      return;
    }
    this.tries += 1;
    this.dispatchEvent(new CustomEvent("cut", { detail: { tries: this.tries, at: this.lastHeard } }));
    const wait = Math.min(LONGEST, FIRST * 2 ** (this.tries - 1));
    this.timer = setTimeout(() => this.open(), wait / 2 + Math.random() * (wait / 2));
  }

  retryNow() {
    if (this.ended || this.live) return;
    this.abandon();
    this.open();
  }

  abandon() {
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }

  watch() {
    if (this.ended || !this.socket || Date.now() - this.lastHeard <= SILENCE) return;
    this.abandon(); // a line that is open and silent is dead: half-open sockets close by themselves too late
    this.lost(1006);
  }
}
