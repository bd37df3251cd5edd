import { DateTime, Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Affinities } from "../affinity/Affinities.ts"
import type { AffinityRow } from "../store/AffinityRows.ts"
import { Affinity, AffinityPage, Decayed } from "./AffinityMessages.ts"
import { Api } from "./Api.ts"
import { NotFound } from "./Problems.ts"
import { storeFailed } from "./Translate.ts"

const viewed = ({ archivedAt, archivedReason, lastMet, ...row }: AffinityRow): Affinity =>
  new Affinity({
    ...row,
    last_met: DateTime.makeUnsafe(lastMet),
    archived_at: Option.map(Option.fromUndefinedOr(archivedAt), (at) => DateTime.makeUnsafe(at)),
    archived_reason: Option.fromUndefinedOr(archivedReason)
  })

/** How many are listed when nobody says. */
const defaultLimit = 50

export const affinityHandlers = HttpApiBuilder.group(
  Api,
  "affinity",
  Effect.fn(function*(handlers) {
    const affinities = yield* Affinities
    return handlers.handleAll({
      list: ({ query: { after, archived, kind, limit = defaultLimit } }) =>
        Effect.mapBoth(
          affinities.list({ kind, archived: archived === "true", after: Option.fromUndefinedOr(after), limit }),
          {
            onFailure: storeFailed,
            onSuccess: ({ next, rows }) => new AffinityPage({ things: rows.map(viewed), next })
          }
        ),
      prefer: Effect.fnUntraced(function*({ payload: { key, kind, priority } }) {
        const found = yield* Effect.mapError(affinities.prefer(kind, key, priority), storeFailed)
        if (Option.isSome(found)) return viewed(found.value)
        return yield* new NotFound({ detail: `No ${kind} ${key} is known.`, fix: `glider affinity list ${kind}` })
      }),
      decay: () =>
        Effect.mapBoth(affinities.decay, { onFailure: storeFailed, onSuccess: (result) => new Decayed(result) })
    })
  })
)
