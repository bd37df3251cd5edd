import { Context, type DateTime, Effect, Layer, type Option } from "effect"
import type { LocalDay } from "../domain/LocalDay.ts"
import type { SurrealError } from "../services/SurrealError.ts"

/** One thing that was found. */
export type Found =
  | {
    readonly _tag: "Event"
    readonly title: Option.Option<string>
    readonly location: Option.Option<string>
    readonly day: LocalDay
    readonly start: Option.Option<DateTime.Utc>
    readonly excerpt: Option.Option<string>
  }
  | {
    readonly _tag: "Track"
    readonly name: string
    readonly artists: ReadonlyArray<string>
    readonly album: Option.Option<string>
    readonly plays: number
    readonly last: DateTime.Utc
  }
  | {
    readonly _tag: "Artist"
    readonly name: string
    readonly plays: number
    readonly first: DateTime.Utc
    readonly last: DateTime.Utc
  }
  | {
    readonly _tag: "Activity"
    readonly name: string
    readonly kind: "workout" | "session"
    readonly day: LocalDay
    readonly start: DateTime.Utc
  }

/** Records by the words in them. */
export class Search extends Context.Service<Search, {
  /** What has all of the words, or their beginnings. */
  readonly find: (
    text: string,
    limit: number
  ) => Effect.Effect<{ readonly found: ReadonlyArray<Found>; readonly more: boolean }, SurrealError>
}>()("glider/records/Search") {
  static readonly layer = Layer.succeed(
    Search,
    Search.of({ find: () => Effect.succeed({ found: [], more: false }) })
  )
}
