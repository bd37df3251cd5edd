import { DateTime, Duration, Effect, Option, type Stream } from "effect"
import type { Task } from "../../src/Config.ts"
import { connectionId } from "../../src/domain/Connection.ts"
import { ProviderError } from "../../src/domain/ProviderError.ts"
import { Connections } from "../../src/store/Connections.ts"
import { type Page, Write } from "../../src/store/Write.ts"
import type { Sync, SyncStream } from "../../src/syncs/Sync.ts"

/** A task as the config has it. */
export const spotifyTask: Task = {
  name: "spotify",
  enabled: true,
  interval: Duration.minutes(2),
  timeout: Duration.minutes(15)
}

/** A page of one record into the table `note`, with a cursor. */
export const notePage = (id: string): Page => ({
  stream: "note",
  read: 1,
  writes: [Write.Upsert({
    table: "note",
    rows: [{ key: ["spotify:me", id], fields: { text: id }, raw: { id } }],
    listing: Option.none()
  })],
  cursor: Option.some({ table: "note_state", key: ["spotify:me"], fields: { at: id } }),
  fraction: Option.none()
})

/** A sync that does what the test says: one stream for each list of steps. */
export const scriptedSync = (
  streams: { readonly [name: string]: Stream.Stream<Page, ProviderError> },
  begin: Effect.Effect<void, ProviderError> = Effect.void
): Sync => ({
  provider: "spotify",
  span: "sync_spotify",
  streams: () => Effect.as(begin, Object.entries(streams).map(([name, pages]): SyncStream => ({ name, pages })))
})

/** A refusal for a reason. */
export const refusal = (reason: ProviderError["reason"]): ProviderError =>
  new ProviderError({ provider: "spotify", operation: "scripted", reason })

/** Signs an account in, without tokens that are good for anything. */
export const signIn = Effect.gen(function*() {
  const connections = yield* Connections
  const at = yield* DateTime.now
  yield* connections.signIn(
    { id: connectionId("spotify", "me"), provider: "spotify", userId: "me", version: 0 },
    {
      access_token: "sealed",
      refresh_token: "sealed",
      expiresAt: DateTime.add(at, { hours: 1 }),
      refreshExpiresAt: Option.none(),
      scopes: [],
      at
    }
  )
})
