import { Clock, Context, DateTime, Effect, Layer, Option, Result, Schema } from "effect"
import { holding, isOverridden, pausedAt } from "../domain/Schedule.ts"
import type { ScheduleDefinition } from "../domain/ScheduleDefinition.ts"
import type { Entry } from "../schedules/Entry.ts"
import { type Explained, nextRun } from "../schedules/Explain.ts"
import { ScheduleBook } from "../schedules/ScheduleBook.ts"
import { definitionIn, type Settings } from "../schedules/Settings.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Runs } from "../store/Runs.ts"
import { describe } from "../timing/TimingText.ts"
import { ScheduleInfo, SchedulePage, type ScheduleQuery, TickLine } from "./ScheduleMessages.ts"

/** How many schedules are on a page when nobody says. */
const defaultLimit = 100

const instant = (millis: number | undefined) => Option.map(Option.fromUndefinedOr(millis), DateTime.makeUnsafe)

/** One line of an explanation. */
export const tickLine = ({ dst, effective, nominal, state, tick }: Explained): TickLine =>
  new TickLine({
    nominal: DateTime.makeUnsafe(nominal),
    effective: DateTime.makeUnsafe(effective),
    state,
    outcome: Option.map(tick, ({ outcome }) => outcome),
    run: Option.flatMap(tick, ({ run }) => run),
    marks: Option.match(tick, { onNone: () => [], onSome: ({ marks }) => marks }),
    reason: Option.flatMap(tick, ({ reason }) => reason),
    dst
  })

/** A definition that another version of the program has written is shown as far as it is known. */
const shownDefinition = ({ row }: Entry): ScheduleDefinition => {
  const { definition, id, project } = row
  return Result.getOrElse(definitionIn(row), () => ({
    project,
    id,
    workflow: id,
    kind: "workflow",
    enabled: false,
    timezone: "UTC",
    dst: { gap: "auto", repeat: "auto" },
    jitter_seconds: 0,
    overlap_policy: "skip",
    catch_up: "none",
    pause_on_failure: false,
    input: definition
  }))
}

/** What a schedule was shown as, and what that was made of. */
interface Shown {
  readonly row: Entry["row"]
  readonly state: Entry["state"]
  readonly lastStatus: Entry["lastStatus"]
  readonly due: number | undefined
  readonly info: ScheduleInfo
  /** As a page has it, once one has. */
  text: string | undefined
}

const encodeInfo = Schema.encodeSync(Schema.fromJsonString(ScheduleInfo))
/** Of a page, what follows its schedules. */
const encodeRest = Schema.encodeSync(
  Schema.fromJsonString(Schema.Struct({ total: SchedulePage.fields.total, next: SchedulePage.fields.next }))
)

/** Schedules that are shown again without being made anew. */
const mostShown = 1_024

