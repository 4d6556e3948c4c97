import init from "./pupitre.js";

init({ module_or_path: new URL("pupitre_bg.wasm", import.meta.url) });
