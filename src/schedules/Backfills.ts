import { Clock, Context, DateTime, Effect, Layer, Option } from "effect"
import { type InvalidInput, RunControl, type UnknownWorkflow } from "../engine/RunControl.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { TickLedger } from "../store/TickLedger.ts"
import type { Entry } from "./Entry.ts"
import { InvalidChange } from "./ScheduleChanges.ts"
import { type Settings, ticksOf } from "./Settings.ts"

/** Which ticks of the past are to run, both ends included. */
export interface Stretch {
  readonly from: DateTime.Utc
  readonly to: DateTime.Utc
  /** How long it rests between two of them, in milliseconds. */
  readonly pauseMillis: Option.Option<number>
  /** Only says what would run. */
  readonly preview: boolean
  /** The id of the run that does it, where the caller has one. */
  readonly id: Option.Option<string>
}

/** What a backfill does. */
export interface Backfilled {
  /** The run that starts them; none when there is nothing to do, and of a preview. */
  readonly run: Option.Option<string>
  /** Ticks in the stretch. */
  readonly ticks: number
  /** Those that have started no run so far. */
  readonly fresh: number
}

/** Ticks of one backfill. */
const most = 10_000

/** Ticks of the past run one after the other; those that have a run already are left alone. */
export class Backfills extends Context.Service<Backfills, {
  readonly start: (
    entry: Entry,
    settings: Settings,
    stretch: Stretch
  ) => Effect.Effect<Backfilled, InvalidChange | InvalidInput | UnknownWorkflow | SurrealError>
}>()("glider/schedules/Backfills") {
  static readonly layer = Layer.effect(
    Backfills,
    Effect.gen(function*() {
      const control = yield* RunControl
      const ledger = yield* TickLedger

      const start = Effect.fn("Backfills.start")(function*(entry: Entry, settings: Settings, stretch: Stretch) {
        const [from, to] = [DateTime.toEpochMillis(stretch.from), DateTime.toEpochMillis(stretch.to)]
        const now = yield* Clock.currentTimeMillis
        if (settings.timing._tag === "Interval") {
          const message = "an interval counts from the ends of its runs, and has no ticks of its own in the past"
          return yield* new InvalidChange({ field: "from", message })
        }
        if (from > to) {
          return yield* new InvalidChange({ field: "to", message: "expected an instant that is not before from" })
        }
        if (to > now) return yield* new InvalidChange({ field: "to", message: "expected an instant of the past" })
        let ticks = 0
        for (const _ of ticksOf(settings, from, to)) {
          if (++ticks > most) {
            return yield* new InvalidChange({
              field: "to",
              message: `at most ${most} ticks at once: make the stretch shorter`
            })
          }
        }
        const { id: schedule, project } = entry.row
        const known = yield* ledger.read({ project, schedule, from, to, limit: 2 * most })
        const started = new Set(
          known.flatMap(({ nominal, outcome }) => outcome === "started" ? [nominal.epochMilliseconds] : [])
        )
        let fresh = 0
        for (const { nominal } of ticksOf(settings, from, to)) if (!started.has(nominal)) fresh++
        if (fresh === 0 || stretch.preview) return { run: Option.none(), ticks, fresh }
        const payload = {
          schedule: entry.id,
          from,
          to,
          mark: "backfilled",
          ...Option.isSome(stretch.pauseMillis) ? { pauseMillis: stretch.pauseMillis.value } : {}
        }
        const id = Option.getOrElse(
          stretch.id,
          () => `${entry.scheduleId}~backfill@${DateTime.formatIso(stretch.from)}-${now}`
        )
        return { run: Option.some(yield* control.start("schedule_backfill", payload, Option.some(id))), ticks, fresh }
      })

      return Backfills.of({ start })
    })
  )
}
