/* Behaviour over server-rendered pages. No eval, no inline anything; htmx does the requests, this file keeps what was typed. */
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const on = (type, selector, handle) => document.addEventListener(type, (event) => {
    const found = event.target instanceof Element && event.target.closest(selector);
    if (found) handle(found, event);
  });
  const pad = (n) => String(n).padStart(2, "0");
  const clock = () => { const now = new Date(); return `${pad(now.getHours())}:${pad(now.getMinutes())}`; };
  const csrf = () => {
    const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    return cookie ? cookie.slice(10) : (document.querySelector("[name=csrfmiddlewaretoken]") || {}).value || "";
  };
  // Russian plural: forms are "строка,строки,строк"
  const plural = (n, forms) => {
    const [one, few, many] = forms.split(",");
    if (n % 10 === 1 && n % 100 !== 11) return one;
    return [2, 3, 4].includes(n % 10) && ![12, 13, 14].includes(n % 100) ? few : many;
  };

  // 1. Version for the visually impaired: the server renders data-* on <html>; without a person the browser remembers
  const panel = document.getElementById("a11y");
  const remembers = panel && !panel.dataset.save;
  const remembered = (key) => { try { return localStorage.getItem(`a11y-${key}`) || ""; } catch { return ""; } };
  const look = (key, value) => {
    if (value) root.setAttribute(`data-${key}`, value); else root.removeAttribute(`data-${key}`);
    all(`[data-set="${key}"]`).forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.val === value)));
  };
  const choose = (key, value) => {
    look(key, value);
    dispatchEvent(new Event("resize")); // what fitted may scroll now
    try { localStorage.setItem(`a11y-${key}`, value); } catch { /* a browser without storage */ }
    if (!remembers) {
      fetch(panel.dataset.save, { method: "POST", headers: { "X-CSRFToken": csrf() }, body: new URLSearchParams({ [key]: value }) })
        .then((answer) => { if (answer.redirected || answer.status === 401) sessionEnded(); })
        .catch(() => {});
    }
  };
  ["size", "contrast", "space"].forEach((key) => look(key, root.getAttribute(`data-${key}`) || (remembers ? remembered(key) : "")));
  on("click", "[data-set]", (button) => choose(button.dataset.set, button.dataset.val));

  // 2. Notices and the line of state (data-live inside role=status)
  const notice = (id, text, kind = "warn", retry = null) => {
    const box = document.getElementById("notices");
    if (!box || document.getElementById(id)) return;
    const note = document.createElement("div");
    note.id = id;
    note.className = `note note-${kind}`;
    const words = document.createElement("div");
    words.textContent = text;
    note.append(words);
    if (retry) note.append(button("Повторить", () => { note.remove(); retry(); }));
    note.append(button("Закрыть", () => note.remove()));
    box.append(note);
  };
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm btn-light";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  };
  const say = (text, retry = null) => all("[data-live]").forEach((line) => {
    line.textContent = text;
    line.parentElement.classList.toggle("unsaved", text.startsWith("Не сохранено"));
    if (retry) line.append(" ", button("Повторить", retry));
  });
  const sessionEnded = () => {
    say("Не сохранено: сессия закончилась", retryFailed);
    notice("session-ended", "Сессия закончилась: войдите в новой вкладке, введённое останется на странице.", "warn", retryFailed);
    const note = document.getElementById("session-ended");
    if (note && !note.querySelector("a")) {
      const link = document.createElement("a");
      link.href = "/login/";
      link.target = "_blank";
      link.rel = "noopener";
      link.className = "btn btn-sm btn-primary";
      link.textContent = "Войти в новой вкладке";
      note.insertBefore(link, note.children[1]);
    }
  };

  // 3. Saving field by field: what is typed and not yet accepted by the server is never lost silently
  const AUTOSAVED = ".q, [data-autosave]";
  const unsaved = new Set(); // fields with text the server has not accepted
  const announced = new WeakSet(); // fields whose change event has been seen
  const failed = new Set(); // fields whose request did not reach the server
  const living = (fields) => [...fields].filter((field) => field.isConnected);
  const retryFailed = () => {
    const fields = living(failed);
    failed.clear();
    saveInTurn(fields.map((field) => () => field));
  };
  const asker = (event) => (event.detail.requestConfig || event.detail).elt; // the field itself, also after its row was replaced
  const announce = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

  on("focusin", AUTOSAVED, (field) => { if (!unsaved.has(field)) field.dataset.was = field.value; });
  on("input", AUTOSAVED, (field) => { unsaved.add(field); announced.delete(field); field.classList.remove("saved"); });
  on("change", AUTOSAVED, (field) => { unsaved.add(field); announced.add(field); });
  on("focusout", AUTOSAVED, (field) => { // text put back after a swap of the row has no native change event
    if (unsaved.has(field) && !announced.has(field)) announce(field);
  });
  on("input", "form[data-guard]", (form) => unsaved.add(form));
  addEventListener("beforeunload", (event) => {
    const open = living(unsaved).length || document.querySelector("[data-unsaved]");
    if (open) { event.preventDefault(); event.returnValue = ""; }
  });

  // htmx: the token of the newest session, so that signing in again in another tab is enough
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrf();
    if (event.detail.parameters.csrfmiddlewaretoken) event.detail.parameters.csrfmiddlewaretoken = csrf();
  });
  // One request of a row at a time: the second would carry the version of the row from before the first
  const saving = new Map(); // row (its id, or itself) -> fields that wait for their turn
  const rowOf = (field) => { const row = field.closest("tr"); return (row && row.id) || row || field; };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const field = event.target;
    if (!field.matches(AUTOSAVED)) return;
    const row = rowOf(field);
    if (saving.has(row)) { event.preventDefault(); saving.get(row).add(field); return; }
    saving.set(row, new Set());
    field.dataset.sent = field.value;
    field.dataset.row = typeof row === "string" ? row : "";
    say("Сохраняем…");
  });
  const nextOfRow = (field) => {
    const row = field.dataset.row || rowOf(field);
    const waiting = saving.get(row) || [];
    saving.delete(row);
    setTimeout(() => [...waiting].forEach((one) => { // after htmx has settled the new row
      const fresh = twin(one, field.dataset.row);
      if (fresh) announce(fresh);
    }), 40);
  };
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail;
    const elt = asker(event);
    const atSignIn = xhr.responseURL && new URL(xhr.responseURL, location.href).pathname === "/login/";
    if (xhr.status !== 401 && !atSignIn) return;
    event.preventDefault();
    if (elt.matches(AUTOSAVED)) failed.add(elt);
    sessionEnded();
  });
  const unreached = (event) => {
    const elt = asker(event);
    const quiet = (elt.getAttribute("hx-trigger") || "").includes("every");
    if (quiet) return; // the next poll comes by itself
    if (elt.matches(AUTOSAVED)) { failed.add(elt); say("Не сохранено", retryFailed); return; }
    notice("not-sent", "Нет связи с сервером. Проверьте сеть и повторите действие.", "bad");
  };
  ["htmx:sendError", "htmx:timeout"].forEach((type) => document.addEventListener(type, unreached));
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    const elt = asker(event);
    if (xhr.status === 401) return;
    if (elt.matches(AUTOSAVED)) { failed.add(elt); say("Не сохранено", retryFailed); }
    else if (xhr.status === 403) notice("refused", "Недостаточно прав для этого действия.", "bad");
    else if (xhr.status === 404) notice("gone", "Запись не найдена: её могли удалить. Обновите страницу.", "bad");
    else notice("failed", "Не получилось выполнить действие. Повторите через минуту.", "bad");
  });

  // A saved row comes back whole: keep what was typed meanwhile in its other fields, and where the cursor stood
  let kept = [];
  let refusals = [];
  const twin = (field, rowId) => { // the same field of the fresh row: by its own id, or by its name inside the row
    if (field.isConnected) return field;
    if (field.id) return document.getElementById(field.id);
    const row = rowId && document.getElementById(rowId);
    return row && row.querySelector(`[name="${CSS.escape(field.name)}"]`);
  };
  // A refused value, its error or both values of a conflict also outlive the saving of another field of the row
  const answers = (elt, field) => { // the request is about this very field: its save, or the choice in its conflict
    const chosen = elt.querySelector("input[name=field]");
    return elt === field || (elt.id !== "" && elt.id === field.id) || Boolean(chosen && chosen.value === field.name);
  };
  const refusalOf = (field, row) => {
    const note = document.getElementById(field.getAttribute("aria-describedby"));
    const choice = field.closest("tbody") && [...field.closest("tbody").querySelectorAll("input[name=field]")].find((one) => one.value === field.name);
    return {
      field, row, value: field.value, isClash: field.matches(".clash"),
      note: note && note.cloneNode(true), choice: choice && choice.closest("tr").cloneNode(true),
    };
  };
  const putBack = ({ field, row, value, isClash, note, choice }) => {
    const fresh = twin(field, row);
    if (!fresh || fresh === field || fresh.matches("[data-unsaved]")) return;
    fresh.value = value;
    fresh.setAttribute("data-unsaved", "");
    fresh.classList.toggle("clash", isClash);
    if (note) {
      const stale = document.getElementById(note.id);
      if (stale) stale.remove();
      fresh.setAttribute("aria-invalid", "true");
      fresh.setAttribute("aria-describedby", note.id);
      fresh.after(note);
    }
    if (choice) { fresh.closest("tr").after(choice); htmx.process(choice); }
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    const elt = asker(event);
    if (!target || target === document.body) return;
    const accepted = xhr.status < 300;
    if (elt.matches(AUTOSAVED) && (!accepted || elt.value === elt.dataset.sent)) { unsaved.delete(elt); failed.delete(elt); }
    refusals = all("[data-unsaved]", target).filter((field) => !answers(elt, field)).map((field) => refusalOf(field, target.id));
    kept = all(AUTOSAVED, target).filter((field) => unsaved.has(field) || field === document.activeElement).map((field) => ({
      field, row: target.id, value: field.value, typed: unsaved.has(field),
      active: field === document.activeElement, from: field.selectionStart, to: field.selectionEnd,
    }));
  });
  document.addEventListener("htmx:afterSwap", () => {
    refusals.forEach(putBack);
    refusals = [];
    kept.forEach(({ field, row, value, typed, active, from, to }) => {
      const fresh = twin(field, row);
      if (!fresh || fresh === field) return;
      unsaved.delete(field);
      if (typed && fresh.value !== value) { fresh.value = value; unsaved.add(fresh); }
      if (!active) return;
      fresh.focus();
      if (from !== undefined && from !== null) fresh.setSelectionRange(from, to);
    });
    kept = [];
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, successful } = event.detail;
    const elt = asker(event);
    const row = event.detail.target && event.detail.target.id;
    if (!elt.matches(AUTOSAVED)) return;
    nextOfRow(elt);
    if (xhr.status === 401 || xhr.status === 0) return;
    if (successful && xhr.status < 300) {
      if (elt.value === elt.dataset.sent) { unsaved.delete(elt); failed.delete(elt); }
      setTimeout(() => { // after htmx has settled the classes of the new row
        const fresh = twin(elt, row);
        if (fresh && !unsaved.has(fresh)) { fresh.dataset.was = fresh.value; fresh.classList.add("saved"); }
      }, 40);
      say(`Сохранено в ${clock()}`);
    } else if (xhr.status === 422) say("Не сохранено: исправьте отмеченное поле");
    else if (xhr.status === 409) say("Не сохранено: поле изменил другой пользователь, выберите значение");
  });

  document.addEventListener("saved", () => say(`Сохранено в ${clock()}`)); // HX-Trigger of an answer: also after a choice in a conflict

  // 4. Editable table: ↑ ↓ and Enter move in a column, Esc restores, a column or a block pastes from Excel
  const peers = (sheet, column) => all(`.q[data-col="${CSS.escape(column)}"]`, sheet).filter((field) => !field.disabled && !field.readOnly);
  const move = (field, step) => {
    const column = peers(field.closest(".sheet"), field.dataset.col);
    const next = column[column.indexOf(field) + step];
    if (next) { next.focus(); if (next.select) next.select(); }
  };
  const grow = (area) => { area.style.height = "auto"; area.style.height = `${area.scrollHeight + 2}px`; }; // CSSOM is allowed by the policy
  const growAll = () => { // all are read before any is written: one layout for the table, not one for every field
    const areas = all("textarea.q");
    areas.forEach((area) => { area.style.height = "auto"; });
    const heights = areas.map((area) => area.scrollHeight);
    areas.forEach((area, at) => { area.style.height = `${heights[at] + 2}px`; });
  };
  on("input", "textarea.q", grow);
  on("keydown", ".sheet .q", (field, event) => {
    const within = field.tagName === "TEXTAREA" && !("line" in field.dataset) && !event.ctrlKey; // arrows and Enter belong to a long text
    if (event.key === "Escape" && field.dataset.was !== undefined) {
      field.value = field.dataset.was;
      unsaved.delete(field);
      field.blur();
    } else if (field.tagName !== "SELECT" && !within && !event.isComposing) {
      const step = { ArrowDown: 1, Enter: event.shiftKey ? -1 : 1, ArrowUp: -1 }[event.key];
      if (step) { event.preventDefault(); move(field, step); }
    }
  });
  // Requests go one after another; the field is looked up at its turn, because a saved row is replaced by a fresh one
  const saveInTurn = async (finders) => { // answers how many values the server refused
    let refused = 0;
    for (const find of finders) {
      const field = find();
      if (!field) continue;
      const settled = new Promise((resolve) => {
        const stop = () => { document.removeEventListener("htmx:afterRequest", later); resolve(); };
        const later = (event) => { const elt = asker(event); if (elt !== field && !(elt.id && elt.id === field.id)) return; if (event.detail.xhr.status >= 400) refused += 1; setTimeout(stop, 60); }; // let the new row settle
        document.addEventListener("htmx:afterRequest", later);
        setTimeout(stop, 10000);
      });
      announce(field);
      if (!field.matches("[hx-post],[hx-put],[hx-patch],[data-hx-post],[data-hx-put],[data-hx-patch]")) continue;
      await settled;
    }
    return refused;
  };
  const cells = (text) => text.replace(/\r?\n$/, "").split(/\r?\n/).map((row) => row.split("\t"));
  on("paste", ".sheet .q", (field, event) => {
    const block = cells(event.clipboardData.getData("text"));
    if (block.length < 2 && block[0].length < 2) return;
    event.preventDefault();
    const sheet = field.closest(".sheet");
    const columns = all(".q", field.closest("tr")).map((one) => one.dataset.col);
    const first = columns.indexOf(field.dataset.col);
    const top = peers(sheet, field.dataset.col).indexOf(field);
    const finders = [];
    let rows = 0;
    block.forEach((row, down) => row.forEach((value, right) => {
      const column = columns[first + right];
      const find = () => column && peers(sheet, column)[top + down];
      const target = find();
      if (!target) return;
      rows = Math.max(rows, down + 1);
      const clean = value.trim();
      if (target.value === clean) return;
      put(target, clean);
      finders.push(() => { const now = find(); if (now) put(now, clean); return now; });
    }));
    growAll();
    const words = `${rows} ${plural(rows, "строка,строки,строк")}`;
    if (rows < block.length) notice("paste-cut", `Вставлено: ${words} из ${block.length}. Ниже в таблице нет строк: добавьте их и вставьте остальное.`);
    saveInTurn(finders).then((refused) => {
      if (refused) say(`Не сохранено ${refused} ${plural(refused, "значение,значения,значений")}: исправьте отмеченные поля`);
      else if (!failed.size) say(`Вставлено: ${words}`);
    });
  });
  const put = (field, value) => {
    if (field.tagName === "SELECT") {
      const option = [...field.options].find((one) => one.value === value || one.text.trim().toLowerCase() === value.toLowerCase());
      if (!option) { notice("paste-option", `Значения «${value}» нет в списке. Остальное вставлено.`); return; }
      field.value = option.value;
    } else field.value = value;
    unsaved.add(field);
  };

  // 5. Chosen rows and the bar of bulk actions
  const boxes = () => all("[data-row]");
  const count = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    boxes().forEach((box) => { const row = box.closest("tr"); if (row) row.classList.toggle("on", box.checked); });
    all("[data-all]").forEach((box) => { box.checked = chosen > 0 && chosen === boxes().length; box.indeterminate = chosen > 0 && !box.checked; });
    all("[data-bulk]").forEach((bar) => {
      bar.hidden = !chosen;
      const everything = bar.querySelector("input[name=all]");
      if (everything && chosen < boxes().length) everything.value = "";
      const total = everything && everything.value ? Number(bar.dataset.total) : chosen;
      all("[data-n]", bar).forEach((place) => { place.textContent = total; });
      all("[data-everything]", bar).forEach((offer) => { offer.hidden = chosen < boxes().length || (everything && everything.value); });
    });
  };
  const check = (value) => { boxes().forEach((box) => { box.checked = value; }); count(); };
  on("change", "[data-row]", count);
  on("change", "[data-all]", (box) => check(box.checked));
  on("click", "[data-clear]", () => check(false));
  on("click", "[data-everything]", (offer) => { offer.closest("[data-bulk]").querySelector("input[name=all]").value = "1"; count(); });

  // 6. Parts of forms: data-when="decision=exclude|return" shows a part; radio cards; confirmation; one submit
  const chosenValue = (name) => {
    const fields = all(`[name="${CSS.escape(name)}"]`);
    const field = fields.find((one) => one.checked) || fields.find((one) => !["radio", "checkbox"].includes(one.type));
    return field ? field.value : "";
  };
  const showParts = () => all("[data-when]").forEach((part) => {
    const [name, values] = part.dataset.when.split("=");
    part.hidden = !values.split("|").includes(chosenValue(name));
    if (part.tagName === "FIELDSET") part.disabled = part.hidden;
  });
  const markCards = () => all(".opt input").forEach((input) => input.closest(".opt").classList.toggle("on", input.checked));
  document.addEventListener("change", () => { showParts(); markCards(); });
  on("change", "[data-submit]", (field) => field.form.requestSubmit());
  on("click", "[data-print]", () => print());
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (question && !confirm(question)) { event.preventDefault(); return; }
    if (form.method !== "post") return;
    if (form.csrfmiddlewaretoken) form.csrfmiddlewaretoken.value = csrf() || form.csrfmiddlewaretoken.value;
    if (form.dataset.busy) { event.preventDefault(); return; }
    if (event.defaultPrevented || form.matches("[hx-post],[hx-put],[hx-patch],[hx-delete]")) return;
    unsaved.delete(form);
    form.dataset.busy = "1"; // a second click must not send the form twice
    setTimeout(() => { delete form.dataset.busy; }, 4000);
  });
  addEventListener("pageshow", () => all("form[data-busy]").forEach((form) => { delete form.dataset.busy; }));

  // 7. Tabs by anchor, search by «/», counters of text, scroll regions for the keyboard
  const openTab = () => {
    const tab = location.hash && document.querySelector(`[data-bs-toggle="tab"][data-bs-target="${CSS.escape(location.hash.slice(1)) ? `#${CSS.escape(location.hash.slice(1))}` : ""}"]`);
    if (tab) bootstrap.Tab.getOrCreateInstance(tab).show();
  };
  document.addEventListener("shown.bs.tab", (event) => { history.replaceState(history.state, "", event.target.dataset.bsTarget); growAll(); scrolls(); });
  addEventListener("hashchange", openTab);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, textarea, select, [contenteditable]")) return;
    const search = document.querySelector("[data-search], input[type=search]");
    if (search) { event.preventDefault(); search.focus(); }
  });
  const counter = (area) => { const place = document.getElementById(area.dataset.counter); if (place) place.textContent = area.value.trim().length; };
  on("input", "[data-counter]", counter);
  const scrolls = () => all(".table-responsive, .sticky > .card-body").forEach((region) => {
    if (region.scrollWidth > region.clientWidth + 1 || region.scrollHeight > region.clientHeight + 1) {
      region.tabIndex = 0;
      region.setAttribute("role", region.matches(".card-body") ? "group" : "region"); // a card is a landmark already
      const caption = region.querySelector("caption");
      const heading = region.matches(".card-body") && region.parentElement.querySelector("h2");
      region.setAttribute("aria-label", (heading || caption || { textContent: "Таблица с прокруткой" }).textContent.trim());
    } else ["tabindex", "role", "aria-label"].forEach((name) => region.removeAttribute(name));
  });
  const refresh = () => { growAll(); scrolls(); showParts(); markCards(); count(); all("[data-counter]").forEach(counter); };
  document.addEventListener("htmx:afterSettle", refresh);
  addEventListener("resize", () => { growAll(); scrolls(); });
  document.fonts.ready.then(growAll);
  openTab();
  refresh();
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
})();
