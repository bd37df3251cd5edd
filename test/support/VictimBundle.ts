/** The process of the crash tests as one file, which starts twice as fast as its sources and is started a hundred times. */
import { Effect } from "effect"
import { build } from "esbuild"
import { fileURLToPath } from "node:url"

/** Writes the program into the folder and gives its path. */
export const bundle = (
  folder: string,
  program: "Victim" | "WorkflowVictim" | "JobVictim" | "MessageVictim" = "Victim"
): Effect.Effect<string> =>
  Effect.promise(() =>
    build({
      entryPoints: [fileURLToPath(new URL(`${program}.ts`, import.meta.url))],
      outfile: `${folder}/${program}.mjs`,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node22.19",
      mainFields: ["module", "main"],
      minifyWhitespace: true,
      logLevel: "error",
      plugins: [{
        name: "native",
        setup: ({ onResolve }) =>
          // stays where it is, beside its binary
          onResolve(
            { filter: /^@surrealdb\/node$/ },
            ({ path }) => ({ path: import.meta.resolve(path), external: true })
          )
      }],
      // what CommonJS packages in the bundle ask for
      banner: {
        js: "import { createRequire as requireOf } from \"node:module\"; const require = requireOf(import.meta.url);"
      }
    })
  ).pipe(Effect.as(`${folder}/${program}.mjs`))
