/** A sync may bring plays of days that were imported already: what counted by itself until then is looked at again. */
import { Effect, Layer, PubSub } from "effect"
import { Candidates } from "../imports/Candidates.ts"
import { Connections } from "../store/Connections.ts"
import { runOfRow } from "../store/RunColumns.ts"
import { RunNews } from "./RunNews.ts"

/** Whether a run has brought plays. */
const broughtPlays = (
  report: { readonly streams: { readonly [name: string]: { readonly created: number } } }
): boolean => Object.values(report.streams).some(({ created }) => created > 0)

/** After each sync of Spotify that brought something, for as long as the layer lives. */
export const candidateKeeper = Layer.effectDiscard(Effect.gen(function*() {
  const candidates = yield* Candidates
  const connections = yield* Connections
  const news = yield* (yield* RunNews).subscribe
  const look = Effect.fnUntraced(function*(since: ReturnType<typeof runOfRow>["startedAt"]) {
    let reopened = 0
    for (const { connection } of yield* connections.ofProvider("spotify")) {
      reopened += yield* candidates.reconsider(connection.id, since)
    }
    if (reopened > 0) yield* candidates.processAll
  }, Effect.catch(({ message }) => Effect.logWarning(`imported plays could not be compared with new ones: ${message}`)))
  yield* PubSub.take(news).pipe(
    Effect.flatMap(({ kind, run }) => {
      if (kind !== "ended" || run.workflow !== "spotify") return Effect.void
      const { startedAt, syncReport } = runOfRow(run)
      return broughtPlays(syncReport) ? look(startedAt) : Effect.void
    }),
    Effect.forever,
    Effect.forkScoped
  )
}))
