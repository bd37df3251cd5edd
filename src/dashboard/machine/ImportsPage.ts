import { Effect } from "effect"
import type { Asked, Page } from "../frame/Pages.ts"
import { importsView } from "./ImportsView.tsx"

/** Imports that are shown. */
const mostImports = 50

/** Streams that are asked about at once: whoever has answered these gets the next. */
const mostCandidates = 20

/** What the page is made from. */
export const importsKnown = ({ api }: Pick<Asked, "api">) =>
  Effect.map(
    Effect.all({
      imports: api.imports.list({ query: { limit: mostImports } }),
      candidates: api.candidates.list({ query: { limit: mostCandidates + 1 } })
    }, { concurrency: "unbounded" }),
    ({ candidates, imports }) => ({
      imports,
      candidates: candidates.slice(0, mostCandidates),
      more: candidates.length > mostCandidates
    })
  )

/** What was imported, what of it waits for the person, and how more comes in. */
export const importsPage: Page = (asked) =>
  Effect.map(importsKnown(asked), (known) => importsView({ ...asked, ...known }))
