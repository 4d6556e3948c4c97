import init from "./pupitre.js";

init({ module_or_path: "pupitre_bg.wasm" });
