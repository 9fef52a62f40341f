// main.py inside Pyodide, as xlwings Lite runs it: node wire.mjs PYODIDE XLWINGS WIRE MAIN CALLS
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [pyodideHome, xlwings, wire, main, calls] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodideHome}/pyodide.mjs`));
const python = await loadPyodide({ stdout: (text) => console.error(text) });
python.FS.mkdirTree("/packages/xlwings");
python.FS.mount(python.FS.filesystems.NODEFS, { root: xlwings }, "/packages/xlwings");
for (const [path, source] of [["/packages/wire.py", wire], ["/main.py", main], ["/calls.json", calls]]) {
  python.FS.writeFile(path, readFileSync(source, "utf8"));
}
const found = await python.runPythonAsync(`
import json, sys
sys.path.insert(0, "/packages")
import wire
json.dumps(await wire.answers("/main.py", json.load(open("/calls.json"))))
`);
process.stdout.write(found, () => process.exit(0));
