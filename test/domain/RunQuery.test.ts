import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option, Result } from "effect"
import { matches, parse, print, type RunQuery } from "../../src/domain/RunQuery.ts"
import { everything, plan, startedOf } from "../../src/domain/RunQueryPlan.ts"
import { longestQuery, QuerySyntaxError } from "../../src/domain/RunQueryTokens.ts"
import { now, randomness, randomQuery, randomRun, randomTold } from "../support/RandomQueries.ts"

const parsed = (text: string): RunQuery => Result.getOrThrow(parse(text))

const refused = (text: string) => {
  const { expected, found, position, suggestion } = Result.getOrThrow(Result.flip(parse(text)))
  return { position, found, expected, suggestion: Option.getOrNull(suggestion) }
}

describe("domain/RunQuery", () => {
  it("prints a query so that it is read back as it was", () => {
    for (let seed = 0; seed < 5_000; seed++) {
      const query = randomQuery(randomness(seed), seed % 4)
      assert.deepStrictEqual(parsed(print(query)), query, `seed ${seed}: ${print(query)}`)
    }
  })

  it("finds what the words say, told a second time by functions", () => {
    for (let seed = 0; seed < 5_000; seed++) {
      const random = randomness(seed)
      const { holds, text } = randomTold(random, seed % 4)
      const query = parsed(text)
      for (const run of random.some(8, () => randomRun(random))) {
        assert.strictEqual(matches(query, run, now), holds(run), `seed ${seed}: ${text}`)
      }
    }
  })

  it("refuses garbage with a place in it, and never fails otherwise", () => {
    const pieces = [
      "and",
      "or",
      "not",
      "in",
      "(",
      ")",
      ",",
      "=",
      "!=",
      "<",
      "~",
      "!",
      "\"",
      "'",
      "\\",
      "\\u12",
      " ",
      "\n"
    ]
    const words = [
      "status",
      "failed",
      "started",
      "-7d",
      "now",
      "2026-13-01",
      "user_id",
      "UserId",
      "5",
      "é",
      "\u0000",
      "🎵"
    ]
    let understood = 0
    for (let seed = 0; seed < 20_000; seed++) {
      const random = randomness(seed)
      const text = random.some(random.pick([3, 12, 40]), () =>
        random.pick<() => string>([
          () => random.pick(pieces),
          () => random.pick(words) + random.pick(["", " "]),
          () => String.fromCharCode(random.below(0x10000))
        ])()).join("")
      const result = parse(text)
      if (Result.isSuccess(result)) understood++
      else {
        assert.instanceOf(result.failure, QuerySyntaxError)
        assert.isAtMost(result.failure.position, text.length)
      }
    }
    assert.isBelow(understood, 2_000)
  })

  it("refuses what is too long or too deep instead of running out of stack", () => {
    assert.strictEqual(refused("(".repeat(4_000)).expected, "at most 100 levels of parentheses and not")
    assert.strictEqual(refused("not ".repeat(1_000)).expected, "at most 100 levels of parentheses and not")
    assert.strictEqual(refused(" ".repeat(longestQuery + 1)).position, longestQuery)
    assert.strictEqual(refused(`attempt in (${"1,".repeat(100)}1)`).expected, "at most 100 values")
  })

  it("says where a query goes wrong, what could stand there, and what was probably meant", () => {
    const field = "a field, such as status, started or a search attribute"
    assert.deepStrictEqual(refused("Statsu = failed"), {
      position: 0,
      found: "Statsu",
      expected: field,
      suggestion: "status"
    })
    assert.deepStrictEqual(refused("status = faild").suggestion, "failed")
    assert.deepStrictEqual(refused("state = wating").suggestion, "waiting")
    assert.deepStrictEqual(refused("PlayList-Name = x").suggestion, "play_list_name")
    assert.deepStrictEqual(refused("status = failed and"), {
      position: 19,
      found: "",
      expected: field,
      suggestion: null
    })
    assert.deepStrictEqual(refused("status < failed").expected, "=, != or in after status")
    assert.deepStrictEqual(refused("status == failed").position, 8)
    assert.deepStrictEqual(refused("attempt = many").expected, "a whole number")
    assert.deepStrictEqual(refused("started > 2026-02-30").position, 10)
    assert.deepStrictEqual(refused("started > 2026-11-24T10:00:00").found, "2026-11-24T10:00:00")
    assert.deepStrictEqual(refused("started > -999999999w").found, "-999999999w")
    assert.deepStrictEqual(refused("user_id = \"u1").expected, "a closing \"")
    assert.deepStrictEqual(refused("user_id = \"u\\q\"").position, 12)
    assert.deepStrictEqual(refused("(attempt = 1").expected, "and, or, or a closing parenthesis")
    assert.deepStrictEqual(refused("attempt = 1 status = failed").found, "status")
    const [error] = [Result.getOrThrow(Result.flip(parse("status = faild")))]
    assert.strictEqual(
      error.message,
      "at character 10 of the query: expected one of running, completed, partial, failed, cancelled, interrupted, " +
        "needs_auth, found faild; did you mean failed?"
    )
  })

  it("takes the names that other systems have for the search attributes", () => {
    const names = ["UserId", "PlaylistId", "TrackName", "ArtistName", "MatchMethod"]
    assert.strictEqual(
      print(parsed(names.map((name) => `${name}=x`).join(" AND "))),
      "user_id = x and playlist_id = x and track_name = x and artist_name = x and match_method = x"
    )
  })

  it("understands instants in every form, a day of UTC as the whole day", () => {
    const within = (text: string) => startedOf(parsed(text), now)
    const millis = (text: string) => DateTime.makeUnsafe(text).epochMilliseconds
    assert.deepStrictEqual(within("started >= 2026-11-24T10:00:00+02:00"), {
      first: millis("2026-11-24T08:00:00Z"),
      last: Infinity
    })
    assert.deepStrictEqual(within("started = 2026-11-24"), {
      first: millis("2026-11-24T00:00:00Z"),
      last: millis("2026-11-24T23:59:59.999Z")
    })
    assert.strictEqual(within("started > 2026-11-24").first, millis("2026-11-25T00:00:00Z"))
    assert.strictEqual(within("started >= -1w2d3h4m5s").first, millis("2026-11-15T08:55:55Z"))
    assert.strictEqual(within("started < now and attempt < 3").last, now.epochMilliseconds - 1)
    assert.deepStrictEqual(within("started > -1d or attempt < 3"), { first: -Infinity, last: Infinity })
  })

  it("never says that a run has started outside of where it is looked for", () => {
    const outside: Array<string> = []
    let found = 0
    for (let seed = 0; seed < 5_000; seed++) {
      const random = randomness(seed)
      const query = randomQuery(random, seed % 4)
      const { first, last } = startedOf(query, now)
      for (const run of random.some(8, () => randomRun(random))) {
        const started = run.startedAt.epochMilliseconds
        if (!matches(query, run, now)) continue
        found++
        if (started < first || started > last) outside.push(`seed ${seed}: ${print(query)}`)
      }
    }
    assert.deepStrictEqual(outside, [])
    assert.isAbove(found, 5_000)
  })

  it("plans an attribute before a rare state, that before a workflow, and that before the completed ones", () => {
    const planned = (text: string) => plan(parsed(text))
    assert.deepStrictEqual(planned("user_id = \"u1\" and status = failed and started > -7d"), {
      _tag: "Attribute",
      name: "user_id",
      values: ["u1"]
    })
    assert.deepStrictEqual(planned("rating = 5"), { _tag: "Attribute", name: "rating", values: ["5", 5] })
    assert.deepStrictEqual(planned("workflow = spotify and status = running"), {
      _tag: "States",
      states: ["running", "waiting", "parked"]
    })
    assert.deepStrictEqual(planned("status = completed and workflow in (spotify, oura)"), {
      _tag: "Workflows",
      workflows: ["spotify", "oura"]
    })
    assert.deepStrictEqual(planned("(user_id = a or user_id = b) and attempt > 1"), {
      _tag: "Attribute",
      name: "user_id",
      values: ["a", "b"]
    })
    for (
      const text of ["attempt > 1", "not user_id = a", "user_id = a or attempt = 1", "user_id ~ a", "status != failed"]
    ) {
      assert.deepStrictEqual(planned(text), everything)
    }
  })

  it("never plans a stretch that lacks a run of the query", () => {
    const lacking: Array<string> = []
    let found = 0
    for (let seed = 0; seed < 20_000; seed++) {
      const random = randomness(seed)
      const query = randomQuery(random, seed % 4)
      const chosen = plan(query)
      for (const run of random.some(8, () => randomRun(random))) {
        const isIn = chosen._tag === "Attribute"
          ? chosen.values.some((value) => value === run.attributes[chosen.name])
          : chosen._tag === "States"
          ? chosen.states.includes(run.state)
          : chosen.workflows.includes(run.workflow)
        if (!matches(query, run, now) || chosen === everything) continue
        found++
        if (!isIn) lacking.push(`seed ${seed}: ${print(query)}`)
      }
    }
    assert.deepStrictEqual(lacking, [])
    assert.isAbove(found, 500)
  })
})
