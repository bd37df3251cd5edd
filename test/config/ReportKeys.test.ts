import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { showToml } from "../../src/config/Show.ts"
import { loadText } from "./Surroundings.ts"

const load = (name: string) =>
  loadText([
    "[sync.spotify]",
    "interval_seconds = 120",
    "[reports]",
    `mail = ["${name}"]`,
    "[alerts.email.me]",
    "host = \"mail.example\"",
    "from = \"g@a.example\"",
    "to = [\"me@a.example\"]"
  ].join("\n"))

it.effect("reports are mailed to mailboxes that the config has, and to no others", () =>
  Effect.gen(function*() {
    const config = yield* load("me")
    assert.deepStrictEqual(config.reports, { mail: ["me"] })
    assert.match(showToml(config, {}), /\[reports\]\nmail = \[ "me" \]/)
    const { message } = yield* Effect.flip(load("you"))
    assert.include(
      message,
      "config.toml:4:8 reports.mail: there is no [alerts.email.you], which says how mail goes there"
    )
  }))
