/** Writes the prepared store: `node Fill.ts <data folder>`. */
import { DateTime, Effect } from "effect"
import { events } from "./Calendar.ts"
import { failed, gaps, unreadable } from "./Failures.ts"
import { imports } from "./Imports.ts"
import { plays } from "./Music.ts"
import { waiting } from "./Reviews.ts"
import { heartRates, nights, stress, workouts } from "./Ring.ts"
import { write } from "./Store.ts"

write(
  Effect.map(DateTime.now, (now) => [{
    events: events(DateTime.formatIsoDateUtc(now)),
    plays,
    heartRates,
    daily_stress: stress,
    workout: workouts,
    sleep: nights
  }]),
  [unreadable, ...gaps],
  Effect.all([failed, waiting, imports], { discard: true })
)
