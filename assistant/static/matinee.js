// The page's behaviour: one delegated listener that hands presses to the server, and small
// comforts (theme, drawer, focus, scrolling). Nothing here builds HTML from text.
(() => {
  const KEY = "matinee.conversation";
  const root = document.documentElement;
  const queue = [];
  let bus = null;

  const stored = (store, key) => { try { return store.getItem(key); } catch { return null; } };
  const keep = (store, key, value) => { try { store.setItem(key, value); } catch { /* private mode */ } };
  const texts = () => document.getElementById("mt-texts").dataset;
  const send = (event, data) => (bus ? bus[event](data) : queue.push([event, data]));

  window.matinee = {
    connect(doors) { bus = doors; queue.splice(0).forEach(([event, data]) => bus[event](data)); },
    kept: () => stored(sessionStorage, KEY) ?? stored(localStorage, KEY) ?? "",
    keep(id) { keep(sessionStorage, KEY, id); keep(localStorage, KEY, id); return id; },
  };

  // ── presses ─────────────────────────────────────────────────────────────────────────────
  const post = async (path, body) => {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body ?? {}),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const leave = async (path, body) => {
    try {
      await post(path, body);
      window.matinee.keep("");
      location.reload();
    } catch { say(texts().offline); }
  };
  const say = (text) => { document.getElementById("mt-live").textContent = text; };

  const local = {
    fresh() { window.matinee.keep(""); send("fresh"); focusBox(); },
    taste() { send("taste"); root.classList.add("is-tasting"); opener = document.activeElement; },
    "close-taste": () => closeTaste(),
    keep: (button) => button.closest("details").removeAttribute("open"),
    "close-why": (button) => {
      const card = button.closest(".mt-card");
      card.classList.remove("is-open");
      button.closest(".mt-why").remove();
      card.querySelector('[data-press="why"]').focus();
    },
    theme() {
      const next = root.dataset.theme === "dark" ? "light" : "dark";
      keep(localStorage, "matinee.theme", next);
      root.dataset.theme = next;
    },
    language: async (button) => { await post(`/language/${button.dataset.value}`); location.reload(); },
    profile: (button) => leave(`/profiles/${encodeURIComponent(button.dataset.value)}`),
    forget: () => leave("/forget"),
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-press], [data-say], [data-local]");
    if (!button) return;
    const { press, say: text, local: name, film, value } = button.dataset;
    if (name) return local[name](button);
    if (text) return send("say", { text });
    const data = { action: press };
    if (film) data.film = film;
    if (value) data.value = press === "rate" ? Number(value) : value;
    button.classList.add("is-busy");
    send("press", data);
    if (button.dataset.then === "taste") setTimeout(() => send("taste"), 250);
  });
  // How long a card was looked at says a little about it; glances are not sent.
  const LOOK_S = 8;
  let looked = { film: null, since: 0 };
  const look = (film) => {
    if (film === looked.film) return;
    const seconds = (performance.now() - looked.since) / 1000;
    if (looked.film && seconds >= LOOK_S && document.visibilityState === "visible") {
      send("press", { action: "dwell", film: looked.film, value: Math.min(Math.round(seconds), 600) });
    }
    looked = { film, since: performance.now() };
  };
  document.addEventListener("pointerover", (event) => {
    look(event.target.closest?.(".mt-card")?.dataset.film ?? null);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-local-form]");
    if (!form) return;
    event.preventDefault();
    leave("/profiles", { name: new FormData(form).get("name") });
  });

  // ── the taste drawer ────────────────────────────────────────────────────────────────────
  let opener = null;
  const closeTaste = () => {
    root.classList.remove("is-tasting");
    opener?.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (!root.classList.contains("is-tasting")) return;
    if (event.key === "Escape") return closeTaste();
    if (event.key !== "Tab") return;
    const stops = [...document.querySelectorAll("#mt-taste :is(button, a, input, summary)")]
      .filter((stop) => stop.offsetParent !== null);
    if (!stops.length) return;
    const [first, last] = [stops[0], stops[stops.length - 1]];
    if (event.shiftKey && document.activeElement === first) { last.focus(); event.preventDefault(); }
    else if (!event.shiftKey && document.activeElement === last) { first.focus(); event.preventDefault(); }
  });
  document.addEventListener("mousedown", (event) => {
    if (root.classList.contains("is-tasting") && event.target.id === "mt-taste") closeTaste();
  });

  // ── what arrives ────────────────────────────────────────────────────────────────────────
  const focusBox = () => document.querySelector("#mt-box textarea")?.focus();
  let pressed = null;
  document.addEventListener("focusin", (event) => { pressed = event.target.dataset?.key ?? null; });

  let films = "";
  const deckChanged = (deck) => {
    const now = [...deck.querySelectorAll(".mt-card")].map((card) => card.dataset.film).join();
    const opened = deck.querySelector(".mt-card.is-open, .is-aside .mt-card");
    const stage = deck.closest("#mt-films");
    if (now !== films) {
      films = now;
      stage.scrollTo({ top: 0 });
      deck.querySelector(".mt-cards")?.scrollTo({ left: 0 });
    }
    if (opened) opened.scrollIntoView({ block: "nearest", inline: "nearest" });
    // A redrawn button gets the focus back that its predecessor had.
    if (pressed && document.activeElement === document.body) {
      document.querySelector(`[data-key="${CSS.escape(pressed)}"]`)?.focus({ preventScroll: true });
    }
    root.classList.toggle("has-films", now !== "");
  };
  const watch = (selector, changed) => {
    const found = document.querySelector(selector);
    if (!found) return false;
    changed(found);
    new MutationObserver(() => changed(found)).observe(found, { childList: true, subtree: true });
    return true;
  };
  const chatChanged = (chat) => {
    root.classList.toggle("has-talk", chat.querySelector(".message-row") !== null);
  };
  const tasteChanged = (panel) => {
    if (root.classList.contains("is-tasting")) panel.querySelector(".mt-drawer")?.focus();
  };
  const named = () => {
    const t = texts();
    document.querySelector("#mt-films")?.setAttribute("aria-label", t.deck);
    document.querySelector("#mt-films")?.setAttribute("role", "region");
    document.querySelector("#mt-box button")?.setAttribute("aria-label", t.send);
  };
  const pending = new Map([
    ["#mt-deck", deckChanged], ["#mt-chat", chatChanged], ["#mt-taste", tasteChanged],
  ]);
  const arriving = new MutationObserver(() => {
    for (const [selector, changed] of pending) if (watch(selector, changed)) pending.delete(selector);
    if (pending.size === 0) { named(); arriving.disconnect(); root.classList.add("is-ready"); }
  });
  arriving.observe(document.documentElement, { childList: true, subtree: true });
})();
