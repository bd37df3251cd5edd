// Bundles src/Main.ts into dist/: `node scripts/build.mjs`. dist/Main.js looks at the Node it runs on before anything is
// loaded; the program itself is dist/glider.js and the chunks it loads when a command needs them.
import { build } from "esbuild"
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises"

const root = new URL("..", import.meta.url)
const { version } = JSON.parse(await readFile(new URL("package.json", root), "utf8"))

await rm(new URL("dist", root), { recursive: true, force: true })
await mkdir(new URL("dist", root))

const result = await build({
  absWorkingDir: root.pathname,
  entryPoints: { glider: "src/Main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22.19",
  mainFields: ["module", "main"],
  conditions: ["import", "node"],
  chunkNames: "chunks/[name]-[hash]",
  minify: true,

  legalComments: "external",
  metafile: true,
  logLevel: "warning",
  // native, and its own loader looks for the platform's binary beside itself
  external: ["@surrealdb/node"],
  define: { GLIDER_VERSION: JSON.stringify(version) },
  // what CommonJS packages in the bundle ask for
  banner: {
    js:
      "import { createRequire as __gliderRequire } from \"node:module\"; const require = __gliderRequire(import.meta.url);"
  }
})

const main = new URL("dist/Main.js", root)
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

const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0)
process.stdout.write(`dist: ${Object.keys(result.metafile.outputs).length + 1} files, ${(bytes / 1e6).toFixed(1)} MB\n`)
