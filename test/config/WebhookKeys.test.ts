import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { showToml } from "../../src/config/Show.ts"
import { loadText } from "./Surroundings.ts"

const load = (tables: string) => loadText(`[sync.spotify]\ninterval_seconds = 120\n${tables}`)

/** An endpoint that is right but for these lines. */
const endpoint = (...lines: ReadonlyArray<string>) =>
  [
    "[webhook.home]",
    ...lines.some((line) => line.startsWith("url")) ? [] : ["url = \"https://a.example/\""],
    ...lines.some((line) => line.startsWith("events")) ? [] : ["events = [\"*\"]"],
    ...lines
  ].join("\n")

describe("the tables of webhooks", () => {
  it.effect("are read with what is usual, and shown as they would be written", () =>
    Effect.gen(function*() {
      const config = yield* load(
        `${endpoint("events = [\"record.*\", \"run.failed\"]", "format = \"cloudevents\"")}\n` +
          "[inbox.phone]\ntask = \"spotify\"\n[network]\nallowed_private = [\"nas.lan\", \"10.0.0.0/8\"]"
      )
      assert.deepStrictEqual(config.webhooks, [{
        name: "home",
        enabled: true,
        url: "https://a.example/",
        events: ["record.*", "run.failed"],
        streams: [],
        format: "cloudevents",
        per: "page",
        timeout: Duration.seconds(20)
      }])
      assert.deepStrictEqual(config.inbox, [{ name: "phone", enabled: true, kind: "standard", task: "spotify" }])
      assert.deepStrictEqual(config.network, { allowedPrivate: ["nas.lan", "10.0.0.0/8"] })
      assert.deepStrictEqual(yield* loadText(showToml(config, {})), config)
    }))

  for (
    const [what, tables, expected] of [
      ["no address", "[webhook.home]\nevents = [\"*\"]", "webhook.home.url: Missing required field"],
      ["no events", "[webhook.home]\nurl = \"https://a.example/\"", "webhook.home.events: Missing required field"],
      ["an empty list", endpoint("events = []"), "a list of kinds of events, at least one"],
      [
        "a mistyped event",
        endpoint("events = [\"run.faild\"]"),
        "unknown name \"run.faild\", did you mean run.failed?"
      ],
      ["a kind that nobody asks for", endpoint("events = [\"webhook.test\"]"), "webhook.test"],
      ["a password in the address", endpoint("url = \"https://me:hunter2@a.example/\""), "without user and password"],
      ["another scheme", endpoint("url = \"ftp://a.example\""), "begins with https:// or http://"],
      ["too much time", endpoint("timeout_seconds = 31"), "expected at most 30 seconds"],
      ["another form", endpoint("format = \"xml\""), "expected one of standard, cloudevents"],
      ["a secret in the file", endpoint("secret = \"whsec_abc\""), "credentials are not kept in this file"],
      [
        "a name that is none",
        "[webhook.\"My Home\"]\nurl = \"https://a.example/\"\nevents = [\"*\"]",
        "expected a name of at most 32"
      ],
      [
        "a task that is not there",
        "[inbox.ring]\ntask = \"oura\"",
        "inbox.ring.task: there is no [sync.oura] in this file"
      ],
      ["a task that is none", "[inbox.ring]\ntask = \"orua\"", "did you mean oura?"],
      [
        "an allowance that is none",
        "[network]\nallowed_private = [\"http://nas\"]",
        "the name of a host, an address, or a network"
      ]
    ] as const
  ) {
    it.effect(`are refused with what was expected: ${what}`, () =>
      Effect.gen(function*() {
        assert.include((yield* Effect.flip(load(tables))).message, expected)
      }))
  }
})
