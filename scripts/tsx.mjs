// Lets Node run the page's .tsx from the sources, for `npm run dev`: node --import ./scripts/tsx.mjs
import { transformSync } from "esbuild"
import { readFileSync } from "node:fs"
import { registerHooks } from "node:module"
import { fileURLToPath } from "node:url"

registerHooks({
  load: (url, context, next) => {
    if (!url.endsWith(".tsx")) return next(url, context)
    const { code } = transformSync(readFileSync(fileURLToPath(url), "utf8"), {
      loader: "tsx",
      jsx: "automatic",
      jsxImportSource: "preact",
      format: "esm",
      sourcemap: "inline",
      sourcefile: fileURLToPath(url)
    })
    return { format: "module", source: code, shortCircuit: true }
  }
})
