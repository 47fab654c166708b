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

  // 3. Saving field by field: what is typed and not yet accepted by the server is never lost silently.
  // One rule: a field with new text that its person has left is sent, one at a time, until the server answers about that very text.
  // saveNext asks for it after every finished request and after every swap, so it does not matter how a request came to nothing:
  // another was under way, the field had just been replaced and htmx did not listen to it yet, the row went away in the middle.
  const AUTOSAVED = ".q, [data-autosave]";
  const unsaved = new Set(); // fields with text the server has not answered about, the oldest first
  const announced = new WeakSet(); // those whose person has left them: a change event has been seen
  const failed = new Set(); // those that the server could not be asked about; they wait for «Повторить» or for the next success
  let sending = null; // {field, value} of the request under way: a second would carry the version of the row from before the first
  let pasted = null; // {words, refused} of a block that is being saved
  let held = null; // sends a form, when everything typed before it has been saved
  const living = (fields) => [...fields].filter((field) => field.isConnected);
  const waits = (field) => announced.has(field) && !failed.has(field);
  const announce = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));
  const isSaving = () => Boolean(sending) || living(unsaved).some(waits);
  const saveNext = () => {
    living(unsaved).filter(waits).forEach((field) => {
      if (sending) return;
      if (field.type === "radio" && !field.checked) unsaved.delete(field); // another answer of the group was chosen meanwhile
      else announce(field);
    });
    if (!isSaving()) allSaved();
  };
  const allSaved = () => {
    const { words, refused } = pasted || {};
    const send = held;
    pasted = held = null;
    if (refused) say(`Не сохранено ${refused} ${plural(refused, "значение,значения,значений")}: исправьте отмеченные поля`);
    else if (words && !living(failed).length) say(`Вставлено: ${words}`);
    if (send && !living(failed).length && !document.querySelector("[data-unsaved]")) send();
  };
  const retryFailed = () => { failed.clear(); saveNext(); };

  on("focusin", AUTOSAVED, (field) => { if (!unsaved.has(field)) field.dataset.was = field.value; });
  on("input", AUTOSAVED, (field) => { unsaved.add(field); announced.delete(field); failed.delete(field); field.classList.remove("saved"); });
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
  const asker = (event) => (event.detail.requestConfig || event.detail).elt; // the field itself, also after its row was replaced
  const atSignIn = (xhr) => xhr.status === 401 || Boolean(xhr.responseURL && new URL(xhr.responseURL, location.href).pathname === "/login/");
  const isAnswered = (xhr) => (xhr.status >= 200 && xhr.status < 300 && !atSignIn(xhr)) || xhr.status === 409 || xhr.status === 422;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { target: field, detail: { xhr } } = event;
    if (!field.matches(AUTOSAVED)) return;
    unsaved.add(field);
    announced.add(field);
    if (sending) { event.preventDefault(); return; }
    sending = { field, value: field.value };
    failed.delete(field);
    say("Сохраняем…");
    xhr.addEventListener("loadend", () => finished(xhr)); // comes after htmx has swapped, also when the field has left the page
  });
  const noPlace = (value) => notice("no-place", `Не сохранено: «${value}». Этого поля на странице больше нет.`);
  const answered = (field, xhr) => { if (isAnswered(xhr) && sending.field === field && sending.value === field.value) unsaved.delete(field); };
  const finished = (xhr) => {
    const { field, value } = sending;
    const fresh = twin(field);
    answered(field, xhr);
    sending = null;
    if (!fresh && (!isAnswered(xhr) || xhr.status >= 400)) noPlace(value);
    if (!isAnswered(xhr)) {
      if (fresh && unsaved.has(fresh)) failed.add(fresh);
      if (atSignIn(xhr)) sessionEnded(); else say("Не сохранено", retryFailed);
    } else if (xhr.status >= 400) {
      if (pasted) pasted.refused += 1;
      say(xhr.status === 422 ? "Не сохранено: исправьте отмеченное поле" : "Не сохранено: поле изменил другой пользователь, выберите значение");
    } else {
      failed.clear(); // the server answers again
      if (fresh && !unsaved.has(fresh)) { fresh.dataset.was = fresh.value; fresh.classList.add("saved"); }
      say(`Сохранено в ${clock()}`);
    }
    saveNext();
  };
  document.addEventListener("htmx:afterSettle", saveNext);

  // Other requests of htmx, and what all of them do when the session has ended
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!atSignIn(event.detail.xhr)) return;
    event.preventDefault();
    sessionEnded();
  });
  document.addEventListener("htmx:beforeOnLoad", ({ detail: { elt, xhr } }) => { // saved: nothing to be warned of on the way to the page it leads to
    if (!xhr.getResponseHeader("HX-Redirect")) return;
    unsaved.delete(elt);
    elt.removeAttribute("data-unsaved");
  });
  document.addEventListener("htmx:afterSettle", ({ detail: { requestConfig, xhr } }) => { // a refused form: first what is wrong with it
    const told = xhr.status === 422 && requestConfig.elt.matches("form") && document.querySelector("[data-error-summary]");
    if (told) told.focus();
  });
  const FAULT = "Ошибка: ";
  document.addEventListener("htmx:afterSettle", ({ detail: { requestConfig } }) => { // an answer beside its form: only the fields that it names are wrong
    const told = document.querySelector("[data-answers]");
    const form = requestConfig && requestConfig.elt;
    if (!told || !form || !form.matches("form[hx-target]") || form.getAttribute("hx-target") !== `#${told.id}`) return;
    form.querySelectorAll("input, select").forEach((field) => {
      const wrong = document.getElementById(`${field.id}_error`);
      if (wrong) { field.setAttribute("aria-invalid", "true"); field.setAttribute("aria-describedby", wrong.id); }
      else { field.removeAttribute("aria-invalid"); field.removeAttribute("aria-describedby"); }
    });
  });
  document.addEventListener("htmx:afterSettle", ({ detail: { requestConfig } }) => { // the title says the same as that of a whole page
    if (requestConfig.verb === "get" || !requestConfig.elt.matches("form")) return;
    const title = document.title.replace(FAULT, "");
    document.title = document.querySelector("[data-error-summary]") ? FAULT + title : title;
  });
  const unreached = (event) => {
    const elt = asker(event);
    const quiet = (elt.getAttribute("hx-trigger") || "").includes("every"); // the next poll comes by itself
    if (!quiet && !elt.matches(AUTOSAVED)) notice("not-sent", "Нет связи с сервером. Проверьте сеть и повторите действие.", "bad");
  };
  ["htmx:sendError", "htmx:timeout"].forEach((type) => document.addEventListener(type, unreached));
  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    if (status === 401 || asker(event).matches(AUTOSAVED)) return;
    if (status === 403) notice("refused", "Недостаточно прав для этого действия.", "bad");
    else if (status === 404) notice("gone", "Запись не найдена: её могли удалить. Обновите страницу.", "bad");
    else notice("failed", "Не получилось выполнить действие. Повторите через минуту.", "bad");
  });

  // A saved row comes back whole: keep what was typed meanwhile in its other fields, and where the cursor stood
  let kept = [];
  let refusals = [];
  const rowOf = (elt) => elt.closest("tr[id], tbody[id], [data-part]"); // data-part: a field that is saved on its own, with its note
  const twin = (field) => { // the same field of the fresh row: by its own id, or by its name inside the row
    if (field.isConnected) return field;
    if (field.id) return document.getElementById(field.id);
    const row = rowOf(field) && document.getElementById(rowOf(field).id);
    return row && row.querySelector(`[name="${CSS.escape(field.name)}"]`);
  };
  // A refused value, its error or both values of a conflict also outlive the saving of another field of the row
  const asksAbout = ({ elt, formData }, field) => // its own save, one that takes the whole row along, or the choice in its conflict
    elt === field || Boolean(rowOf(elt) && rowOf(elt) === rowOf(field) && formData.has(field.name));
  const refusalOf = (field) => {
    const note = document.getElementById(field.getAttribute("aria-describedby"));
    const choice = field.closest("tbody") && [...field.closest("tbody").querySelectorAll("input[name=field]")].find((one) => one.value === field.name);
    return {
      field, value: field.value, isClash: field.matches(".clash"),
      note: note && note.cloneNode(true), choice: choice && choice.closest("tr").cloneNode(true),
    };
  };
  const putBackRefusal = ({ field, value, isClash, note, choice }) => {
    const fresh = twin(field);
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
  const putBackTyped = ({ field, value, isTyped, isWhole, isRefused, isActive, from, to }) => {
    const fresh = twin(field);
    if (fresh === field) return;
    unsaved.delete(field);
    if (!fresh || fresh.disabled) {
      if (isTyped && !(sending && sending.field === field)) noPlace(value);
      return;
    }
    if (isTyped && (isRefused || fresh.value !== value)) { // a refused row shows what was sent with it, yet has stored nothing
      fresh.dataset.was = fresh.value;
      fresh.value = value;
      unsaved.add(fresh);
      if (isWhole) announced.add(fresh);
    }
    if (!isActive) return;
    fresh.focus();
    if (from !== undefined && from !== null) fresh.setSelectionRange(from, to);
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr, shouldSwap, requestConfig } = event.detail;
    if (!shouldSwap || target === document.body) return;
    if (sending) answered(requestConfig.elt, xhr);
    const isRefused = xhr.status >= 400;
    const isKept = (field) => unsaved.has(field) || field === document.activeElement;
    refusals = all("[data-unsaved]", target).filter((field) => !unsaved.has(field) && !asksAbout(requestConfig, field)).map(refusalOf);
    kept = all(AUTOSAVED, target).filter(isKept).map((field) => ({
      field, value: field.value, isTyped: unsaved.has(field), isWhole: announced.has(field), isRefused,
      isActive: field === document.activeElement, from: field.selectionStart, to: field.selectionEnd,
    }));
  });
  document.addEventListener("htmx:afterSwap", () => {
    const [refused, typed] = [refusals, kept];
    refusals = [];
    kept = [];
    refused.forEach(putBackRefusal);
    typed.forEach(putBackTyped);
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
      failed.delete(field);
      field.blur();
    } else if (field.tagName !== "SELECT" && !within && !event.isComposing) {
      const step = { ArrowDown: 1, Enter: event.shiftKey ? -1 : 1, ArrowUp: -1 }[event.key];
      if (step) { event.preventDefault(); move(field, step); }
    }
  });
  const cells = (text) => text.replace(/\r?\n$/, "").split(/\r?\n/).map((row) => row.split("\t"));
  on("paste", ".sheet .q", (field, event) => {
    const block = cells(event.clipboardData.getData("text"));
    if (block.length < 2 && block[0].length < 2) return;
    event.preventDefault();
    const sheet = field.closest(".sheet");
    const columns = all(".q", field.closest("tr")).map((one) => one.dataset.col);
    const first = columns.indexOf(field.dataset.col);
    const top = peers(sheet, field.dataset.col).indexOf(field);
    let rows = 0;
    block.forEach((row, down) => row.forEach((value, right) => {
      const column = columns[first + right];
      const target = column && peers(sheet, column)[top + down];
      if (!target) return;
      rows = Math.max(rows, down + 1);
      const clean = value.trim();
      if (target.value !== clean) put(target, clean);
    }));
    growAll();
    const words = `${rows} ${plural(rows, "строка,строки,строк")}`;
    if (rows < block.length) notice("paste-cut", `Вставлено: ${words} из ${block.length}. Ниже в таблице нет строк: добавьте их и вставьте остальное.`);
    pasted = { words, refused: 0 };
    saveNext();
  });
  const put = (field, value) => {
    if (field.tagName === "SELECT") {
      const option = [...field.options].find((one) => one.value === value || one.text.trim().toLowerCase() === value.toLowerCase());
      if (!option) { notice("paste-option", `Значения «${value}» нет в списке. Остальное вставлено.`); return; }
      field.value = option.value;
    } else field.value = value;
    unsaved.add(field);
    announced.add(field);
    failed.delete(field);
  };

  // 5. Chosen rows and the bar of bulk actions
  const boxes = () => all("[data-row]");
  const count = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    boxes().forEach((box) => { const row = box.closest("tr"); if (row) row.classList.toggle("on", box.checked); });
    all("[data-all]").forEach((box) => { box.checked = chosen > 0 && chosen === boxes().length; box.indeterminate = chosen > 0 && !box.checked; });
    all("[data-bulk]").forEach((bar) => {
      bar.hidden = !chosen && !bar.querySelector("[data-error-summary]"); // a refusal is seen also when nothing is ticked
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
  on("click", "[data-clear]", () => { all("[data-bulk] [data-error-summary]").forEach((told) => told.remove()); check(false); });
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
    if (["FIELDSET", "OPTION"].includes(part.tagName)) part.disabled = part.hidden;
    if (part.tagName === "OPTION" && part.hidden && part.selected) part.closest("select").selectedIndex = 0;
  });
  const markCards = () => all(".opt input").forEach((input) => input.closest(".opt").classList.toggle("on", input.checked));
  document.addEventListener("change", () => { showParts(); markCards(); });
  on("change", "[data-submit]", (field) => field.form.requestSubmit());
  on("click", "[data-print]", () => print());
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "post" && !event.defaultPrevented && isSaving()) { // the last cell goes first
      event.preventDefault();
      held = () => form.requestSubmit(event.submitter);
      return;
    }
    const question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (question && !confirm(question)) { event.preventDefault(); return; }
    if (form.method !== "post") return;
    if (form.csrfmiddlewaretoken) form.csrfmiddlewaretoken.value = csrf() || form.csrfmiddlewaretoken.value;
    if (form.dataset.busy) { event.preventDefault(); return; }
    if (event.defaultPrevented || form.matches("[hx-post],[hx-put],[hx-patch],[hx-delete]")) return;
    unsaved.delete(form);
    keepTyped(form);
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
  // 8. Files chosen one by one, by folder or dropped: a list with sizes before they are sent; the field stays the truth
  const WANTED = /\.(xlsx|csv|zip|xls|xlsm)$/i;
  const sizeOf = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} КБ` : `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} МБ`);
  const isWanted = (file) => WANTED.test(file.name) && !/^(~\$|\.)/.test(file.name);
  const keyOf = (file) => `${file.webkitRelativePath || file.name}|${file.size}`;
  const entriesIn = async (folder) => { // a folder gives its entries in portions, until a portion is empty
    const reader = folder.createReader();
    const found = [];
    for (;;) {
      const portion = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
      if (!portion.length) return found;
      found.push(...portion);
    }
  };
  const filesOf = async (entry) => {
    if (entry.isFile) return [await new Promise((resolve, reject) => { entry.file(resolve, reject); })];
    const inside = await Promise.all((await entriesIn(entry)).map(filesOf));
    return inside.flat();
  };
  const dropped = async (transfer) => { // answers the files, those of folders apart; entries must be asked for at once
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
    if (!entries.length) return { single: [...transfer.files], inside: [] };
    const gather = async (some) => (await Promise.all(some.map(filesOf))).flat();
    return { single: await gather(entries.filter((one) => one.isFile)), inside: await gather(entries.filter((one) => !one.isFile)) };
  };
  const dropForm = (form) => {
    const field = form.querySelector("input[type=file][name]");
    const folder = form.querySelector("[data-folder]");
    const list = form.querySelector("[data-chosen-list]");
    const chosen = new Map();
    const show = (passed) => {
      const transfer = new DataTransfer();
      chosen.forEach((file) => transfer.items.add(file));
      field.files = transfer.files;
      list.replaceChildren(...[...chosen].map(([key, file]) => line(key, file)));
      const bytes = [...chosen.values()].reduce((sum, file) => sum + file.size, 0);
      const skipped = passed ? `. Пропущено ${passed} ${plural(passed, "файл,файла,файлов")} других видов` : "";
      form.querySelector("[data-chosen-total]").textContent = `${chosen.size} ${plural(chosen.size, "файл,файла,файлов")}, ${sizeOf(bytes)}${skipped}`;
      form.querySelector("[data-chosen]").hidden = !chosen.size && !passed;
    };
    const line = (key, file) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      const size = document.createElement("span");
      const remove = button("Убрать", () => { chosen.delete(key); show(0); field.focus(); });
      name.className = "grow small text-break";
      name.textContent = file.webkitRelativePath || file.name;
      size.className = "xs mute num text-nowrap";
      size.textContent = sizeOf(file.size);
      remove.className = "btn btn-sm btn-ghost";
      remove.setAttribute("aria-label", `Убрать: ${file.name}`);
      item.append(name, " ", size, " ", remove);
      return item;
    };
    const add = (single, inside) => {
      const wanted = inside.filter(isWanted);
      [...single, ...wanted].forEach((file) => chosen.set(keyOf(file), file));
      show(inside.length - wanted.length);
    };
    const zone = form.querySelector("[data-drop-zone]");
    const over = (event) => { event.preventDefault(); zone.classList.toggle("over", event.type === "dragover"); };
    field.addEventListener("change", () => add([...field.files], []));
    folder.addEventListener("change", () => { add([], [...folder.files]); folder.value = ""; });
    ["dragover", "dragleave"].forEach((type) => addEventListener(type, over)); // a file dropped beside must not open
    addEventListener("drop", (event) => {
      over(event);
      dropped(event.dataTransfer).then(({ single, inside }) => add(single, inside)).catch(() => notice("not-read", "Не удалось прочитать папку. Выберите файлы кнопкой.", "bad"));
    });
    const pick = form.querySelector("[data-pick-folder]");
    pick.hidden = !("webkitdirectory" in folder);
    pick.addEventListener("click", () => folder.click());
    form.querySelector("[data-drop-words]").hidden = false;
  };
  all("form[data-drop]").forEach(dropForm);

  // 9. A form sent after its session had ended: what was typed waits in this tab, for this person, and comes back after signing in
  const TYPED = "typed"; // {who, page, action, values, isAway} of the form that was sent last
  const SENT_ONLY = ["hidden", "file", "password", "submit", "button", "fieldset"];
  const MARKS = ["radio", "checkbox"];
  const here = location.pathname + location.search;
  const isSignIn = location.pathname === "/login/";
  const typedFields = (form) => [...form.elements].filter((field) => field.name && !field.disabled && !SENT_ONLY.includes(field.type));
  const valueOf = (field) => (MARKS.includes(field.type) ? field.checked : field.value);
  const person = () => (document.querySelector(".user-name") || { textContent: "" }).textContent.trim();
  const store = (typed) => {
    try { if (typed) sessionStorage.setItem(TYPED, JSON.stringify(typed)); else sessionStorage.removeItem(TYPED); } catch { /* a browser without storage */ }
  };
  const stored = () => { try { return JSON.parse(sessionStorage.getItem(TYPED)); } catch { return null; } };
  const keepTyped = (form) => {
    const values = typedFields(form).map((field) => [field.name, MARKS.includes(field.type) ? field.value : "", valueOf(field)]);
    if (values.length && !isSignIn) store({ who: person(), page: here, action: form.getAttribute("action"), values });
  };
  const putBackForm = ({ action, values }) => {
    const isSame = (one) => one.method === "post" && one.getAttribute("action") === action && values.some(([name]) => one.elements[name]);
    const form = all("form").find(isSame);
    if (!form) return false;
    const left = [...values];
    [...form.elements].filter((field) => field.name && !SENT_ONLY.includes(field.type)).forEach((field) => {
      const at = left.findIndex(([name, mark]) => name === field.name && (!MARKS.includes(field.type) || mark === field.value));
      if (at < 0) return;
      const [, , value] = left.splice(at, 1)[0];
      if (MARKS.includes(field.type)) field.checked = value; else field.value = value;
    });
    for (let part = form.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    ["input", "change"].forEach((type) => form.dispatchEvent(new Event(type, { bubbles: true })));
    return true;
  };
  const bringBack = () => {
    const typed = stored();
    if (!typed) return;
    if (isSignIn) { store({ ...typed, isAway: true }); return; }
    if (typed.isAway && typed.who === person() && typed.page !== here) return; // its page is yet to be opened
    store(null);
    if (typed.isAway && typed.who === person() && putBackForm(typed)) {
      notice("typed-back", "Сессия закончилась, и форма не была отправлена. Введённое вернулось на место: проверьте и отправьте ещё раз.");
    }
  };
  on("paste", "[maxlength]", (field, event) => { // the browser would cut without a word
    const room = field.maxLength - field.value.length + field.selectionEnd - field.selectionStart;
    const length = event.clipboardData.getData("text").length;
    if (length > room) notice("paste-long", `Вставлено не всё: в поле помещается ${field.maxLength} ${plural(field.maxLength, "знак,знака,знаков")}, а в тексте ${length}. Сократите его и вставьте ещё раз.`);
  });

  const refresh = () => { growAll(); scrolls(); showParts(); markCards(); count(); all("[data-counter]").forEach(counter); };
  document.addEventListener("htmx:afterSettle", refresh);
  addEventListener("resize", () => { growAll(); scrolls(); });
  document.fonts.ready.then(growAll);
  openTab();
  bringBack();
  refresh();
  const summary = document.querySelector("[data-error-summary]");
  const refusedBar = summary && summary.closest("[data-bulk]");
  if (summary) summary.focus({ preventScroll: Boolean(refusedBar) });
  const showBar = () => refusedBar.scrollIntoView({ block: "end", behavior: "instant" }); // with its button, not the errors alone
  if (refusedBar) { showBar(); document.fonts.ready.then(showBar); } // fonts move what stands above
})();