/** Schedules as the API shows them. */
export class ScheduleViews extends Context.Service<ScheduleViews, {
  readonly info: (entry: Entry) => Effect.Effect<ScheduleInfo, SurrealError>
  /**
   * A page of those that match, by id: the JSON of a `SchedulePage`. To encode a schedule takes longer than all else, so it is
   * done once for each that has changed.
   */
  readonly page: (query: ScheduleQuery, limit: number | undefined) => Effect.Effect<string, SurrealError>
}>()("glider/api/ScheduleViews") {
  static readonly layer = Layer.effect(
    ScheduleViews,
    Effect.gen(function*() {
      const book = yield* ScheduleBook
      const runs = yield* Runs

      /** The newest runs' statuses are known of those that began or ended in this process; the others are read once. */
      const learn = Effect.fnUntraced(function*(entries: ReadonlyArray<Entry>) {
        const unknown = entries.flatMap(({ lastStatus, state: { lastRun } }) =>
          lastRun !== undefined && lastStatus?.run !== lastRun ? [lastRun] : []
        )
        if (unknown.length === 0) return
        const statuses = yield* runs.statuses(unknown)
        for (const entry of entries) {
          const { lastRun } = entry.state
          const status = lastRun === undefined ? undefined : statuses.get(lastRun)
          if (lastRun !== undefined && status !== undefined) entry.lastStatus = { run: lastRun, status }
        }
      })

      const infoOf = (entry: Entry, now: number): ScheduleInfo => {
        const { override, revision } = entry.row
        const { buffered, lastRun, lastStart, runs: started } = entry.state
        const settings: Option.Option<Settings> = entry.settings
        const definition = shownDefinition(entry)
        return new ScheduleInfo({
          id: entry.id,
          schedule_id: entry.scheduleId,
          workflow_id: definition.workflow,
          kind: definition.kind,
          cron: Option.orElse(override.cron, () => Option.fromUndefinedOr(definition.cron)),
          interval_seconds: Option.isSome(override.cron)
            ? Option.none()
            : Option.fromUndefinedOr(definition.interval_seconds),
          timezone: definition.timezone,
          description: Option.match(settings, {
            onNone: () => "cannot be read",
            onSome: ({ timing }) => describe(timing)
          }),
          enabled: Option.exists(settings, ({ enabled }) => enabled),
          pause: pausedAt(override, now) ? override.pause : Option.none(),
          is_override: isOverridden(holding(override, now)),
          yaml_config: definition,
          next_run_time: Option.map(
            Option.flatMap(settings, (known) => nextRun(entry, known, now)),
            DateTime.makeUnsafe
          ),
          last_run_id: Option.fromUndefinedOr(lastRun),
          last_run_time: instant(lastStart),
          last_run_status: entry.lastStatus !== undefined && entry.lastStatus.run === lastRun
            ? Option.some(entry.lastStatus.status)
            : Option.none(),
          buffered: instant(buffered?.nominal),
          runs: started,
          revision
        })
      }

      const shownBefore = new Map<Entry, Shown>()

      /** The same again while nothing of the schedule has changed; only of a pause does it depend on the time. */
      const shownOf = (entry: Entry, now: number): Shown => {
        const { due, lastStatus, row, state } = entry
        const before = shownBefore.get(entry)
        const isSame = before !== undefined && before.row === row && before.state === state &&
          before.lastStatus === lastStatus && before.due === due && Option.isNone(row.override.pause)
        if (isSame) return before
        const shown = { row, state, lastStatus, due, info: infoOf(entry, now), text: undefined }
        if (shownBefore.size >= mostShown) shownBefore.clear()
        shownBefore.set(entry, shown)
        return shown
      }

      const textOf = (shown: Shown): string => shown.text ??= encodeInfo(shown.info)

      const isMeant = ({ enabled_only, state, text, workflow }: ScheduleQuery, entry: Entry, now: number): boolean => {
        if (text !== undefined && !entry.id.includes(text)) return false
        const { override } = entry.row
        if (state === "overridden" && !isOverridden(holding(override, now))) return false
        if (state === "paused" && !pausedAt(override, now)) return false
        if (enabled_only !== "true" && state !== "active" && state !== "disabled" && workflow === undefined) return true
        const settings = entry.settings
        const isEnabled = Option.exists(settings, ({ enabled }) => enabled)
        return (workflow === undefined ||
          Option.exists(settings, ({ definition }) => definition.workflow === workflow)) &&
          (enabled_only !== "true" || isEnabled) &&
          (state !== "active" || (isEnabled && !pausedAt(override, now))) &&
          (state !== "disabled" || !isEnabled)
      }

      const page = Effect.fn("ScheduleViews.page")(function*(query: ScheduleQuery, limit = defaultLimit) {
        const now = yield* Clock.currentTimeMillis
        const entries = yield* book.entries
        const meant = entries.filter((entry) => isMeant(query, entry, now))
        const { after } = query
        const from = after === undefined ? 0 : meant.findIndex(({ id }) => id > after)
        const shown = from < 0 ? [] : meant.slice(from, from + limit)
        yield* learn(shown)
        const isLast = from < 0 || from + limit >= meant.length
        const rest = encodeRest({
          total: meant.length,
          next: isLast ? Option.none() : Option.fromUndefinedOr(shown.at(-1)?.id)
        })
        const texts = shown.map((entry) => textOf(shownOf(entry, now)))
        return `{"schedules":[${texts.join()}],${rest.slice(1)}`
      })

      return ScheduleViews.of({
        info: Effect.fnUntraced(function*(entry) {
          yield* learn([entry])
          return shownOf(entry, yield* Clock.currentTimeMillis).info
        }),
        page
      })
    })
  )
}
