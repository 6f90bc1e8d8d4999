// A form of a survey in the app of grid workers: it lies on the phone with what it shows, is filled in without network, and goes out with the queue.
import { ask, engine } from "./asking.js";

const NO_ONE = "00000000-0000-0000-0000-000000000000";
const START = "form ";
const placeOf = ({ version }) => `${START}${version}`;

// The forms of these rows are brought to the phone, others go; so does what was half filled in for what is over.
export async function prepare(rows, kit) {
  const wanted = new Map(rows.map(({ setup }) => [placeOf(setup), setup]));
  const there = (await kit.names()).filter((name) => name.startsWith(START));
  for (const name of there) if (!wanted.has(name)) await kit.drop(name);
  for (const [name, setup] of wanted) if (!there.includes(name)) await kit.keep(name, await brought(setup, kit));
  const needed = new Set([...rows.map((row) => row.id), ...(await kit.entered())]);
  for (const key of await kit.drafts()) if (!needed.has(key)) await kit.dropDraft(key);
  await engine();
}

async function brought(setup, kit) {
  const { form, media } = kit.template.content.querySelector("form").dataset;
  const found = { xml: await (await kit.file(form.replace(NO_ONE, setup.survey))).text(), media: {} };
  for (const name of setup.files) {
    const content = await (await kit.file(media.replace(NO_ONE, setup.survey).replace(/x$/, encodeURIComponent(name)))).blob();
    found.media[name] = await asAddress(content);
  }
  return found;
}

const asAddress = (content) => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result);
  reader.onerror = () => failed(reader.error);
  reader.readAsDataURL(content);
});

function ofAddress(address) {
  const [head, content] = address.split(",");
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  return new Response(bytes, { headers: { "Content-Type": head.slice(5).split(";")[0] } });
}

export async function open(frame, row, kit) {
  const kept = (await kit.known(placeOf(row.setup))) ?? (await brought(row.setup, kit));
  frame.replaceChildren(kit.template.content.cloneNode(true));
  const form = frame.querySelector("form.zt-survey"), purpose = frame.querySelector("[data-purpose]");
  purpose.textContent = row.setup.purpose;
  purpose.hidden = !row.setup.purpose;
  Object.assign(form.dataset, { known: JSON.stringify(row.known), most: JSON.stringify(row.setup.most), key: row.id });
  const ways = {
    kept: kit.draft,
    keep: kit.keepDraft,
    forget: kit.dropDraft,
    address: (_form, resource) => kept.media[decodeURIComponent(String(resource).replace(/^.*\//, ""))] ?? "",
    media: ofAddress,
    restart: () => open(frame, row, kit),
    async send(filling) {
      const files = (await filling.files()).map(([name, file]) => new File([file], name, { type: file.type }));
      const answered = kit.template.dataset.answered.replace("{0}", form.querySelectorAll("[data-answered]").length);
      await kit.add("survey_answer", { ...row.fields, answered }, { files }, row);
      form.inert = true;
    },
  };
  const missed = frame.querySelector("form.zt-survey-missed");
  missed.addEventListener("submit", (event) => {
    event.preventDefault();
    if (missed.reportValidity()) kit.add("survey_missed", { target: row.id, note: missed.elements.note.value }, {}, row);
  });
  await ask(form, kept.xml, ways);
}
