/** Accounts on the terminal. */
import { DateTime, Effect, Option, Schema } from "effect"
import { BackfillOptions, Connector, ConnectorRun } from "../api/ConnectorMessages.ts"
import { durationText } from "../domain/DurationText.ts"
import { fromNow, orDash, print, say, table } from "./Print.ts"

const encodeAll = Schema.encodeEffect(Schema.Array(Connector))
const encodeRuns = Schema.encodeEffect(Schema.Array(ConnectorRun))

const nameOf = ({ name, provider }: Connector): string => Option.getOrElse(name, () => provider)

/** `glider connections list`. */
export const showConnections = Effect.fnUntraced(function*(all: ReadonlyArray<Connector>) {
  const now = yield* DateTime.now
  yield* print({
    json: yield* Effect.orDie(encodeAll(all)),
    text: all.length === 0 ? "no accounts" : table(
      ["NAME", "PROVIDER", "ID", "HEALTH", "EVERY", "LAST SUCCESS", "FAILURES SINCE"],
      all.map((one) => [
        nameOf(one),
        one.provider,
        one.id,
        `${one.health.status.replace("_", " ")}${one.health.isLate ? ", late" : ""}`,
        one.enabled ? durationText(one.interval_seconds * 1000) : "-",
        orDash(Option.map(one.health.lastSuccessAt, (at) => fromNow(now, at))),
        String(one.health.failures)
      ])
    )
  })
  for (const one of all) {
    if (Option.isNone(one.health.quarantinedUntil)) continue
    const until = DateTime.formatIso(one.health.quarantinedUntil.value)
    yield* say(`${nameOf(one)} is left alone until ${until}; run: glider connections release ${nameOf(one)}`)
  }
})

/** `glider connections runs`. */
export const showConnectorRuns = Effect.fnUntraced(function*(runs: ReadonlyArray<ConnectorRun>) {
  const now = yield* DateTime.now
  yield* print({
    json: yield* Effect.orDie(encodeRuns(runs)),
    text: runs.length === 0 ? "no syncs" : table(
      ["RUN", "KIND", "STATUS", "ENDED", "TOOK", "RECORDS", "BYTES", "CLASS", "ERROR"],
      runs.map((run) => [
        run.run_id,
        run.run_kind.replace("_", " "),
        run.status.replace("_", " "),
        fromNow(now, run.finished_at),
        durationText(run.duration_ms),
        String(run.records),
        String(run.bytes),
        orDash(run.retry_class),
        orDash(Option.map(run.error, (text) => text.split("\n")[0] ?? ""))
      ])
    )
  })
})

/** What is asked for by `glider connections backfill`. */
export const backfillOf = Effect.fnUntraced(function*(given: {
  readonly from: Option.Option<DateTime.Utc>
  readonly to: Option.Option<DateTime.Utc>
  readonly streams: ReadonlyArray<string>
  readonly pause: number
  readonly again: boolean
}) {
  const now = yield* DateTime.now
  return new BackfillOptions({
    from: Option.getOrElse(given.from, () => DateTime.subtract(now, { years: 1 })),
    to: Option.getOrElse(given.to, () => now),
    streams: given.streams,
    pause_seconds: given.pause,
    again: given.again
  })
})
