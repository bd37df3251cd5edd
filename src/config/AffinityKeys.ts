/** The `[affinity]` table: how fast what was not met for long is forgotten. */
import { Schema } from "effect"
import { type AffinityKind, dailyRates } from "../domain/Affinity.ts"
import { key } from "./Keys.ts"

const expected = "a share from 0 to 1, such as 0.05"

const rate = Schema.Number.annotate({ expected }).check(
  Schema.isFinite({ expected }),
  Schema.isGreaterThanOrEqualTo(0, { expected }),
  Schema.isLessThanOrEqualTo(1, { expected })
)

const of = (things: string, kind: AffinityKind) =>
  key(rate, `The share of its score that ${things} loses in a day on which it is not met.`, dailyRates[kind])

export const affinity = Schema.Struct({
  track: of("a track", "track"),
  artist: of("an artist", "artist"),
  place: of("a place", "place"),
  person: of("a person", "person")
})

/** The share that each kind loses in a day. */
export type AffinityRates = typeof affinity.Type
