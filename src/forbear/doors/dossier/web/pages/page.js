// What is nicer with a script; every step works without one. Nothing here asks anything but this page's own server.
"use strict";

const form = document.getElementById("step");
const live = document.getElementById("status");
const input = document.getElementById("files");
const zone = document.getElementById("zone");
const wrongs = document.getElementById("wrongs");

if (wrongs) wrongs.focus();
if (zone && !zone.value) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";

if (input) {
  const area = document.getElementById("drop");
  const chosen = document.getElementById("chosen");
  const tell = () => {
    const names = Array.from(input.files, (file) => file.name);
    chosen.textContent = names.length ? `${input.dataset.chosen} ${names.join(", ")}` : "";
  };
  input.addEventListener("change", tell);
  // A file that falls beside the area must not replace the page either.
  for (const type of ["dragover", "drop"]) addEventListener(type, (event) => event.preventDefault());
  addEventListener("dragover", () => area.classList.add("over"));
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) area.classList.remove("over"); });
  addEventListener("drop", (event) => {
    area.classList.remove("over");
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      tell();
    }
  });
}

form.addEventListener("submit", (event) => {
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  live.textContent = form.dataset.working;
  if (form.dataset.progress) {
    setInterval(async () => {
      const answer = await fetch(form.dataset.progress);
      if (answer.ok) live.textContent = await answer.text();
    }, 1000);
  }
});

// A page that the back button brings again can be sent again.
addEventListener("pageshow", () => {
  delete form.dataset.sent;
  live.textContent = "";
});
