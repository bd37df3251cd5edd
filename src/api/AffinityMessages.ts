/** What the API says of what is near to the owner. */
import { Schema } from "effect"
import { AffinityKind, AffinityPriority } from "../domain/Affinity.ts"

/** How near something is. */
export class Affinity extends Schema.Class<Affinity>("glider/api/Affinity")({
  kind: AffinityKind,
  /** A track's address, an artist's name, a place in small letters, a person's address. */
  key: Schema.String,
  name: Schema.String,
  /** Of a track. */
  artists: Schema.Array(Schema.String),
  /** From 0 to 1, as of today. */
  score: Schema.Finite,
  /** How often it was met. */
  uses: Schema.Natural,
  last_met: Schema.DateTimeUtcFromString,
  priority: AffinityPriority,
  archived_at: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** `relevance_decay`: it was not met for long. */
  archived_reason: Schema.OptionFromNullOr(Schema.String)
}) {}

/** A page of them, the nearest first. */
export class AffinityPage extends Schema.Class<AffinityPage>("glider/api/AffinityPage")({
  things: Schema.Array(Affinity),
  /** What `after` is for the next page; none after the last. */
  next: Schema.OptionFromNullOr(Schema.String)
}) {}

/** How much something matters. */
export class PriorityOrder extends Schema.Class<PriorityOrder>("glider/api/PriorityOrder")({
  kind: AffinityKind,
  key: Schema.NonEmptyString,
  priority: AffinityPriority
}) {}

/** What a look at everything has come to. */
export class Decayed extends Schema.Class<Decayed>("glider/api/Decayed")({
  known: Schema.Natural,
  met: Schema.Natural,
  decayed: Schema.Natural,
  archived: Schema.Natural
}) {}
