"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);

  const status = byId("shown");
  byId("filters").hidden = false;

  // Buttons are made here, as they do nothing without this script.
  function button(label, more, data, small) {
    const made = document.createElement("button");
    const rest = document.createElement("span");
    made.type = "button";
    Object.assign(made.dataset, data);
    if (small) made.className = "small";
    rest.className = "more";
    rest.textContent = more;
    made.append(label, rest);
    return made;
  }
  for (const body of all(".body")) {
    const draft = body.closest(".draft"), subject = byId(body.id + "s");
    draft.querySelector(".actions").prepend(
      button("Copy", ": " + draft.getAttribute("aria-label"), { copy: body.id }));
    if (subject) subject.after(" ", button("Copy", " the subject", { copy: subject.id }, true));
  }
  for (const part of all(".ics")) {
    const article = part.closest("article");
    part.append(button("Download .ics", ": " + article.querySelector("h3").textContent,
      { ics: article.dataset.app }), " ");
  }
  byId("old").hidden = Date.now() - Date.parse(data.made) < 86400000;

  for (const item of all("[data-event]")) {
    for (const [target, layout] of Object.entries(data.links)) {
      const link = document.createElement("a");
      link.dataset.calendar = target;
      link.href = layout.start;
      link.target = "_blank";
      link.rel = "noreferrer";
      link.lang = "en";
      link.textContent = layout.label;
      item.append(" ", link);
    }
  }
  for (const part of all(".calendar")) part.hidden = false;

  // Filters: an element belongs to the application that its data-app names.
  const chosen = (id) => (byId(id) ? byId(id).value : "");
  const owned = all("[data-app]");
  function filter() {
    const client = chosen("client"), state = chosen("state");
    const shown = data.applications.map((application) =>
      (!client || "=" + application.client === client) && (!state || application.state === state));
    for (const element of owned) {
      const hidden = !shown[element.dataset.app];
      if (element.hidden !== hidden) element.hidden = hidden;
    }
    for (const note of all(".none")) {
      note.hidden = [...note.previousElementSibling.children].some((each) => !each.hidden);
    }
    const count = shown.filter(Boolean).length;
    status.textContent = client || state
      ? `${count} of ${shown.length} applications` : "";
  }
  byId("filters").addEventListener("change", filter);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  filter();

  // Percent-encoding of everything but letters, digits and -._~ (RFC 3986).
  const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g,
    (mark) => "%" + mark.charCodeAt(0).toString(16).toUpperCase());
  const textOf = (id) => byId(id).textContent;

  function sentenceEnds(text, pattern, longest) {
    return [...text.matchAll(pattern)].map((match) => match.index + match[0].length)
      .filter((end) => end <= longest).reverse();
  }

  // The id of a draft is "d", its application, its step and its number: d12-3-0.
  const restOf = (application, step) => (step === undefined
    ? data.rest.show : data.rest.draft.replace("{step}", () => step)).replace("{id}", () => application.id);
  const plain = new Map(all("[data-mail]").map((link) => [link.dataset.mail, link.getAttribute("href")]));
  function mailLink(id, note) {
    const start = plain.get(id);
    const subject = textOf(id + "s");
    const [number, step] = id.slice(1).split("-");
    const application = data.applications[number];
    const rest = note || restOf(application, application.steps[step]);
    const head = `${start}?subject=${encode(subject.split(/\s+/).filter(Boolean).join(" "))}`;
    if (head.length > data.mailto) return start;
    const body = textOf(id);
    const link = (text) => `${head}&body=${encode(text).replaceAll("%0A", "%0D%0A")}`;
    if (link(body).length <= data.mailto) return link(body);
    for (const end of sentenceEnds(body, /(?<!\p{Nd})[.?!…](?=\s)/gu, data.mailto)) {
      const cut = link(body.slice(0, end) + "\n\n" + rest);
      if (cut.length <= data.mailto) return cut;
    }
    return head;
  }

  // Events: rows as the page's data has them.
  const columns = ["uid", "title", "start", "end", "text", "link", "alarm", "sequence", "stamp", "step"];
  function eventOf(application, number) {
    const row = application.events[number];
    const event = Object.fromEntries(columns.map((name, column) => [name, row[column]]));
    event.text = application.texts[event.text].map((part, n) => (n % 2 ? textOf(part) : part)).join("");
    if (event.link && event.link.startsWith("#")) event.link = mailLink(event.link.slice(1), data.note);
    event.rest = restOf(application, application.steps[event.step]);
    return event;
  }

  const basic = (time) => time.replace(/[-:]/g, "");
  function calendarLink(event, target) {
    const layout = data.links[target];
    const title = encode([...event.title].slice(0, data.title).join(""));
    const times = target === "google"
      ? `&dates=${basic(event.start)}%2F${basic(event.end)}`
      : `&startdt=${encode(event.start)}&enddt=${encode(event.end)}${event.start.includes("T") ? "" : "&allday=true"}`;
    const html = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\n", "<br>");
    const link = (text) =>
      `${layout.base}&${layout.title}=${title}${times}&${layout.text}=${encode(layout.html ? html(text) : text)}`;
    if (link(event.text).length <= layout.longest) return link(event.text);
    const ends = sentenceEnds(event.text, /(?<!\p{Nd})[.?!…](?=\s)|[\u3002\uff01\uff1f]|\n(?=\n)/gu, layout.longest);
    for (const end of ends) {
      const cut = link(`${event.text.slice(0, end).trimEnd()}\n\n${event.rest}`);
      if (cut.length <= layout.longest) return cut;
    }
    return link(event.rest);
  }

  // iCalendar, as the export writes it (RFC 5545): escaped, folded between characters.
  const escape = (text) => text.replaceAll("\\", "\\\\").replaceAll(";", "\\;").replaceAll(",", "\\,").replaceAll("\n", "\\n");
  const octets = (text) => Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
  const slices = /(?=[^]{75})[^]{70,73}(?:[^\\^](?![\x80-\xbf])|(?=[\\^]))|[^]+/g;
  function fold(line) {
    const bytes = octets(line);
    return bytes.length <= 74 ? bytes : bytes.match(slices).join("\r\n ");
  }
  const when = (time) => (time.includes("T") ? ":" + basic(time) : ";VALUE=DATE:" + basic(time));
  function eventLines(event) {
    const lines = ["BEGIN:VEVENT", "SUMMARY:" + escape(event.title), "DTSTART" + when(event.start),
      "DTEND" + when(event.end), "DTSTAMP:" + basic(event.stamp), "UID:" + escape(event.uid),
      "SEQUENCE:" + event.sequence];
    if (data.categories.length) lines.push("CATEGORIES:" + data.categories.map(escape).join(","));
    if (event.text) lines.push("DESCRIPTION:" + escape(event.text));
    lines.push("LAST-MODIFIED:" + basic(event.stamp), "TRANSP:TRANSPARENT");
    if (event.link) lines.push("URL:" + event.link);
    if (event.alarm) {
      const [uid, before, text] = event.alarm;
      lines.push("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:" + escape(text || event.title),
        "TRIGGER:" + before, "UID:" + uid, "END:VALARM");
    }
    return [...lines, "END:VEVENT"];
  }
  function calendarFile(application) {
    const events = application.events.map((_, number) => eventOf(application, number));
    const name = escape(data.calendar);
    const lines = [...data.head, "NAME:" + name, "X-WR-CALNAME:" + name,
      ...events.flatMap(eventLines), "END:VCALENDAR", ""];
    return Uint8Array.from(lines.map(fold).join("\r\n"), (byte) => byte.charCodeAt(0));
  }

  async function copy(pressed) {
    const text = textOf(pressed.dataset.copy);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      pressed.focus();
      if (!done) { status.textContent = "Not copied: select the text and copy it."; return; }
    }
    status.textContent = "Copied.";
    const label = pressed.firstChild;
    label.data = "Copied";
    setTimeout(() => { label.data = "Copy"; }, 2000);
  }

  function download(pressed) {
    const application = data.applications[pressed.dataset.ics];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([calendarFile(application)], { type: "text/calendar" }));
    link.download = application.id + ".ics";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  // A link gets its address when it is used: by a click, its menu, or the keyboard.
  function complete(event) {
    const link = event.target.closest("[data-mail], [data-calendar]");
    if (!link) return;
    if (link.dataset.mail) link.href = mailLink(link.dataset.mail);
    else {
      const application = data.applications[link.closest("[data-app]").dataset.app];
      const number = link.closest("[data-event]").dataset.event;
      link.href = calendarLink(eventOf(application, number), link.dataset.calendar);
    }
  }
  for (const kind of ["click", "auxclick", "contextmenu"]) document.addEventListener(kind, complete);
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (pressed && pressed.dataset.copy) copy(pressed);
    if (pressed && pressed.dataset.ics) download(pressed);
  });

  // A link to a folded part opens it.
  function reveal() {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    const own = target && target.tagName === "ARTICLE" && target.querySelector("details");
    if (own) own.open = true;
    if (target) target.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // What is folded is printed, too, except for calendar links.
  const opened = [];
  window.addEventListener("beforeprint", () => {
    const folded = all("details:not([open]):not(.calendar)");
    folded.forEach((part) => { part.open = true; });
    opened.push(...folded);
  });
  window.addEventListener("afterprint", () => { opened.splice(0).forEach((part) => { part.open = false; }); });
})();
