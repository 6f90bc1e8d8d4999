// Photos are shrunk in the browser, shown at once and can be taken out again before they are sent.
import { say } from "./words.js";
import { toast } from "./toasts.js";

const LONGEST_SIDE = 1600;
const QUALITY = 0.85;
const LARGEST = 40 * 1024 * 1024;

export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new Error("not a picture");
  return new File([blob], `${file.name.replace(/\.[^.]+$/, "") || "photo"}.jpg`, { type: "image/jpeg" });
}

export function enhance(frame) {
  if (frame.dataset.isReady) return;
  frame.dataset.isReady = "yes";
  const input = frame.querySelector("input[type=file]");
  const list = frame.querySelector(".zt-photo-list");
  const most = Number(frame.dataset.most) || 9;
  let kept = [];

  function show() {
    const transfer = new DataTransfer();
    kept.forEach(({ file }) => transfer.items.add(file));
    input.files = transfer.files;
    list.replaceChildren(...kept.map((photo, n) => preview(photo, n)));
  }

  frame.addEventListener("zt-empty", () => {
    kept.forEach((photo) => URL.revokeObjectURL(photo.url));
    kept = [];
    show();
  });

  function preview(photo, n) {
    const item = document.createElement("li");
    item.className = "zt-photo";
    if (photo.url) {
      const image = item.appendChild(document.createElement("img"));
      image.src = photo.url;
      image.alt = photo.file.name;
    } else item.appendChild(document.createElement("span")).textContent = photo.file.name;
    const button = item.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = "×";
    button.setAttribute("aria-label", `${say("remove")} ${photo.file.name}`);
    button.addEventListener("click", () => {
      URL.revokeObjectURL(photo.url);
      kept = kept.filter((one) => one !== photo);
      show();
      (list.querySelectorAll("button")[Math.min(n, kept.length - 1)] ?? input).focus();
    });
    return item;
  }

  async function add(files) {
    frame.setAttribute("aria-busy", "true");
    for (const file of files) {
      if (kept.length >= most) { toast(say("photo_many", { n: most }), { isBad: true }); break; }
      if (file.size > LARGEST) { toast(say("photo_large", { name: file.name }), { isBad: true }); continue; }
      try {
        if (file.type === "application/pdf" && input.accept.includes(file.type)) kept.push({ file, url: "" });
        else {
          const small = await shrink(file);
          kept.push({ file: small, url: URL.createObjectURL(small) });
        }
      } catch {
        toast(say("photo_bad", { name: file.name }), { isBad: true });
      }
    }
    show();
    frame.removeAttribute("aria-busy");
    frame.dispatchEvent(new CustomEvent("zt-photos", { bubbles: true, detail: kept.map(({ file }) => file) }));
  }

  input.addEventListener("change", () => add([...input.files]));
  const target = frame.querySelector(".zt-photo-add");
  for (const name of ["dragenter", "dragover"]) target.addEventListener(name, () => target.classList.add("zt-over"));
  for (const name of ["dragleave", "drop"]) target.addEventListener(name, () => target.classList.remove("zt-over"));
}
