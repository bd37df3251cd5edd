import { DateTime, Duration, Effect, Exit, Option, Pull, Schema, Scope, Stream } from "effect"
import type { Task } from "../../src/Config.ts"
import { everyInterval } from "../../src/config/ScheduleSettings.ts"
import { connectionId } from "../../src/domain/Connection.ts"
import { ProviderError } from "../../src/domain/ProviderError.ts"
import { Connections } from "../../src/store/Connections.ts"
import { type Page, Write } from "../../src/store/Write.ts"
import { stream, type Sync, type SyncStep, type SyncStream } from "../../src/syncs/Sync.ts"

/** A task as the config has it. */
export const spotifyTask: Task = {
  name: "spotify",
  ...everyInterval(Duration.minutes(2)),
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

interface Playing {
  readonly scope: Scope.Closeable
  readonly more: Pull.Pull<ReadonlyArray<Page>, ProviderError>
  readonly given: Array<Page>
}

/**
 * A stream that plays a script; a position is the number of pages before it. A script that failed or was cut off is played
 * from its beginning when it is to go on, without the pages that were given.
 */
const played = (name: string, script: Stream.Stream<Page, ProviderError>): SyncStream => {
  let playing: Playing | undefined = undefined
  const play = Effect.gen(function*() {
    const scope = yield* Scope.make()
    const more = yield* Scope.provide(Stream.toPull(script), scope)
    return { scope, more, given: [] } satisfies Playing
  })
  const next = Effect.fnUntraced(
    function*(index: number) {
      const { given, more } = playing ??= yield* play
      while (given.length <= index) given.push(...(yield* more))
      return { page: Option.fromUndefinedOr(given[index]), next: Option.some(index + 1) }
    },
    Effect.onError((cause) => {
      const ended = playing
      playing = undefined
      return ended === undefined ? Effect.void : Scope.close(ended.scope, Exit.failCause(cause))
    }),
    Pull.catchDone(() => Effect.succeed<SyncStep<number>>({ page: Option.none(), next: Option.none() }))
  )
  return stream({ name, position: Schema.Natural, begin: Effect.succeed(0), next })
}

/** A sync that does what the test says: one stream for each script. */
export const scriptedSync = (
  scripts: { readonly [name: string]: Stream.Stream<Page, ProviderError> },
  begin: Effect.Effect<void, ProviderError> = Effect.void
): Sync => ({
  provider: "spotify",
  span: "sync_spotify",
  streams: () => Effect.as(begin, Object.entries(scripts).map(([name, script]) => played(name, script)))
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
