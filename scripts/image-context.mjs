// What .dockerignore lets through: `node scripts/image-context.mjs <folder>` copies it there, as `docker build` would take it.
import { cpSync, readFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const rules = readFileSync(join(root, ".dockerignore"), "utf8").split("\n").filter((line) => !/^(#|\s*$)/.test(line))
const [everything, ...exceptions] = rules
// everything is left away but what is named: nothing else is needed here, and nothing slips in
if (everything !== "*" || !exceptions.every((rule) => /^![\w./-]+$/.test(rule))) {
  throw new Error(".dockerignore begins with * and names exceptions, without patterns")
}
const kept = exceptions.map((rule) => rule.slice(1))

/** Whether the build can see that path, from the top of the repository. */
export const isInContext = (path) => kept.some((name) => path === name || path.startsWith(`${name}/`))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const to = process.argv[2]
  for (const name of kept) {
    cpSync(join(root, name), join(to, name), {
      recursive: true,
      filter: (from) => isInContext(relative(root, from).replaceAll(sep, "/"))
    })
  }
}
