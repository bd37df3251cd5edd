// Executes every command in the documents: `npm run docs:test`, or with the paths of some documents. README.md and all of docs/;
// what is left out bears the reason in the document (test/docs/Blocks.ts). The built program is taken, so build first.
import { existsSync } from "node:fs"
import { readdir, readFile } from "node:fs/promises"
import { availableParallelism } from "node:os"
import { join, relative } from "node:path"
import { reasons } from "../test/docs/Blocks.ts"
import { execute } from "./docs/Execute.mjs"
import { root, sandbox, worlds } from "./docs/World.mjs"

if (!existsSync(join(root, "dist/Main.js"))) {
  process.stderr.write("there is no dist/Main.js: npm run build\n")
  process.exit(1)
}

const documents = async () => {
  const found = await readdir(join(root, "docs"), { recursive: true })
  return ["README.md", ...found.filter((file) => file.endsWith(".md")).map((file) => `docs/${file}`).toSorted()]
}

const named = process.argv.slice(2).map((path) => relative(root, path))
const waiting = named.length > 0 ? named : await documents()
const done = []
const failures = []
const began = performance.now()

const providers = await sandbox()
const all = await worlds(providers).catch(async (error) => {
  await providers.stop()
  throw error
})
const worker = async () => {
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    try {
      const told = await execute(path, await readFile(join(root, path), "utf8"), all)
      done.push(told)
      if (told.commands > 0) {
        process.stdout.write(
          `${path}: ${told.commands} commands${told.outputs > 0 ? `, ${told.outputs} outputs` : ""}, ${
            told.seconds.toFixed(1)
          } s\n`
        )
      }
    } catch (error) {
      failures.push(error)
      process.stdout.write(`${path}: FAILED\n${error.message}\n`)
    }
  }
}
try {
  await Promise.all(Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, worker))
} finally {
  await providers.stop()
  await all.remove()
}

const left = Map.groupBy(
  done.flatMap(({ left, path }) => left.map((step) => ({ ...step, path }))),
  ({ reason }) => reason
)
for (const [reason, steps] of left) {
  process.stdout.write(
    `left out, for ${reasons[reason]}: ${steps.map(({ line, path }) => `${path}:${line}`).join(", ")}\n`
  )
}
const texts = await Promise.all((await documents()).map((path) => readFile(join(root, path), "utf8")))
const elsewhere = new Set(
  texts.flatMap((text) => [...text.matchAll(/\]\((https?:\/\/[^)\s]+)\)/g)].map(([, link]) => link))
)
process.stdout.write(`links to elsewhere, which nobody follows here: ${[...elsewhere].toSorted().join(" ")}\n`)
const sum = done.reduce((total, { commands }) => total + commands, 0)
process.stdout.write(
  `${sum} commands of ${done.filter(({ commands }) => commands > 0).length} documents, ${
    [...left.values()].flat().length
  } blocks left out, ${((performance.now() - began) / 1000).toFixed(0)} s\n`
)
if (failures.length > 0) process.exitCode = 1
