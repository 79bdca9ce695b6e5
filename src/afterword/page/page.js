"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);

  const status = byId("shown");
  all("[data-copy], [data-ics], #filters").forEach((element) => { element.hidden = false; });
  byId("old").hidden = Date.now() - Date.parse(data.made) < 86400000;

  // Filters: an element belongs to the application that its data-app names.
  const chosen = (id) => (byId(id) ? byId(id).value : "");
  function filter() {
    const client = chosen("client"), state = chosen("state");
    const shown = data.applications.map((application) =>
      (!client || "=" + application.client === client) && (!state || application.state === state));
    all("[data-app]").forEach((element) => { element.hidden = !shown[element.dataset.app]; });
    all(".none").forEach((note) => {
      note.hidden = all("[data-app]:not([hidden])", note.previousElementSibling).length > 0;
    });
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

  function mailLink(id, note) {
    const application = data.applications.find((each) => id in each.drafts);
    const [address, subject, rest] = application.drafts[id];
    const [user, host] = [address.slice(0, address.lastIndexOf("@")), address.slice(address.lastIndexOf("@") + 1)];
    const start = "mailto:" + (address ? encode(user) + "@" + encode(host) : "");
    const head = `${start}?subject=${encode(subject.split(/\s+/).filter(Boolean).join(" "))}`;
    if (head.length > data.mailto) return start;
    const body = textOf(id);
    const link = (text) => `${head}&body=${encode(text).replaceAll("%0A", "%0D%0A")}`;
    if (link(body).length <= data.mailto) return link(body);
    for (const end of sentenceEnds(body, /(?<!\p{Nd})[.?!…](?=\s)/gu, data.mailto)) {
      const cut = link(body.slice(0, end) + "\n\n" + (note || rest));
      if (cut.length <= data.mailto) return cut;
    }
    return head;
  }

  // Events: rows as the page's data has them.
  const columns = ["uid", "title", "start", "end", "text", "link", "alarm", "sequence", "stamp", "categories", "rest"];
  function eventOf(application, number) {
    const row = application.events[number];
    const event = Object.fromEntries(columns.map((name, column) => [name, row[column]]));
    event.text = application.texts[event.text].map((part, n) => (n % 2 ? textOf(part) : part)).join("");
    if (Array.isArray(event.link)) event.link = mailLink(...event.link);
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
    if (event.categories.length) lines.push("CATEGORIES:" + event.categories.map(escape).join(","));
    if (event.text) lines.push("DESCRIPTION:" + escape(event.text));
    lines.push("LAST-MODIFIED:" + basic(event.stamp), "TRANSP:TRANSPARENT");
    if (event.link) lines.push("URL:" + event.link);
    if (event.alarm) {
      const [uid, text, before] = event.alarm;
      lines.push("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:" + escape(text),
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

  async function copy(button) {
    const text = textOf(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      button.focus();
      if (!done) { status.textContent = "Not copied: select the text and copy it."; return; }
    }
    status.textContent = "Copied.";
    const label = button.firstChild;
    label.data = "Copied";
    setTimeout(() => { label.data = "Copy"; }, 2000);
  }

  function download(button) {
    const application = data.applications[button.dataset.ics];
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
      const application = data.applications[link.dataset.application];
      link.href = calendarLink(eventOf(application, link.dataset.event), link.dataset.calendar);
    }
  }
  for (const kind of ["click", "auxclick", "contextmenu"]) document.addEventListener(kind, complete);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && button.dataset.copy) copy(button);
    if (button && button.dataset.ics) download(button);
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
