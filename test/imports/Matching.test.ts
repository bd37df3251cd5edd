import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { certain } from "../../src/imports/Likeness.ts"
import { matchesOf } from "../../src/imports/Matching.ts"
import type { Candidate, PolledPlay } from "../../src/store/StreamedPlays.ts"

const millis = (text: string): number =>
  DateTime.makeUnsafe(/^\d\d:/.test(text) ? `2026-03-10T${text}Z` : text).epochMilliseconds

interface Heard {
  readonly what: string
  readonly title?: string
  readonly artist?: string
  readonly album?: string
}

/** A stream that stopped then, after so many seconds. */
const stream = (
  what: string | Heard,
  ended: string | number,
  seconds: number,
  more: Partial<Candidate> = {}
): Candidate => {
  const { album = "Ege Bamyasi", artist = "Can", title, what: id } = typeof what === "string" ? { what } : what
  const end = typeof ended === "number" ? ended : millis(ended)
  return {
    key: ["spotify:me", end, `spotify:track:${id}`, seconds * 1000],
    status: "new",
    claim: Option.none(),
    kind: "track",
    uri: `spotify:track:${id}`,
    name: Option.some(title ?? id),
    artist: Option.some(artist),
    album: Option.some(album),
    start: end - seconds * 1000,
    end,
    millisPlayed: seconds * 1000,
    offlineAt: Option.none(),
    play: Option.none(),
    ...more
  }
}

/** A play with that instant, of a track of so many seconds. */
const play = (what: string | Heard, at: string | number, seconds = 180): PolledPlay => {
  const { album = "Ege Bamyasi", artist = "Can", title, what: id } = typeof what === "string" ? { what } : what
  const instant = typeof at === "number" ? at : millis(at)
  return {
    key: ["spotify:me", instant, `spotify:track:${id}`],
    at: instant,
    uri: `spotify:track:${id}`,
    name: Option.some(title ?? id),
    artists: [artist],
    album: Option.some(album),
    duration: Option.some(seconds * 1000),
    streamed: Option.none(),
    fields: {},
    countedAt: instant
  }
}

/** `1=2` where the first stream is the second play for certain, `1?2` where a person is to say so; counted from 1. */
const told = (streams: ReadonlyArray<Candidate>, plays: ReadonlyArray<PolledPlay>): string =>
  matchesOf(streams, plays, (candidate) => streams[streams.indexOf(candidate) - 1]?.end ?? -Infinity)
    .map((match) => {
      const place = `${streams.indexOf(match.candidate) + 1}${match.confidence >= certain ? "=" : "?"}`
      return `${place}${plays.indexOf(match.play) + 1}`
    })
    .toSorted()
    .join(" ")

const golden: ReadonlyArray<
  readonly [why: string, streams: ReadonlyArray<Candidate>, plays: ReadonlyArray<PolledPlay>, expected: string]
