/** A sync may bring plays of days that were imported already: what counted by itself until then is looked at again. */
import { DateTime, Effect, Layer, Option, PubSub } from "effect"
import { isOf } from "../domain/Connection.ts"
import type { SyncReport } from "../domain/Run.ts"
import { Candidates } from "../imports/Candidates.ts"
import { CandidateRows } from "../store/CandidateRows.ts"
import { Connections } from "../store/Connections.ts"
import { runOfRow } from "../store/RunColumns.ts"
import { RunNews } from "./RunNews.ts"

/** Whether a run has brought plays: a sync of any account at Spotify, whatever started it. */
const broughtPlays = ({ source, streams }: SyncReport): boolean =>
  Option.exists(source, ({ connection }) => isOf(connection, "spotify")) &&
  Object.values(streams).some(({ created }) => created > 0)

/** A play is stamped when its page is planned, and may be committed so much later. */
const overlap = { minutes: 10 }

/**
 * After each sync of Spotify that brought something, for as long as the layer lives. How far that has come is kept in the store: what
 * syncs have brought that no process came to compare, since it ended, is compared by the next daemon (`recovers`) at its start.
 */
export const candidateKeeper = ({ recovers }: { readonly recovers: boolean }) =>
  Layer.effectDiscard(Effect.gen(function*() {
    const candidates = yield* Candidates
    const connections = yield* Connections
    const rows = yield* CandidateRows
    const news = yield* (yield* RunNews).subscribe

    const look = Effect.fnUntraced(
      function*(begun: DateTime.Utc) {
        const until = yield* DateTime.now
        let reopened = 0
        const all = (yield* connections.ofProvider("spotify")).map(({ connection }) => connection.id)
        for (const connection of all) {
          const since = Option.getOrElse(yield* rows.comparedUntil(connection), () => begun)
          reopened += yield* candidates.reconsider(connection, DateTime.min(since, begun))
        }
        if (reopened > 0) yield* candidates.processAll()
        // only now: until then the next process would do it all again, which changes nothing
        yield* Effect.forEach(all, (connection) => rows.compared(connection, DateTime.subtract(until, overlap)))
      },
      Effect.catch(({ message }) => Effect.logWarning(`imported plays could not be compared with new ones: ${message}`))
    )

    const follow = PubSub.take(news).pipe(
      Effect.flatMap(({ kind, run }) => {
        if (kind !== "ended") return Effect.void
        const { startedAt, syncReport } = runOfRow(run)
        return broughtPlays(syncReport) ? look(startedAt) : Effect.void
      }),
      Effect.forever
    )
    const first = recovers ? Effect.flatMap(DateTime.now, look) : Effect.void
    yield* Effect.forkScoped(Effect.andThen(first, follow))
  }))
