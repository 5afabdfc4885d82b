// Help on top of pages that work without it: position, smaller photos, a draft kept on this device.
(function () {
  "use strict";
  const PHOTO_SIDE_PX_MAX = 1600;
  const PHOTO_QUALITY = 0.82;
  const DRAFT_HOURS_MAX = 48;
  const DRAFT_FIELDS = ["text", "landmark", "heard", "room"]; // never names or phones: a phone may be shared

  // Position: only when asked, only to find the grid.
  document.querySelectorAll("[data-locate]").forEach(function (box) {
    if (!navigator.geolocation || !window.isSecureContext) return;
    const button = box.querySelector("button");
    const said = box.querySelector("[role=status]");
    const form = box.closest("form");
    box.hidden = false;
    button.addEventListener("click", function () {
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(function (at) {
        form.elements.lon.value = at.coords.longitude.toFixed(6);
        form.elements.lat.value = at.coords.latitude.toFixed(6);
        said.textContent = said.dataset.found;
        button.disabled = false;
      }, function () {
        said.textContent = said.dataset.failed;
        button.disabled = false;
      }, { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
    });
  });

  // Photos: drawn again, smaller. The server strips and encodes anew in any case.
  function shrink(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return Promise.resolve(file);
    return new Promise(function (done) {
      const url = URL.createObjectURL(file);
      const picture = new Image();
      picture.onerror = function () { URL.revokeObjectURL(url); done(file); };
      picture.onload = function () {
        URL.revokeObjectURL(url);
        const scale = Math.min(1, PHOTO_SIDE_PX_MAX / Math.max(picture.naturalWidth, picture.naturalHeight));
        const canvas = document.createElement("canvas");
        canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
        canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(function (blob) {
          if (!blob || blob.size >= file.size) return done(file);
          done(new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }));
        }, "image/jpeg", PHOTO_QUALITY);
      };
      picture.src = url;
    });
  }
  document.querySelectorAll("input[data-shrink]").forEach(function (input) {
    if (typeof DataTransfer !== "function" || !HTMLCanvasElement.prototype.toBlob) return;
    input.addEventListener("change", function () {
      const count = Number(input.dataset.count) || 1;
      const buttons = input.form.querySelectorAll("button");
      buttons.forEach(function (b) { b.disabled = true; });
      Promise.all(Array.from(input.files).slice(0, count).map(shrink)).then(function (files) {
        const chosen = new DataTransfer();
        files.forEach(function (file) { chosen.items.add(file); });
        input.files = chosen.files;
      }).catch(function () { /* the files stay as chosen */ }).then(function () {
        buttons.forEach(function (b) { b.disabled = false; });
      });
    });
  });

  // Draft: what was typed survives a lost signal. Gone after the receipt or two days.
  function storage() {
    try { return window.localStorage; } catch (refused) { return null; }
  }
  const kept = storage();
  if (!kept) return;
  document.querySelectorAll("[data-clear-draft]").forEach(function (mark) {
    kept.removeItem("draft:" + mark.dataset.clearDraft);
  });
  document.querySelectorAll("form[data-draft]").forEach(function (form) {
    const name = "draft:" + form.dataset.draft;
    const fields = DRAFT_FIELDS.map(function (f) { return form.elements[f]; }).filter(Boolean);
    try {
      const draft = JSON.parse(kept.getItem(name) || "null");
      if (draft && Date.now() - draft.at < DRAFT_HOURS_MAX * 3600000) {
        fields.forEach(function (f) { if (!f.value && draft[f.name]) f.value = draft[f.name]; });
      } else {
        kept.removeItem(name);
      }
    } catch (broken) { kept.removeItem(name); }
    form.addEventListener("input", function () {
      const draft = { at: Date.now() };
      fields.forEach(function (f) { draft[f.name] = f.value; });
      try { kept.setItem(name, JSON.stringify(draft)); } catch (full) { /* no room: no draft */ }
    });
  });
})();