> = [
  ["the play is stamped with its start", [stream("a", "10:03:00", 180)], [play("a", "10:00:00.412")], "1=1"],
  ["the play is stamped with its end", [stream("a", "10:03:00", 180)], [play("a", "10:02:59.700")], "1=1"],
  ["the stream was skipped after half a minute", [stream("a", "10:00:40", 40)], [play("a", "10:00:00")], "1=1"],
  [
    "a stream that was broken off at once, and begun anew",
    [stream("a", "10:00:05", 5), stream("a", "10:03:05", 180)],
    [play("a", "10:00:05")],
    "2=1"
  ],
  ["another track at the same time", [stream("a", "10:03:00", 180)], [play("b", "10:00:00")], ""],
  ["the same track two days later", [stream("a", "10:03:00", 180)], [play("a", "2026-03-12T10:00:00Z")], ""],
  [
    "a short track that is played three times in a row, and polled three times",
    [stream("s", "10:00:40", 40), stream("s", "10:01:20", 40), stream("s", "10:02:00", 40)],
    [play("s", "10:00:00", 40), play("s", "10:00:40", 40), play("s", "10:01:20", 40)],
    "1=1 2=2 3=3"
  ],
  [
    "the same, stamped with the ends",
    [stream("s", "10:00:40", 40), stream("s", "10:01:20", 40), stream("s", "10:02:00", 40)],
    [play("s", "10:00:40", 40), play("s", "10:01:20", 40), play("s", "10:02:00", 40)],
    "1=1 2=2 3=3"
  ],
  [
    "a repeat that the feed has given once: the other one counts by itself",
    [stream("s", "10:00:40", 40), stream("s", "10:05:00", 40)],
    [play("s", "10:04:20", 40)],
    "2=1"
  ],
  [
    "a repeat that the import has once: the other play stays what it is",
    [stream("s", "10:00:40", 40)],
    [play("s", "10:00:00", 40), play("s", "10:10:00", 40)],
    "1=1"
  ],
  [
    "whether stamps are starts is known from the plays before",
    [stream("x", "09:00:00", 200), stream("s", "10:00:40", 40), stream("s", "10:01:20", 40)],
    [play("x", "08:56:40", 200), play("s", "10:00:40", 40)],
    "1=1 3=2"
  ],
  [
    "or ends",
    [stream("x", "09:00:00", 200), stream("s", "10:00:40", 40), stream("s", "10:01:20", 40)],
    [play("x", "09:00:00", 200), play("s", "10:00:40", 40)],
    "1=1 2=2"
  ],
  ["a pause within the stream", [stream("a", "10:23:00", 180)], [play("a", "10:00:00")], "1=1"],
  [
    "no pause, since something else was heard meanwhile",
    [stream("b", "10:15:00", 600), stream("a", "10:23:00", 180)],
    [play("a", "10:00:00")],
    ""
  ],
  ["a pause of half a day is for a person", [stream("a", "20:03:00", 180)], [play("a", "09:00:00")], "1?1"],
  ["in the middle of a long stream, too", [stream("a", "10:08:00", 480)], [play("a", "10:04:00", 480)], "1?1"],
  [
    "heard offline and uploaded later: the end is the true one",
    [stream("a", "10:03:00", 180, { offlineAt: Option.some(millis("09:12:00")) })],
    [play("a", "10:00:00")],
    "1=1"
  ],
  [
    "heard offline, and the end is that of the upload",
    [stream("a", "18:03:00", 180, { offlineAt: Option.some(millis("10:00:00")) })],
    [play("a", "10:00:01")],
    "1=1"
  ],
  [
    "an episode, which the feed never gives, beside a track",
    [stream("e", "10:40:00", 2400, { kind: "episode", uri: "spotify:episode:e" })],
    [play("a", "10:00:00")],
    ""
  ],
  [
    "a local file",
    [stream("l", "10:03:00", 180, { kind: "local", uri: "spotify:local:Can:Demo:Vitamin+C:180" })],
    [{ ...play("l", "10:00:00"), uri: "spotify:local:Can:Demo:Vitamin+C:180" }],
    "1=1"
  ],
  [
    "the night on which clocks go back: instants do not",
    [stream("a", "2026-10-25T01:03:00Z", 180), stream("a", "2026-10-25T00:03:00Z", 180)].toReversed(),
    [play("a", "2026-10-25T00:00:00Z"), play("a", "2026-10-25T01:00:00Z")],
    "1=1 2=2"
  ],
  [
    "one track on two devices, and the feed has both",
    [stream("a", "10:03:00", 180), stream("a", "10:03:30", 180)],
    [play("a", "10:00:00"), play("a", "10:00:30")],
    "1=1 2=2"
  ],
  [
    "one track on two devices, and the feed has one",
    [stream("a", "10:03:00", 180), stream("a", "10:03:30", 180)],
    [play("a", "10:00:30")],
    "2=1"
  ],
  [
    "the address of another country, by the same names",
    [stream({ what: "de", title: "Vitamin C" }, "10:03:00", 180)],
    [play({ what: "us", title: "Vitamin C - 2004 Remaster" }, "10:00:00")],
    "1=1"
  ],
  [
    "by names that agree in part a person is asked",
    [stream({ what: "de", title: "Vitamin C", album: "Live" }, "10:03:00", 90)],
    [play({ what: "us", title: "Vitamin D", album: "Other" }, "10:00:00")],
    "1?1"
  ],
  [
    "by another recording nobody is",
    [stream({ what: "de", title: "Vitamin C" }, "10:03:00", 180)],
    [play({ what: "us", title: "Vitamin C (Remix)" }, "10:00:00")],
    ""
  ]
]

describe("imports/Matching", () => {
  for (const [why, streams, plays, expected] of golden) {
    it(`tells of ${why}`, () => {
      assert.strictEqual(told(streams, plays), expected)
    })
  }

  const Listened = Schema.Array(Schema.Struct({
    track: Schema.Literals(["a", "b", "c"]),
    seconds: Schema.Int.check(Schema.isBetween({ minimum: 31, maximum: 400 })),
    pause: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 900 })),
    isPolled: Schema.Boolean
  })).check(Schema.isMaxLength(25))

  for (const stamp of ["start", "end"] as const) {
    it.effect.prop(
      `what was polled is found again, whatever was heard, by its ${stamp}`,
      { heard: Listened },
      ({ heard }) =>
        Effect.sync(() => {
          let at = millis("08:00:00")
          const streams: Array<Candidate> = []
          const plays: Array<PolledPlay> = []
          for (const { isPolled, pause, seconds, track } of heard) {
            at += pause * 1000
            streams.push(stream(track, at + seconds * 1000, seconds))
            if (isPolled) plays.push(play(track, stamp === "start" ? at + 300 : at + seconds * 1000 - 300, seconds))
            at += seconds * 1000
          }
          const matches = matchesOf(streams, plays, (one) => streams[streams.indexOf(one) - 1]?.end ?? -Infinity)
          assert.lengthOf(matches, plays.length)
          assert.lengthOf(new Set(matches.map(({ candidate }) => candidate)), plays.length)
          assert.lengthOf(new Set(matches.map(({ play }) => play)), plays.length)
          assert.isTrue(matches.every(({ confidence }) => confidence >= certain))
        })
    )
  }
})
