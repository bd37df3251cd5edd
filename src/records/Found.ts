/** What a search finds. */
import type { DateTime, Option } from "effect"
import type { LocalDay } from "../domain/LocalDay.ts"

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
    /** None where there are too many texts to count them all. */
    readonly played: Option.Option<{
      readonly plays: number
      readonly first: DateTime.Utc
      readonly last: DateTime.Utc
    }>
  }
  | {
    readonly _tag: "Activity"
    readonly name: string
    readonly kind: "workout" | "session"
    readonly day: LocalDay
    readonly start: DateTime.Utc
  }

/** A few of one kind, and whether there are more. */
export interface Some<A> {
  readonly found: ReadonlyArray<A>
  readonly more: boolean
}
