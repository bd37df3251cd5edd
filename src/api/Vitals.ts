import { Context, DateTime, Effect, Layer, Option, Schema } from "effect"
import { LastBackup } from "../backup/Backups.ts"
import { durationText } from "../domain/DurationText.ts"
import { type Reconciling, ScheduleBook } from "../schedules/ScheduleBook.ts"
import { Surreal } from "../services/Surreal.ts"
import { Migrations } from "../store/Migrations.ts"
import { damageFound } from "./Damage.ts"
import { Health } from "./Messages.ts"
import { About } from "./Overview.ts"
import { Unready } from "./Problems.ts"

/** How long the store may take to answer before it counts as absent. */
const patience = "2 seconds"

/** Whether the process can do its work. A provider that is down is no reason for it to be unready. */
export class Vitals extends Context.Service<Vitals, {
  /** Fails while the store does not answer, or is only read. */
  readonly ready: Effect.Effect<void, Unready>
  /** Each part by itself. */
  readonly health: Effect.Effect<Health>
}>()("glider/api/Vitals") {
  static readonly layer = Layer.effect(
    Vitals,
    Effect.gen(function*() {
      const about = yield* About
      const backup = yield* LastBackup
      const migrations = yield* Migrations
      const book = yield* ScheduleBook
      const damage = yield* damageFound
      const surreal = yield* Surreal

      const answering = surreal.query(Schema.Literal(1), "RETURN 1").pipe(
        Effect.timeoutOrElse({
          duration: patience,
          orElse: () => Effect.fail({ message: "the store does not answer in time" })
        }),
        Effect.match({
          onFailure: ({ message }) => ({ ok: false, message }),
          onSuccess: () => ({ ok: true, message: `open, schema ${migrations.version}` })
        })
      )
      const store = Option.match(damage, {
        onNone: () => answering,
        onSome: ({ message }) => Effect.succeed({ ok: false, message: `damaged, and only read: ${message}` })
      })
      const measured = Effect.map(
        Effect.all([store, surreal.size]),
        ([answer, size]) =>
          Option.match(Option.filter(size, () => answer.ok), {
            onNone: () => answer,
            onSome: (bytes) => ({ ...answer, message: `${answer.message}, ${sizeText(bytes)} on the disk` })
          })
      )

      const schedules = Effect.map(book.reconciling, (state) =>
        about.supervises
          ? { ok: state._tag !== "Failed", message: reconcilingText(state) }
          : { ok: true, message: "not supervised by this process" })

      /** An old one is for doctor to tell: nothing is out of order. */
      const backedUp = Effect.transposeOption(Option.map(backup, (last) =>
        Effect.zipWith(
          last,
          DateTime.now,
          (newest, now) =>
            Option.match(newest, {
              onNone: () => ({ ok: true, message: "none yet" }),
              onSome: ({ at, bytes }) => ({
                ok: true,
                message: `${DateTime.formatIso(at)}, ${ageText(at, now)} old, ${sizeText(bytes)}`
              })
            })
        )))

      const health = Effect.map(
        Effect.all([measured, schedules, backedUp]),
        ([answer, schedules, backup]) =>
          new Health({
            ok: answer.ok && schedules.ok,
            version: about.version,
            parts: {
              store: answer,
              schedules,
              ...Option.isSome(backup) ? { backup: backup.value } : {}
            }
          })
      )

      /** A process that supervises is ready once config and store agree on what there is to supervise. */
      const ready = Effect.gen(function*() {
        if (Option.isSome(damage)) return yield* new Unready({ detail: "the store is damaged, and only read" })
        const { ok } = yield* store
        // of the store it says nothing more: whoever asks may be anybody
        if (!ok) return yield* new Unready({ detail: "not ready" })
        const state = yield* book.reconciling
        if (!about.supervises || state._tag === "Done") return
        return yield* new Unready({
          detail: state._tag === "Failed" ? "schedules: not reconciled" : reconcilingText(state)
        })
      })

      return Vitals.of({
        ready,
        health
      })
    })
  )
}

/** In whole hours: `17h`, `3d2h`; less than one is `0h`. */
const ageText = (at: DateTime.Utc, now: DateTime.Utc): string => {
  const hours = Math.max(0, Math.floor((now.epochMilliseconds - at.epochMilliseconds) / 3_600_000))
  return hours === 0 ? "0h" : durationText(hours * 3_600_000)
}

/** In decimal units, as disks are sold: `412 MB`, `1.3 GB`. */
const sizeText = (bytes: number): string =>
  bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(1)} GB`

/** How far the supervisor is with what the config says, in a few words. */
export const reconcilingText = (state: Reconciling): string => {
  switch (state._tag) {
    case "Waiting":
      return "schedules: reconciling"
    case "Running":
      return `schedules: reconciling, ${state.done} of ${state.total}`
    case "Done":
      return `schedules: ${state.schedules} supervised`
    case "Failed":
      return `schedules: not reconciled: ${state.message}`
  }
}
