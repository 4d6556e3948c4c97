// The page says which program it holds: index.html the tablet, desk.html the clerk's desk. The words
// of every language come beside it, for the language may be changed at any time.
const { program } = document.documentElement.dataset;
const text = async (path) => (await fetch(new URL(path, import.meta.url))).text();
const [{ default: init }, fr, en] = await Promise.all([
  import(`./${program}.js`),
  text("words/fr.ftl"),
  text("words/en.ftl"),
]);
globalThis.pupitreWords = { fr, en };
await init({ module_or_path: new URL(`${program}_bg.wasm`, import.meta.url) });
