// Saves what is typed beside an answer at once, one request after the other for each answer, and
// keeps it in the browser until the server has it.

const NAMES = ["points", "extra", "comment", "reason"];
const forms = [...document.querySelectorAll("form[data-answer]")];

function lines(form) {
  return [...form.querySelectorAll("[name=rubric]")];
}

function fields(form) {
  const said = Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value]));
  const met = lines(form).filter((box) => box.checked);
  return { ...said, rubric: met.map((box) => box.value).join(" ") };
}

function isSame(said, now) {
  return Object.keys(now).every((name) => said[name] === now[name]);
}

function fill(form, said) {
  for (const name of NAMES) form.elements[name].value = said[name] ?? "";
  const met = (said.rubric ?? "").split(" ");
  for (const box of lines(form)) box.checked = met.includes(box.value);
}

// The lines of a rubric are worth alike; together they are worth what the question is.
function addUp(form) {
  const boxes = lines(form);
  const share = boxes.filter((box) => box.checked).length / boxes.length;
  form.elements.points.value = Number((share * Number(form.dataset.most)).toFixed(4));
}

function number(form) {
  return Number(form.dataset.answer);
}

function kept(form) {
  return `lessonlib-mark-${form.dataset.key}`;
}

function tell(form, state, text) {
  const output = form.querySelector("output");
  form.dataset.state = state;
  output.textContent = text;
}

function ask(way, told) {
  const headers = { "Content-Type": "application/json" };
  return fetch(way, { method: "POST", headers, body: JSON.stringify(told) });
}

async function save(form) {
  if (form.saving) {
    form.again = true;
    return;
  }
  form.saving = true;
  form.again = false;
  const said = fields(form);
  form.sent.push(said);
  try {
    const answer = await ask("/say", { answer: number(form), said, seen: form.seen });
    const told = await answer.json();
    if (answer.ok) {
      form.seen = told.now;
      form.sent = [];
      if (!form.again) {
        localStorage.removeItem(kept(form));
        tell(form, "saved", form.dataset.saved);
      }
    } else if (answer.status === 409 && form.sent.some((each) => isSame(each, told.now))) {
      form.seen = told.now; // which is from here: its answer was lost on the way
      form.again = true;
    } else if (answer.status === 409) {
      form.seen = told.now; // whoever types on has seen it
      const now = Object.values(told.now).filter(Boolean).join(" · ");
      tell(form, "changed", `${told.problem} ${now}`);
    } else {
      tell(form, "refused", told.problem);
      if (answer.status >= 500) setTimeout(() => save(form), 3000);
    }
  } catch {
    tell(form, "unsaved", form.dataset.unsaved);
    setTimeout(() => save(form), 3000);
  }
  form.saving = false;
  if (form.again) save(form);
}

function typed(form) {
  localStorage.setItem(kept(form), JSON.stringify({ said: fields(form), seen: form.seen }));
  tell(form, "saving", form.dataset.saving);
  save(form);
}

for (const form of forms) {
  form.seen = JSON.parse(form.dataset.seen);
  form.sent = []; // and not known to be saved
  const draft = localStorage.getItem(kept(form));
  if (draft) {
    const { said, seen } = JSON.parse(draft);
    fill(form, said);
    form.seen = seen; // if somebody else has written there since, the server says so
    typed(form);
  }
  form.addEventListener("input", (event) => {
    if (event.target.matches("select")) return; // which is no field, and is done with below
    if (event.target.name === "rubric") addUp(form);
    typed(form);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("select")?.addEventListener("change", (event) => {
    const { comment } = form.elements;
    comment.value = [comment.value, event.target.value].filter(Boolean).join("\n");
    event.target.selectedIndex = 0;
    typed(form);
  });
}

// The page is as old as the server; what was said since stands in the table.
async function renew() {
  const answer = await ask("/stands", { answers: forms.map(number) });
  const { now } = await answer.json();
  for (const [place, form] of forms.entries()) {
    if (form.dataset.state) continue; // somebody types already
    fill(form, now[place]);
    form.seen = now[place];
  }
}

if (forms.length > 0) renew().catch(() => {}); // then what was there at the start stays

document.addEventListener("keydown", (event) => {
  const step = { PageDown: 1, PageUp: -1 }[event.key];
  if (!event.altKey || !step) return;
  const here = forms.findIndex((form) => form.contains(document.activeElement));
  const next = forms[here < 0 ? 0 : here + step];
  if (next) {
    next.closest("section").scrollIntoView();
    next.elements.points.focus({ preventScroll: true });
    event.preventDefault();
  }
});
