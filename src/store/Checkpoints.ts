/** Where the streams of an account stand, in words that can be compared: what the ledger keeps before and after a sync. */
import { DateTime, Effect, Option, Schema } from "effect"
import type { ConnectionId } from "../domain/Connection.ts"
import type { Provider } from "../domain/Provider.ts"
import type { Checkpoint } from "../domain/SourceRun.ts"
import { Surreal } from "../services/Surreal.ts"
import { Instant } from "../services/SurrealValue.ts"

const Row = Schema.Struct({ stream: Schema.String, at: Schema.OptionFromOptionalNullOr(Instant) })

/** The newest instant of which each state says that all is here up to then. */
const statements: { readonly [P in Provider]: string } = {
  spotify: "SELECT 'plays' AS stream, last_sync_at AS at FROM spotify_sync_state:[$connection]..=[$connection]",
  google:
    "SELECT calendar_id AS stream, last_sync AS at FROM google_calendar_sync_state:[$connection]..[$connection, ..]",
  oura: "SELECT data_type AS stream, last_sync_end AS at FROM oura_sync_state:[$connection]..[$connection, ..]"
}

export const checkpointOf = Effect.fn("Checkpoints.of")(function*(connection: ConnectionId, provider: Provider) {
  const surreal = yield* Surreal
  const rows = yield* surreal.query(Schema.Array(Row), statements[provider], { connection })
  const known = rows.flatMap(({ at, stream }) => Option.isSome(at) ? [{ stream, at: at.value }] : [])
  const checkpoint: Checkpoint = {
    streams: Object.fromEntries(known.map(({ at, stream }) => [stream, DateTime.formatIso(at)])),
    // a stream that was never read holds none of the others back
    watermark: known.length === 0
      ? Option.none()
      : Option.some(known.map(({ at }) => at).reduce((a, b) => DateTime.min(a, b)))
  }
  return checkpoint
})
