// Bundles src/Main.ts into dist/, or another folder: `node scripts/build.mjs [folder] [--metafile]`. Main.js looks at the Node it runs on
// before anything is loaded; the program itself is glider.js and the chunks it loads when a command needs them. Beside them stand
// the names (packages.json) and licences of all that others have written.
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { basename, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { esbuild } from "./esbuild.mjs"
import { licenceTexts, shippedPackages } from "./shipped.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = resolve(root, process.argv[2] ?? "dist")
const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"))

await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })

const program = await esbuild(root, folder, [
  "glider=src/Main.ts",
  "--bundle",
  "--splitting",
  "--format=esm",
  "--platform=node",
  "--target=node22.19",
  "--main-fields=module,main",
  "--conditions=import,node",
  "--chunk-names=chunks/[name]-[hash]",
  "--minify",
  "--legal-comments=external",
  // the first is native, and its own loader looks for the platform's binary beside itself; it takes what it shares with the
  // second from there, and knows it by identity
  "--external:@surrealdb/node",
  "--external:surrealdb",
  // the chunks stand one folder below
  `--define:GLIDER_VERSION=${JSON.stringify(version)}`,
  `--define:GLIDER_ASSETS=${JSON.stringify("../dashboard/")}`,
  // what CommonJS packages in the bundle ask for
  "--banner:js=import { createRequire as __gliderRequire } from \"node:module\"; const require = __gliderRequire(import.meta.url);"
])

// what the page loads in the browser, beside the program: named by content, so that it may be kept for ever
const assets = join(folder, "dashboard")
const page = await esbuild(root, assets, [
  "Page=src/dashboard/browser/Page.ts",
  "style=src/dashboard/browser/style.css",
  "--bundle",
  "--splitting",
  "--format=esm",
  "--platform=browser",
  "--target=es2022,chrome123,firefox120,safari17.5", // the first that know light-dark(), which the style is written with
  "--entry-names=[name]-[hash]",
  "--chunk-names=[name]-[hash]",
  "--minify"
])
const entries = Object.entries(page.outputs).filter(([, { entryPoint }]) =>
  /\/(Page\.ts|style\.css)$/.test(entryPoint ?? "")
)
const manifest = Object.fromEntries(
  entries.map(([file, { entryPoint }]) => [basename(entryPoint), { file: basename(file) }])
)
await writeFile(join(assets, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`)

const main = join(folder, "Main.js")
await writeFile(
  main,
  `#!/usr/bin/env node
import * as modules from "node:module"
import { join } from "node:path"

const [major, minor] = process.versions.node.split(".").map(Number)
if (major > 22 || (major === 22 && minor >= 19)) {
  // compiled code is kept between runs: a third of the time that a short command takes
  const { CACHE_DIRECTORY, HOME, XDG_CACHE_HOME } = process.env
  const cache = XDG_CACHE_HOME || (HOME && join(HOME, ".cache"))
  const folder = CACHE_DIRECTORY || (cache && join(cache, "glider"))
  if (folder) modules.enableCompileCache(join(folder, "compiled"))
  await import("./glider.js")
} else {
  process.stderr.write(\`glider needs Node 22.19 or newer, and this is Node \${process.versions.node}\\n\`)
  process.exit(2)
}
`
)
await chmod(main, 0o755)

const sources = [program, page].flatMap(({ outputs }) =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file)
  )
)
const shipped = shippedPackages(sources)
const names = shipped.map(({ licence, name, part, version }) => ({ name, version, licence, part }))
await writeFile(join(folder, "packages.json"), `${JSON.stringify(names, null, 2)}\n`)
await writeFile(join(folder, "THIRD-PARTY-LICENSES"), licenceTexts(shipped))

// what esbuild knows of the bundle, for the check of a release
if (process.argv.includes("--metafile")) {
  await writeFile(join(folder, "metafile.json"), JSON.stringify(program))
}

const bytes = Object.values(program.outputs).reduce((sum, output) => sum + output.bytes, 0)
process.stdout.write(
  `${relative(root, folder)}: ${Object.keys(program.outputs).length + 1} files, ${(bytes / 1e6).toFixed(1)} MB\n`
)
