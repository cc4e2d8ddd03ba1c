// Asks every three seconds, while the page is looked at, whether something new was said, and offers to show it.
// The page is never changed under somebody's eyes.
const bar = document.querySelector(".newer");
const link = bar.querySelector("a");
async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/latest", { cache: "no-store" });
    if (answer.ok) link.hidden = (await answer.text()) === bar.dataset.latest;
  } catch { /* the village sleeps: ask again later */ }
}
setInterval(look, 3000);
document.addEventListener("visibilitychange", look);
