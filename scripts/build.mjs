// Bundles src/Main.ts into dist/, or another folder: `node scripts/build.mjs [folder] [--metafile]`. Main.js looks at the Node it runs on
// before anything is loaded; the program itself is glider.js and the chunks it loads when a command needs them. Beside them stand
// the names (packages.json) and licences of all that others have written.
import { build } from "esbuild"
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { isAbsolute, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { build as bundlePage } from "vite"
import { licenceTexts, shippedPackages } from "./shipped.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = resolve(root, process.argv[2] ?? "dist")
const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"))

await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })

const result = await build({
  absWorkingDir: root,
  entryPoints: { glider: "src/Main.ts" },
  outdir: folder,
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
  // the chunks stand one folder below
  define: { GLIDER_VERSION: JSON.stringify(version), GLIDER_ASSETS: JSON.stringify("../dashboard/") },
  // what CommonJS packages in the bundle ask for
  banner: {
    js:
      "import { createRequire as __gliderRequire } from \"node:module\"; const require = __gliderRequire(import.meta.url);"
  }
})

// what the page loads in the browser, beside the program: named by content, so that it may be kept for ever
const page = await bundlePage({
  configFile: false,
  root: join(root, "src/dashboard/browser"),
  base: "/assets/",
  publicDir: false,
  logLevel: "warn",
  build: {
    outDir: join(folder, "dashboard"),
    emptyOutDir: true,
    assetsDir: ".",
    manifest: "manifest.json",
    target: "es2022",
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { Page: join(root, "src/dashboard/browser/Page.ts") } }
  }
})

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

const sources = [
  ...Object.values(result.metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file)
  ),
  ...page.output.flatMap(({ moduleIds = [], originalFileNames = [] }) => [...moduleIds, ...originalFileNames])
    .map((file) => isAbsolute(file) ? relative(root, file) : file)
]
const shipped = shippedPackages(sources)
const names = shipped.map(({ licence, name, part, version }) => ({ name, version, licence, part }))
await writeFile(join(folder, "packages.json"), `${JSON.stringify(names, null, 2)}\n`)
await writeFile(join(folder, "THIRD-PARTY-LICENSES"), licenceTexts(shipped))

// what esbuild knows of the bundle, for the check of a release
if (process.argv.includes("--metafile")) {
  await writeFile(join(folder, "metafile.json"), JSON.stringify(result.metafile))
}

const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0)
process.stdout.write(
  `${relative(root, folder)}: ${Object.keys(result.metafile.outputs).length + 1} files, ${
    (bytes / 1e6).toFixed(1)
  } MB\n`
)
