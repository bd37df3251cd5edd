import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Option } from "effect"
import { showToml } from "../../src/config/Show.ts"
import { loadText } from "./Surroundings.ts"

const load = (tables: string) => loadText(`[sync.spotify]\ninterval_seconds = 120\n${tables}`)

const phone = "[alerts.ntfy.phone]\nurl = \"https://ntfy.lan:8443/my-topic\"\n"

/** A server of mail that is right but for these lines. */
const mail = (...lines: ReadonlyArray<string>) =>
  ["[alerts.email.me]", "host = \"mail.example\"", "from = \"g@a.example\"", "to = [\"me@a.example\"]", ...lines].join(
    "\n"
  )

describe("the tables of alerts", () => {
  it.effect("are read with what is usual, and shown as they would be written", () =>
    Effect.gen(function*() {
      const tables =
        `[alerts]\nremind_hours = 24\npage_url = "https://glider.lan/"\n[alerts.rules]\ngap = false\n${phone}` +
        mail("user = \"me\"", "severity = \"critical\"")
      const config = yield* load(tables)
      assert.deepInclude(config.alerts, {
        enabled: true,
        remindAfter: Option.some(Duration.hours(24)),
        page: Option.some("https://glider.lan"),
        sinks: [
          {
            name: "phone",
            enabled: true,
            severity: "info",
            kind: "ntfy",
            server: "https://ntfy.lan:8443",
            topic: "my-topic"
          },
          {
            name: "me",
            enabled: true,
            severity: "critical",
            kind: "email",
            host: "mail.example",
            port: 587,
            security: "starttls",
            user: Option.some("me"),
            from: "g@a.example",
            to: ["me@a.example"]
          }
        ]
      })
      assert.deepInclude(config.alerts?.rules, { gap: false, stale: true })
      assert.deepStrictEqual(yield* loadText(showToml(config, {})), config)
    }))

  for (
    const [what, tables, expected] of [
      ["a server without a topic", "[alerts.ntfy.phone]\nurl = \"https://ntfy.sh/\"", "the address of a topic"],
      ["a rule that is none", "[alerts.rules]\ndead_leter = true", "did you mean dead_letter?"],
      ["a token in the file", `${phone}token = "tk_1"`, "credentials are not kept in this file"],
      ["no address to send to", mail().replace("[\"me@a.example\"]", "[]"), "a list of addresses, at least one"],
      ["what is no address", mail().replace("g@a.example", "Glider"), "an address such as me@example.com"],
      ["a password in the clear", mail("user = \"me\"", "security = \"none\""), "sent in the clear"],
      ["one name for two", phone + mail().replace("email.me", "email.phone"), "there is [alerts.ntfy.phone], too"],
      ["a name that is none", mail().replace("email.me", "email.\"My Mail\""), "expected a name of at most 32"]
    ] as const
  ) {
    it.effect(`are refused with ${what}`, () =>
      Effect.gen(function*() {
        const { message } = yield* Effect.flip(load(tables))
        assert.include(message, expected)
      }))
  }
})
