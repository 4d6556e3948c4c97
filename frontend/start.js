import init from "./pupitre.js";

init();
