import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Body } from "../records/Body.ts"
import { Calendar } from "../records/Calendar.ts"
import { HeartRates } from "../records/HeartRates.ts"
import { Listening } from "../records/Listening.ts"
import { Owner } from "../records/Owner.ts"
import { Recorded } from "../records/Recorded.ts"
import { Search } from "../records/Search.ts"
import { Summary } from "../records/Summary.ts"
import { Tops } from "../records/Tops.ts"
import { Totals } from "../records/Totals.ts"
import { Api } from "./Api.ts"
import { ConfigInForce } from "./ConfigInForce.ts"
import { daysWithin, mostDays, resolutionWithin } from "./DataRanges.ts"
import * as Sums from "./DataSums.ts"
import * as Views from "./DataViews.ts"
import { storeFailed } from "./Translate.ts"

export const dataHandlers = HttpApiBuilder.group(
  Api,
  "data",
  Effect.fn(function*(handlers) {
    const body = yield* Body
    const calendar = yield* Calendar
    const config = yield* ConfigInForce
    const heartRates = yield* HeartRates
    const listening = yield* Listening
    const owner = yield* Owner
    const recorded = yield* Recorded
    const search = yield* Search
    const summary = yield* Summary
    const tops = yield* Tops
    const totals = yield* Totals
    return handlers.handleAll({
      owner: () => Effect.map(owner.now, (now) => Views.owner(owner, now)),
      calendar: Effect.fnUntraced(function*({ query }) {
        const range = yield* daysWithin(query, mostDays.detail)
        return Views.calendar(owner, range, yield* Effect.mapError(calendar.between(range), storeFailed))
      }),
      listening: Effect.fnUntraced(function*({ query: { gap_minutes = 10, ...query } }) {
        const range = yield* daysWithin(query, mostDays.detail)
        const sessions = yield* Effect.mapError(listening.sessions(range, gap_minutes * 60_000), storeFailed)
        return Views.listening(owner, range, sessions)
      }),
      heartRate: Effect.fnUntraced(function*({ query: { resolution = 300, ...query } }) {
        const range = yield* daysWithin(query, resolution === 0 ? mostDays.samples : mostDays.detail)
        const seconds = yield* resolutionWithin(resolution)
        const points = yield* Effect.mapError(heartRates.between(range, seconds), storeFailed)
        return Views.heartRate(owner, range, seconds, points)
      }),
      body: Effect.fnUntraced(function*({ query }) {
        const range = yield* daysWithin(query, mostDays.sums)
        const { days, nights } = yield* Effect.mapError(
          Effect.all({ days: body.days(range), nights: body.nights(range) }),
          storeFailed
        )
        return Views.body(owner, days, nights)
      }),
      recorded: Effect.fnUntraced(function*({ query }) {
        const range = yield* daysWithin(query, mostDays.any)
        const plans = yield* config.current
        return Views.recorded(yield* Effect.mapError(recorded.between(range, plans), storeFailed))
      }),
      totals: Effect.fnUntraced(function*({ query }) {
        const range = yield* daysWithin(query, mostDays.sums)
        return Sums.totals(owner, yield* Effect.mapError(totals.between(range), storeFailed))
      }),
      tops: Effect.fnUntraced(function*({ query: { by = "plays", limit = 50, of, ...query } }) {
        const range = yield* daysWithin(query, mostDays.any)
        return Sums.tops(owner, yield* Effect.mapError(tops.between(range, { of, by, limit }), storeFailed))
      }),
      summary: Effect.fnUntraced(function*({ query }) {
        const range = yield* daysWithin(query, mostDays.any)
        return Sums.summary(owner, yield* Effect.mapError(summary.between(range), storeFailed))
      }),
      search: ({ query: { limit = 50, text } }) =>
        Effect.mapBoth(search.find(text, limit), {
          onFailure: storeFailed,
          onSuccess: (found) => Sums.found(owner, found)
        })
    })
  })
)
