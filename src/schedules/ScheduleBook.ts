import { Context, DateTime, Deferred, Effect, Exit, Layer, PubSub, type Scope, Semaphore } from "effect"
import { CurrentConfig } from "../Config.ts"
import type { ScheduleDefinition } from "../domain/ScheduleDefinition.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type ScheduleRow, Schedules } from "../store/Schedules.ts"
import { TickLedger } from "../store/TickLedger.ts"
import { closing } from "./Closing.ts"
import { Entry } from "./Entry.ts"
import { type Plan, plan } from "./Plan.ts"
import * as PlanWrites from "./PlanWrites.ts"
import { StaleRevision, UnknownSchedule } from "./ScheduleErrors.ts"
import * as ScheduleMetrics from "./ScheduleMetrics.ts"

/** How far the comparison of config and store has come. */
export type Reconciling =
  | { readonly _tag: "Waiting" }
  | { readonly _tag: "Running"; readonly done: number; readonly total: number }
  | { readonly _tag: "Done"; readonly schedules: number }
  | { readonly _tag: "Failed"; readonly message: string }

/** The schedules of this project: what the config defines, what people changed at run time, and how far each has come. */
export class ScheduleBook extends Context.Service<ScheduleBook, {
  readonly project: string
  /** Waits until the schedules of the config are known. */
  readonly known: Effect.Effect<void>
  /** Reads the store, unless that was done. */
  readonly ensure: Effect.Effect<void, SurrealError>
  /**
   * For a command beside no supervisor: takes the schedules as the config has them, and leaves the store as it is. What
   * was changed at run time holds.
   */
  readonly adopt: (wanted: ReadonlyArray<ScheduleDefinition>) => Effect.Effect<void, SurrealError>
  /** Every schedule that was not deleted by hand, sorted by id. */
  readonly entries: Effect.Effect<ReadonlyArray<Entry>>
  /** By its id in the config, or by `schedule-{project}-{id}`. */
  readonly get: (id: string) => Effect.Effect<Entry, UnknownSchedule>
  readonly reconciling: Effect.Effect<Reconciling>
  /** What a reload would change. */
  readonly plan: (wanted: ReadonlyArray<ScheduleDefinition>) => Effect.Effect<Plan, SurrealError>
  /**
   * Makes the store say what the config says; `reload` also ends overrides and brings back what was deleted by hand. The
   * same again writes nothing. A store that cannot be read is a failure, and never an empty one.
   */
  readonly reconcile: (
    wanted: ReadonlyArray<ScheduleDefinition>,
    options: { readonly reload: boolean }
  ) => Effect.Effect<Plan, SurrealError>
  /** Tells why no comparison will come for now. */
  readonly failed: (message: string) => Effect.Effect<void>
  /** Changes one schedule, durably; with a revision, only while it is at that. */
  readonly change: (
    id: string,
    edit: (row: ScheduleRow) => Pick<ScheduleRow, "override" | "deleted" | "since">,
    revision?: number
  ) => Effect.Effect<Entry, UnknownSchedule | StaleRevision | SurrealError>
  /** The ids of schedules that have changed, from now on. */
  readonly changes: Effect.Effect<PubSub.Subscription<ReadonlyArray<string>>, never, Scope.Scope>
}>()("glider/schedules/ScheduleBook") {
  static readonly layer: Layer.Layer<ScheduleBook, never, CurrentConfig | Schedules | TickLedger> = Layer.effect(
    ScheduleBook,
    Effect.gen(function*() {
      const { project: { name: project } } = yield* CurrentConfig
      const ledger = yield* TickLedger
      const store = yield* Schedules
      const all = new Map<string, Entry>()
      const news = yield* PubSub.unbounded<ReadonlyArray<string>>()
      const alone = yield* Semaphore.make(1)
      let reconciling: Reconciling = { _tag: "Waiting" }
      const isKnown = yield* Deferred.make<void>()
      let isLoaded = false
      /** Sorted when it is asked for, and again when a schedule has come or gone. */
      let inOrder: ReadonlyArray<Entry> | undefined

      const add = (entry: Entry) => {
        all.set(entry.id, entry)
        inOrder = undefined
      }
      const drop = (id: string) => {
        all.delete(id)
        inOrder = undefined
      }

      /** Takes over what the store says; entries that are there already keep what the supervisor knows of them. */
      const load = Effect.gen(function*() {
        const rows = yield* store.all(project)
        const states = isLoaded
          ? new Map()
          : new Map((yield* store.states(project)).map((state) => [state.id, state] as const))
        const found = new Set<string>()
        const changed: Array<string> = []
        for (const row of rows) {
          found.add(row.id)
          const known = all.get(row.id)
          if (known === undefined) add(new Entry(row, states.get(row.id)))
          else {
            if (known.row.revision !== row.revision) changed.push(row.id)
            known.row = row
          }
        }
        for (const id of all.keys()) {
          if (found.has(id)) continue
          drop(id)
          changed.push(id)
        }
        isLoaded = true
        // of a change whose answer was lost, or that another process has made
        if (changed.length > 0) yield* PubSub.publish(news, changed)
      })

      const rowsById = () => new Map([...all].map(([id, { row }]) => [id, row]))

      const planned = Effect.fnUntraced(function*(wanted: ReadonlyArray<ScheduleDefinition>) {
        yield* load
        const now = yield* DateTime.now
        return plan(wanted, rowsById(), { reload: true, now: now.epochMilliseconds })
      })

      const write = PlanWrites.make({
        ledger,
        project,
        store,
        wrote: (count) => {
          if (reconciling._tag === "Running") reconciling = { ...reconciling, done: reconciling.done + count }
        }
      })

      const apply = Effect.fnUntraced(function*(due: Plan) {
        const { deleted, reverted, rows, unchanged } = due
        const total = rows.length + deleted.length + unchanged
        // once all are known, a look at what has changed is nobody's concern
        if (reconciling._tag !== "Done") reconciling = { _tag: "Running", done: unchanged, total }
        yield* write(due, all)
        for (const row of rows) {
          const known = all.get(row.id)
          if (known === undefined) add(new Entry(row))
          else known.row = row
        }
        for (const id of deleted) drop(id)
        for (const id of reverted) {
          yield* Effect.logWarning("the override of a schedule ends, for the config was reloaded").pipe(
            Effect.annotateLogs({ schedule: id })
          )
        }
        if (rows.length + deleted.length > 0) yield* PubSub.publish(news, [...rows.map(({ id }) => id), ...deleted])
      })

      const reconcile = (wanted: ReadonlyArray<ScheduleDefinition>, { reload }: { readonly reload: boolean }) =>
        Effect.gen(function*() {
          yield* load
          const now = yield* DateTime.now
          const due = plan(wanted, rowsById(), { reload, now: now.epochMilliseconds })
          yield* apply(due)
          reconciling = { _tag: "Done", schedules: wanted.length }
          Deferred.doneUnsafe(isKnown, Exit.void)
          return due
        }).pipe(
          ScheduleMetrics.reconciling(project),
          alone.withPermits(1),
          Effect.withSpan("ScheduleBook.reconcile", { attributes: { "glider.schedules": wanted.length } })
        )

      const ensure = Effect.suspend(() => isLoaded ? Effect.void : load)

      const adopt = Effect.fnUntraced(function*(wanted: ReadonlyArray<ScheduleDefinition>) {
        yield* ensure
        const now = yield* DateTime.now
        const due = plan(wanted, rowsById(), { reload: false, now: now.epochMilliseconds })
        const found = new Map(due.rows.map((row) => [row.id, row]))
        for (const [id, row] of found) {
          const known = all.get(id)
          // one that is not stored is at revision 0, and is put there by its first change
          if (known === undefined) add(new Entry({ ...row, revision: 0 }))
          else known.row = { ...row, revision: known.row.revision }
        }
        for (const id of due.deleted) drop(id)
        Deferred.doneUnsafe(isKnown, Exit.void)
      })

      const entries = (): ReadonlyArray<Entry> => {
        inOrder ??= [...all.values()].toSorted((one, other) => one.id < other.id ? -1 : 1)
        return inOrder.filter(({ row }) => !row.deleted)
      }

      const get = Effect.fnUntraced(function*(id: string) {
        const prefix = `schedule-${project}-`
        const entry = all.get(id) ?? (id.startsWith(prefix) ? all.get(id.slice(prefix.length)) : undefined)
        return entry === undefined || entry.row.deleted ? yield* new UnknownSchedule({ id }) : entry
      })

      const change = Effect.fn("ScheduleBook.change")(
        function*(
          id: string,
          edit: (row: ScheduleRow) => Pick<ScheduleRow, "override" | "deleted" | "since">,
          revision?: number
        ) {
          yield* ensure
          const entry = yield* get(id)
          if (revision !== undefined && revision !== entry.row.revision) {
            return yield* new StaleRevision({ id: entry.id, revision: entry.row.revision })
          }
          const before = entry.row
          const row = { ...entry.row, ...edit(entry.row), revision: entry.row.revision + 1 }
          // first: once the row has changed, nothing knows of them
          if (row.since !== before.since) {
            yield* ledger.record({ ticks: closing(entry, before, row.since), state: undefined })
          }
          yield* Effect.catchIf(
            row.revision === 1 ? store.put([row]) : store.change(row),
            ({ reason }) => reason._tag === "Conflict",
            () => Effect.andThen(load, new StaleRevision({ id: entry.id, revision: entry.row.revision }))
          )
          entry.row = row
          yield* PubSub.publish(news, [entry.id])
          return entry
        },
        alone.withPermits(1)
      )

      return ScheduleBook.of({
        project,
        known: Deferred.await(isKnown),
        ensure: alone.withPermits(1)(ensure),
        adopt: (wanted) => alone.withPermits(1)(adopt(wanted)),
        entries: Effect.sync(entries),
        get,
        reconciling: Effect.sync(() => reconciling),
        plan: (wanted) => alone.withPermits(1)(planned(wanted)),
        reconcile,
        failed: (message) =>
          Effect.sync(() => {
            if (reconciling._tag !== "Done") reconciling = { _tag: "Failed", message }
          }),
        change,
        changes: PubSub.subscribe(news)
      })
    })
  )
}
