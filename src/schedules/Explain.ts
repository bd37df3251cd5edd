import { Clock, Context, DateTime, Effect, Layer, Option } from "effect"
import { pausedAt, type Tick } from "../domain/Schedule.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { TickLedger } from "../store/TickLedger.ts"
import * as Timing from "../timing/Timing.ts"
import { toleranceMillis } from "./Accounting.ts"
import type { Entry } from "./Entry.ts"
import { effective, type Settings, tickAfter, ticksOf } from "./Settings.ts"

/** One line of an explanation; instants are epoch milliseconds. */
export interface Explained {
  readonly nominal: number
  readonly effective: number
  /** What became of it; none of one that is still to come, and of a time that the clocks skip. */
  readonly tick: Option.Option<Tick>
  /** `due`: still to come; `open`: over, and not settled (it waits, or Glider was not there); `skipped`: by the clocks. */
  readonly state: "settled" | "due" | "open" | "skipped"
  /** What a change of the clocks did to it. */
  readonly dst: Option.Option<string>
}

/** Lines of one explanation. */
const most = 1000

const noteText = (note: Timing.DstNote): string => {
  switch (note._tag) {
    case "Shifted":
      return `${note.wall} does not exist, for the clocks are put forward: it comes later`
    case "First":
      return `${note.wall} comes twice, for the clocks are put back: the first time`
    case "Second":
      return `${note.wall} comes twice, for the clocks are put back: the second time`
  }
}

const skippedText = ({ reason, wall }: ReturnType<typeof Timing.skippedBetween>[number]): string =>
  reason === "gap"
    ? `${wall} does not exist, for the clocks are put forward: nothing runs`
    : `${wall} comes twice, for the clocks are put back: nothing runs`

/** When the schedule runs next; none while it is paused without an end or switched off, and after its bounds. */
export const nextRun = (entry: Entry, settings: Settings, now: number): Option.Option<number> => {
  if (!settings.enabled || entry.row.deleted) return Option.none()
  const { pause } = entry.row.override
  const isPaused = pausedAt(entry.row.override, now)
  const resumes = isPaused ? Option.flatMap(pause, ({ until }) => until) : Option.none()
  if (isPaused && Option.isNone(resumes)) return Option.none()
  const after = Option.match(resumes, {
    onNone: () => -Infinity,
    onSome: ({ epochMilliseconds }) => epochMilliseconds - 1
  })
  if (settings.timing._tag === "Interval") {
    return Option.map(Option.fromUndefinedOr(entry.due), (due) => Math.max(due, after))
  }
  return Option.map(
    tickAfter(settings, Math.max(entry.cursor, after, isPaused ? now : now - toleranceMillis), entry.state.runs),
    (nominal) => effective(settings, nominal)
  )
}

/** What became of ticks, and which are to come. */
export class Explain extends Context.Service<Explain, {
  /** Every tick of a stretch, both ends included, and what the changes of clocks in it do; at most a thousand lines. */
  readonly between: (
    entry: Entry,
    settings: Settings,
    stretch: { readonly from: number; readonly to: number }
  ) => Effect.Effect<ReadonlyArray<Explained>, SurrealError>
}>()("glider/schedules/Explain") {
  static readonly layer = Layer.effect(
    Explain,
    Effect.gen(function*() {
      const ledger = yield* TickLedger

      const between = Effect.fn("Explain.between")(function*(
        entry: Entry,
        settings: Settings,
        { from, to }: { readonly from: number; readonly to: number }
      ) {
        const { id: schedule, project } = entry.row
        const now = yield* Clock.currentTimeMillis
        const settled = yield* ledger.read({ project, schedule, from, to, limit: most })
        const lines = new Map<number, Explained>()
        const dst = (nominal: number) => Option.map(Timing.dstNote(settings.timing, nominal), noteText)
        for (const tick of settled) {
          const nominal = DateTime.toEpochMillis(tick.nominal)
          lines.set(nominal, {
            nominal,
            effective: DateTime.toEpochMillis(tick.effective),
            tick: Option.some(tick),
            state: "settled",
            dst: dst(nominal)
          })
        }
        const known = Math.max(entry.row.since, from - 1)
        for (const { effective, nominal } of ticksOf(settings, known + 1, to)) {
          if (lines.size >= most) break
          if (lines.has(nominal)) continue
          const state = nominal > Math.max(now, entry.cursor) ? "due" : "open"
          lines.set(nominal, { nominal, effective, tick: Option.none(), state, dst: dst(nominal) })
        }
        const upcoming = settings.timing._tag === "Interval" ? entry.nominal : undefined
        if (upcoming !== undefined && upcoming >= from && upcoming <= to && !lines.has(upcoming)) {
          const due = entry.due ?? upcoming
          lines.set(upcoming, {
            nominal: upcoming,
            effective: due,
            tick: Option.none(),
            state: "due",
            dst: Option.none()
          })
        }
        const skipped = Timing.skippedBetween(settings.timing, from, to).map((time): Explained => ({
          nominal: time.at,
          effective: time.at,
          tick: Option.none(),
          state: "skipped",
          dst: Option.some(skippedText(time))
        }))
        return [...lines.values(), ...skipped].toSorted((one, other) => one.nominal - other.nominal).slice(0, most)
      })

      return Explain.of({ between })
    })
  )
}
