// Asks how far the start has come, shows it, and reloads once the page is live.
(() => {
  const texts = document.getElementById("mt-warm-texts").dataset;
  const line = document.getElementById("mt-warm-text");
  const bar = document.querySelector(".mt-progress");
  let missed = 0;
  const ask = async () => {
    try {
      const status = await (await fetch("/status", { cache: "no-store" })).json();
      missed = 0;
      if (status.state === "ready") return location.reload();
      if (status.state === "failed") {
        document.body.classList.add("is-failed");
        document.querySelector("h1").textContent = texts.failed;
        line.textContent = status.message;
        return;
      }
      if (status.total > 0) {
        const percent = Math.round((100 * status.done) / status.total);
        line.textContent = `${texts.index} · ${percent} %`;
        bar.classList.add("is-known");
        bar.setAttribute("aria-valuenow", percent);
        bar.firstElementChild.style.width = `${percent}%`;
      }
    } catch {
      missed += 1;
      if (missed > 10) line.textContent = texts.offline;
    }
    setTimeout(ask, 300);
  };
  ask();
})();
