import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { loadText } from "../config/Surroundings.ts"
import { blocksOf, stepsOf, traitsOf } from "./Blocks.ts"
import { documents, textOf } from "./Repository.ts"

const blocks = documents.flatMap((path) => blocksOf(textOf(path)).map((block) => ({ ...block, path })))
const of = (language: string) => blocks.filter((block) => block.language === language)

/** What a fragment lacks to be a whole config: something that is synced. */
const whole = (text: string): string =>
  text.includes("[sync.") ? text : `${text}\n\n[sync.spotify]\ninterval_seconds = 120\n`

describe("the blocks of the documents", () => {
  it("are of languages that something reads", () => {
    const known = ["", "sh", "text", "toml", "json", "ts", "http", "ini", "nix", "yaml", "promql"]
    for (const { language, line, path } of blocks) assert.include(known, language, `${path}:${line}`)
  })

  it("of commands that are not executed say why, in a word that is known", () => {
    for (const path of documents) assert.doesNotThrow(() => stepsOf(textOf(path)), path)
    for (const path of documents) {
      for (const trait of traitsOf(textOf(path))) assert.include(["empty", "stopped"], trait, path)
    }
  })

  it("without a language hold no command, which nobody would execute", () => {
    for (const { line, path, text } of of("")) {
      assert.notMatch(text, /^(?:\$ )?(?:glider|npm|node|curl|git|docker|nix|systemctl) /m, `${path}:${line}`)
    }
  })

  it.effect("of TOML are configs, or tables that a config may have", () =>
    Effect.gen(function*() {
      assert.isAbove(of("toml").length, 5)
      for (const { line, path, text } of of("toml")) {
        const mistakes = yield* loadText(whole(text)).pipe(
          Effect.as(""),
          Effect.catchTag("ConfigFileError", ({ message }) => Effect.succeed(message))
        )
        assert.strictEqual(mistakes, "", `${path}:${line}`)
      }
    }))

  it("of JSON can be read", () => {
    assert.isAbove(of("json").length, 4)
    for (const { line, path, text } of of("json")) assert.doesNotThrow(() => JSON.parse(text), `${path}:${line}`)
  })
})

describe("a document whose commands are executed", () => {
  const text = [
    "<!-- docs:test empty -->",
    "```sh",
    "glider status",
    "```",
    "```text output",
    "TASK",
    "```",
    "   ```sh no-run root",
    "   systemctl stop glider",
    "   ```",
    "```toml config",
    "[music]",
    "```",
    "```toml",
    "[ai]",
    "```"
  ].join("\n")

  it("has them in their order, with what they print and why they are left out", () => {
    assert.deepStrictEqual(stepsOf(text), [
      { kind: "run", line: 3, text: "glider status", output: "TASK" },
      { kind: "left", line: 9, text: "systemctl stop glider", reason: "root" },
      { kind: "config", line: 12, text: "[music]" }
    ])
    assert.deepStrictEqual(traitsOf(text), ["empty"])
  })

  it("is refused with a reason that nobody knows, an output of nothing, a block without an end", () => {
    assert.throws(() => stepsOf("```sh no-run because\nls\n```"), "line 1: no-run because")
    assert.throws(() => stepsOf("```sh later\nls\n```"), "line 1: later")
    assert.throws(() => stepsOf("```text output\nls\n```"), "no command stands before")
    assert.throws(() => blocksOf("```sh\nls"), "no end")
  })
})
