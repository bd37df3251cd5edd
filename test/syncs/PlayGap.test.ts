import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option } from "effect"
import { gapBefore } from "../../src/syncs/PlayGap.ts"

const at = (text: string) => DateTime.makeUnsafe(text)
const noon = at("2026-11-08T12:00:00Z")
const known = (latest: Option.Option<DateTime.Utc>) => Option.some({ lastSyncAt: noon, latestPlayedAt: latest })
/** So many plays, a minute apart, the oldest at `from`; newest first, as Spotify lists them. */
const plays = (count: number, from: DateTime.Utc) =>
  Array.from({ length: count }, (_, index) => ({
    played_at: DateTime.formatIso(DateTime.add(from, { minutes: index })),
    track: {}
  })).toReversed()

const table = [
  ["the first sync", plays(50, noon), Option.none(), undefined],
  ["a full page later than all we have", plays(50, at("2026-11-08T13:00:00Z")), known(Option.some(noon)), [
    "2026-11-08T12:00:00.000Z",
    "2026-11-08T13:00:00.000Z"
  ]],
  ["a full page whose oldest play is the newest we have", plays(50, noon), known(Option.some(noon)), undefined],
  [
    "a full page that reaches further back than what we have",
    plays(50, at("2026-11-08T11:59:00Z")),
    known(Option.some(noon)),
    undefined
  ],
  ["a page that is not full", plays(49, at("2026-11-08T13:00:00Z")), known(Option.some(noon)), undefined],
  ["nothing at all", [], known(Option.some(noon)), undefined],
  ["a full page after syncs that found nothing", plays(50, at("2026-11-08T13:00:00Z")), known(Option.none()), [
    "2026-11-08T12:00:00.000Z",
    "2026-11-08T13:00:00.000Z"
  ]],
  ["a full page one millisecond later", plays(50, at("2026-11-08T12:00:00.001Z")), known(Option.some(noon)), [
    "2026-11-08T12:00:00.000Z",
    "2026-11-08T12:00:00.001Z"
  ]],
  ["a full page in any order", plays(50, noon).toReversed(), known(Option.some(noon)), undefined],
  [
    "a full page whose oldest item has no readable track",
    [
      ...plays(49, at("2026-11-08T13:00:00Z")),
      { played_at: "2026-11-08T12:00:00Z", track: null }
    ],
    known(Option.some(noon)),
    undefined
  ],
  [
    "a full page without a single date",
    plays(50, noon).map(() => ({ played_at: null })),
    known(Option.some(noon)),
    undefined
  ]
] as const

describe("syncs/PlayGap", () => {
  for (const [name, items, state, expected] of table) {
    it(`${expected === undefined ? "finds no gap in" : "finds the gap before"} ${name}`, () => {
      assert.deepStrictEqual(
        Option.getOrUndefined(
          gapBefore(items, state).pipe(
            Option.map(({ from, to }) => [DateTime.formatIso(from), DateTime.formatIso(to)])
          )
        ),
        expected === undefined ? undefined : [...expected]
      )
    })
  }
})
