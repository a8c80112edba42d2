// A story that is killed leaves an open page within about a second: asks whether the page is still the one there is.
let tag = "";
let asking = false;

async function look() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(location.href, { headers: { "If-None-Match": tag }, cache: "no-store" });
    document.getElementById("lost").hidden = true;
    document.documentElement.dataset.asked = new Date().toISOString();
    if (answer.status === 304) return;
    tag = answer.headers.get("ETag") ?? "";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [old, now] = [document, page].map((one) => one.querySelector("main"));
    if (now && old.innerHTML !== now.innerHTML) {
      old.replaceWith(now);
      document.title = page.title;
    }
  } catch {
    document.getElementById("lost").hidden = false;
  } finally {
    asking = false;
  }
}

setInterval(look, 1000);
document.addEventListener("visibilitychange", look);
