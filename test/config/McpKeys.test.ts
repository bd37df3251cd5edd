import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { loadText } from "./Surroundings.ts"

const mcpOf = (tables: string) =>
  Effect.map(loadText(`[sync.spotify]\ninterval_seconds = 120\n${tables}`), ({ mcp }) => mcp)

/** A server that is right but for these lines. */
const command = (...lines: ReadonlyArray<string>) =>
  ["[mcp.server.lyrics]", "command = \"lyrics\"", ...lines].join("\n")
const url = (...lines: ReadonlyArray<string>) => ["[mcp.server.lyrics]", ...lines].join("\n")

describe("the tables of servers of tools", () => {
  it.effect("are read, by a program or an address, with what is usual", () =>
    Effect.gen(function*() {
      const { enabled, servers, writes } = yield* mcpOf(
        `${command()}\n[mcp.server.web_2]\nurl = "https://tools.example/mcp"\nmode = "stateless"\ntools = ["find"]`
      )
      assert.deepStrictEqual([enabled, writes], [true, false])
      const usual = { timeout: Duration.seconds(60), concurrency: 2, restarts: 3 }
      assert.deepStrictEqual(servers, [
        {
          ...usual,
          name: "lyrics",
          at: { _tag: "Command", command: "lyrics", args: [], env: [] },
          mode: "stateful",
          tools: []
        },
        {
          ...usual,
          name: "web_2",
          at: { _tag: "Url", url: "https://tools.example/mcp" },
          mode: "stateless",
          tools: ["find"]
        }
      ])
    }))

  for (
    const [what, tables, expected] of [
      [
        "no scheme",
        url("url = \"tools.example\""),
        "lyrics.url: expected an address that begins with https:// or http://"
      ],
      ["another scheme", url("url = \"ftp://a.example\""), "expected an address that begins with https:// or http://"],
      [
        "a password in the url",
        url("url = \"https://me:hunter2@a.example\""),
        "lyrics.url: expected an address without user and password, got \"https://<redacted>@a.example\""
      ],
      ["a url that is no text", url("url = 3"), "lyrics.url: expected a string, got 3"],
      [
        "both",
        command("url = \"https://a.example\""),
        "mcp.server.lyrics: has both command and url: keep one of the two"
      ],
      ["neither", url("tools = [\"a\"]"), "mcp.server.lyrics: expected command, the program that it is, or url"],
      ["args of a url", url("url = \"https://a.example\"", "args = [\"-v\"]"), "args and env belong to a command"],
      ["no command", url("command = \"\""), "lyrics.command: expected a string that is not empty"],
      ["a command line", url("command = [\"a\", \"b\"]"), "lyrics.command: expected a string, got [\"a\", \"b\"]"],
      [
        "an unknown mode",
        command("mode = \"always\""),
        "lyrics.mode: expected one of stateless, stateful, got \"always\""
      ],
      ["a mistyped mode", command("mode = \"statefull\""), "unknown name \"statefull\", did you mean stateful?"],
      ["no time", command("timeout_seconds = 0"), "timeout_seconds: expected a whole number greater than 0, got 0"],
      ["too much time", command("timeout_seconds = 601"), "timeout_seconds: expected at most 600 seconds"],
      ["no calls", command("concurrency = 0"), "lyrics.concurrency: expected a whole number greater than 0, got 0"],
      [
        "fewer than no restarts",
        command("restarts = -1"),
        "lyrics.restarts: expected a whole number, 0 or more, got -1"
      ],
      ["one tool", command("tools = \"find\""), "lyrics.tools: expected a list of names of tools, got \"find\""],
      ["a mistyped key", command("tool = [\"find\"]"), "lyrics.tool: unknown key, did you mean tools?"],
      ["a token", command("token = \"a\""), "credentials are not kept in this file"],
      ["no table", "[mcp.server]\nlyrics = \"lyrics\"", "mcp.server.lyrics: expected a table, got \"lyrics\""],
      ["a list", "[[mcp.server]]\ncommand = \"lyrics\"", "mcp.server: expected a table"],
      ["a mistyped table", "[mcp.servers.lyrics]\ncommand = \"lyrics\"", "did you mean [mcp.server]?"]
    ] as const
  ) {
    it.effect(`are refused with what was expected: ${what}`, () =>
      Effect.gen(function*() {
        assert.include((yield* Effect.flip(mcpOf(tables))).message, expected)
      }))
  }

  it.effect("are refused under names of which a tool's cannot be told apart", () =>
    Effect.gen(function*() {
      const names = ["My Tools", "Lyrics", "a__b", "a_", "_a", "1a", "lyrics-2", "", "ä", "__proto__", "a".repeat(33)]
      for (const name of names) {
        const { message } = yield* Effect.flip(mcpOf(`[mcp.server."${name}"]\ncommand = "lyrics"`))
        assert.include(message, "expected a name of at most 32 small letters, digits and single _ between them", name)
      }
      for (const name of ["a", "a_b", "lyrics_2", "a".repeat(32)]) {
        yield* mcpOf(`[mcp.server.${name}]\ncommand = "lyrics"`)
      }
    }))

  it.effect("that hold a variable in place of its name are refused without a word of it", () =>
    Effect.gen(function*() {
      for (
        const env of [
          "[\"LYRICS_KEY=hunter2\"]",
          "[\"hunter2-\"]",
          "\"hunter2\"",
          "{ LYRICS_KEY = \"hunter2\" }",
          "[[\"hunter2\"]]"
        ]
      ) {
        const { message } = yield* Effect.flip(mcpOf(command(`env = ${env}`)))
        assert.match(message, /mcp\.server\.lyrics\.env.*: expected/, env)
        assert.notInclude(message, "hunter2")
      }
    }))
})
