/** What is near, on the terminal. */
import { DateTime, Effect, Option, Schema } from "effect"
import { type Affinity, AffinityPage, Decayed } from "../api/AffinityMessages.ts"
import { fromNow, print, say, table } from "./Print.ts"

const encodePage = Schema.encodeEffect(AffinityPage)
const encodeDecayed = Schema.encodeEffect(Decayed)

/** `glider affinity list`. */
export const showAffinities = Effect.fnUntraced(function*(page: AffinityPage) {
  const now = yield* DateTime.now
  yield* print({
    json: yield* Effect.orDie(encodePage(page)),
    text: page.things.length === 0 ? "nothing is known; look for it with: glider affinity decay" : table(
      ["SCORE", "NAME", "MET", "LAST", "MATTERS", "KEY"],
      page.things.map(({ artists, key, last_met, name, priority, score, uses }) => [
        score.toFixed(3),
        artists.length === 0 ? name : `${name} by ${artists.join(", ")}`,
        String(uses),
        fromNow(now, last_met),
        priority,
        key
      ])
    )
  })
  if (Option.isSome(page.next)) yield* say(`There are more: --after "${page.next.value}"`)
})

/** `glider affinity priority`. */
export const showPreferred = (thing: Affinity) =>
  showAffinities(new AffinityPage({ things: [thing], next: Option.none() }))

/** `glider affinity decay`. */
export const showDecayed = Effect.fnUntraced(function*(result: Decayed) {
  const { archived, decayed, known, met } = result
  yield* print({
    json: yield* Effect.orDie(encodeDecayed(result)),
    text: `${known} things are known: ${met} were met, ${decayed} came down, ${archived} were archived`
  })
})
