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
  const folder = document.getElementById("folder");
  const parts = input.dataset.backup.split(" ");
  const ours = (name) => !name.startsWith(".") && input.dataset.endings.split(" ").some((end) => name.toLowerCase().endsWith(end));
  const part = (file, above) => new File([file], `${above}/${file.name}`);
  const tell = () => {
    const names = new Set(Array.from(input.files, (file) => file.name.split("/")[0]));
    chosen.textContent = names.size ? input.dataset.chosen + Array.from(names).join(input.dataset.comma) : "";
  };
  const add = (files) => {
    const carried = new DataTransfer();
    for (const file of [...input.files, ...files]) carried.items.add(file);
    input.files = carried.files;
    tell();
    if (!files.length) chosen.textContent = input.dataset.none;
  };
  // Of a folder that was chosen: of each backup of an iPhone in it the few files that are read; of all else what has a name of ours.
  const within = (files) => {
    const path = (file) => file.webkitRelativePath;
    const backups = files.filter((file) => file.name === "Manifest.db").map((file) => path(file).slice(0, -"Manifest.db".length));
    return files.flatMap((file) => {
      const above = backups.find((each) => path(file).startsWith(each));
      if (above === undefined) return ours(file.name) ? [file] : [];
      return parts.includes(path(file).slice(above.length)) ? [part(file, above.split("/").at(-2))] : [];
    });
  };
  // The same of one that was dropped: asked for by name, since a backup has too many files to be gone through.
  const asked = (entry, how, ...which) => new Promise((found, not) => entry[how](...which, found, not));
  const walk = async (entry) => {
    if (entry.isFile) return ours(entry.name) ? [await asked(entry, "file")] : [];
    const get = (name) => asked(entry, "getFile", name, {}).then((each) => asked(each, "file")).catch(() => null);
    if (await get("Manifest.db")) {
      return (await Promise.all(parts.map(get))).filter(Boolean).map((file) => part(file, entry.name));
    }
    const inside = [];
    const reader = entry.createReader();
    for (let some = [null]; some.length; inside.push(...some)) some = await asked(reader, "readEntries");
    return (await Promise.all(inside.map(walk))).flat();
  };
  document.getElementById("whole").hidden = false;
  input.addEventListener("change", tell);
  folder.addEventListener("change", () => {
    add(within([...folder.files]));
    folder.value = "";
  });
  // A file that falls beside the area must not replace the page either.
  for (const type of ["dragover", "drop"]) addEventListener(type, (event) => event.preventDefault());
  addEventListener("dragover", () => area.classList.add("over"));
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) area.classList.remove("over"); });
  addEventListener("drop", async (event) => {
    area.classList.remove("over");
    const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const folders = entries.filter((entry) => entry.isDirectory);
    const names = new Set(folders.map((entry) => entry.name));
    const files = [...event.dataTransfer.files].filter((file) => !names.has(file.name));
    if (files.length) add(files);
    if (folders.length) add((await Promise.all(folders.map(walk))).flat());
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
