// Puts the styles of each web app into one sheet, so that a first visit asks for one file: tokens,
// base, the shared components, then the app's own. Trunk runs it before each build; the sheets are
// target/web/styles/<app>.css, which the apps' index.html name.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const frontend = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(frontend, "../target/web/styles");

function sheets(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".css"));
  return files.sort().map((name) => join(folder, name));
}

// The shop has no notification centre: a first visit does not pay for its style.
const staysOut = { shop: "notice_feed" };

mkdirSync(out, { recursive: true });
for (const app of ["shop", "console", "account"]) {
  const files = [
    join(frontend, "styles/tokens.css"),
    join(frontend, "styles/base.css"),
    ...sheets(join(frontend, "ui/src")).filter((name) => !name.includes(staysOut[app] ?? "\0")),
    ...sheets(join(frontend, app, "src")),
  ];
  writeFileSync(join(out, `${app}.css`), files.map((file) => readFileSync(file, "utf8")).join("\n"));
}
