import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Logger, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Workflow, type WorkflowEngine } from "effect/workflow"
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { afterAll } from "vitest"
import * as JournalMemory from "../../src/engine/JournalMemory.ts"
import { begin } from "../support/EngineLives.ts"
import { textOf } from "./Repository.ts"

const here = fileURLToPath(new URL(".", import.meta.url))

/** What the snippets may name without an import; they are in a folder beside this file. */
const imports = `
import { assert, it } from "@effect/vitest"
import { Config, Context, DateTime, Duration, Effect, Layer, Option, Predicate, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, DurableDeferred, Workflow, WorkflowEngine } from "effect/workflow"
import * as DurableEngine from "../../../src/engine/DurableEngine.ts"
import * as JournalMemory from "../../../src/engine/JournalMemory.ts"
import * as TransactionalActivity from "../../../src/engine/TransactionalActivity.ts"
import { recordId } from "../../../src/services/SurrealValue.ts"
import { ActivityTimedOut } from "../../../src/workflow/ActivityTimeouts.ts"
import { body } from "../../../src/workflow/Body.ts"
import * as DurableActivity from "../../../src/workflow/DurableActivity.ts"
import * as DurableSleep from "../../../src/workflow/DurableSleep.ts"
import * as Heartbeat from "../../../src/workflow/Heartbeat.ts"
import * as RunProgress from "../../../src/workflow/RunProgress.ts"
import * as SearchAttributes from "../../../src/workflow/SearchAttributes.ts"
import * as Versions from "../../../src/workflow/Versions.ts"
`

interface Section {
  readonly heading: string
  readonly code: string
}

const blocksOf = (text: string): string =>
  [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block).join("\n")

const partsOf = (text: string, mark: string): ReadonlyArray<readonly [heading: string, text: string]> =>
  text.split(`\n${mark} `).map((part) => [part.split("\n", 1).join(), part])

/** The code of each section, after that of the section around it. */
const sections: ReadonlyArray<Section> = partsOf(textOf("docs/workflows.md"), "##").flatMap(([heading, text]) => {
  const [[, head] = ["", ""], ...parts] = partsOf(text, "###")
  const common = blocksOf(head)
  return [
    { heading, code: common },
    ...parts.map(([heading, part]) => ({ heading, code: blocksOf(part) && `${common}\n${blocksOf(part)}` }))
  ].filter(({ code }) => code !== "")
})

const folder = mkdtempSync(join(here, "snippets-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const names = (code: string) => [...code.matchAll(/^const (before|wrong|right)\b/gm)].map(([, name]) => name)
const files = sections.map(({ code, heading }, index) => {
  const file = join(folder, `Snippet${index}.ts`)
  writeFileSync(file, `${imports}\n${code}\nexport { ${names(code).join(", ")} }\n`)
  return { file, heading, rule: names(code).length > 0, tests: /^ *it\.effect/m.test(code) }
})
/** What docs/agents.md speaks of beside its snippet. */
const agentsNeed = `
import { Context, Effect, Schema } from "effect"
import { LanguageModel, Tool } from "effect/ai"
import { Workflow } from "effect/workflow"
import { ActivityTimedOut } from "../../../src/workflow/ActivityTimeouts.ts"
import * as Agent from "../../../src/workflow/Agent.ts"
import { AgentError } from "../../../src/workflow/AgentError.ts"
import * as AgentRun from "../../../src/workflow/AgentRun.ts"
import * as AgentTool from "../../../src/workflow/AgentTool.ts"
class SoldOut extends Schema.TaggedError<SoldOut>()("SoldOut", {}) {}
class ShopClosed extends Schema.TaggedError<ShopClosed>()("ShopClosed", {}) {}
declare const shop: { readonly buy: (item: string) => Effect.Effect<{ readonly euros: number }, SoldOut | ShopClosed> }
declare const model: Effect.Effect<LanguageModel.LanguageModel>
const Shopping = Workflow.make("shopping", {
  payload: { item: Schema.String },
  success: Schema.OptionFromNullOr(Schema.Struct({ bought: Schema.Boolean, reason: Schema.String })),
  error: Schema.Union([ActivityTimedOut, AgentError, ShopClosed]),
  idempotencyKey: ({ item }) => item
})
`
writeFileSync(
  join(folder, "SnippetAgents.ts"),
  `${agentsNeed}\n${blocksOf(textOf("docs/agents.md"))}\nexport { layer }\n`
)

writeFileSync(
  join(folder, "tsconfig.json"),
  JSON.stringify({
    extends: "../../../tsconfig.json",
    compilerOptions: { noUnusedLocals: false, plugins: [] },
    include: ["*.ts"]
  })
)

const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url))

/** What the compiler says of the snippets; what it says of the code that they import is for `npm run types` to tell. */
const complaints = Effect.callback<ReadonlyArray<string>>((resume) => {
  execFile(process.execPath, [compiler, "-p", folder, "--pretty", "false"], { cwd: folder }, (_, out, err) => {
    resume(Effect.succeed(`${out}${err}`.split("\n").filter((line) => /^Snippet|^error/.test(line))))
  })
})

describe("the snippets of docs/workflows.md", () => {
  it.live("compile, the wrong ones too: no type tells them from the right ones", () =>
    Effect.gen(function*() {
      assert.isAbove(files.length, 15)
      const titles = new Map(files.map(({ heading }, index) => [`Snippet${index}.ts`, heading]))
      const told = (yield* complaints).map((line) =>
        line.replace(/^Snippet\d+\.ts/, (file) => titles.get(file) ?? file)
      )
      assert.deepStrictEqual(told, [])
    }))

  it("have a wrong and a right one for each replay rule", () => {
    const rules = partsOf(textOf("docs/workflows.md"), "##").find(([heading]) => heading === "Replay rules")
    const [, ...headings] = partsOf(rules?.[1] ?? "", "###").map(([heading]) => heading)
    assert.isAbove(headings.length, 9)
    assert.deepStrictEqual(files.filter(({ rule }) => rule).map(({ heading }) => heading), headings)
    for (const { code, heading } of sections.filter(({ code }) => names(code).length > 0)) {
      assert.includeMembers(names(code), ["wrong", "right"], heading)
    }
  })
})

const load = (file: string): Promise<{ readonly [name: string]: unknown }> => import(pathToFileURL(file).href)

// the tests in the document are tests of this file
for (const { file } of files.filter(({ tests }) => tests)) await load(file)

const Rule = Workflow.make("rule", {
  payload: { discount: Schema.Finite },
  success: Schema.Void,
  error: Schema.Unknown,
  idempotencyKey: () => "one"
})

type Body = Effect.Effect<unknown, unknown, WorkflowEngine.WorkflowEngine | WorkflowEngine.WorkflowInstance>

const isBody = (value: unknown): value is Body => Effect.isEffect(value)

/** What became of a run, and what it said meanwhile. */
interface Told {
  readonly state: string | undefined
  readonly error: string | undefined
  readonly said: ReadonlyArray<string>
}

/**
 * Runs a body for two days, in two processes one after the other: the first ends in the night, and when the second one
 * begins the config is another. In each of them, the bodies are the given ones.
 */
const tell = Effect.fnUntraced(function*(first: unknown, second: unknown) {
  const journal = JournalMemory.make()
  const said: Array<string> = []
  const logger = Logger.layer([Logger.make(({ message }) => void said.push([message].flat().join()))])
  const handlers = (body: unknown, discount: number) =>
    Rule.toLayer((payload) => {
      const given: unknown = typeof body === "function" ? body(payload) : body
      return isBody(given) ? Effect.asVoid(given) : Effect.die(new Error("no body"))
    }).pipe(
      Layer.provide(logger),
      Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ DISCOUNT: discount })))
    )
  yield* TestClock.setTime(Date.UTC(2026, 10, 24, 20))
  for (const [body, discount] of [[first, 10], [second, 20]] as const) {
    const life = yield* begin(journal, { handlers: handlers(body, discount) })
    yield* life.do(Rule.execute({ discount: 10 }, { discard: true }))
    for (let minute = 0; minute < 3; minute++) {
      yield* life.quiet
      yield* TestClock.adjust("20 seconds")
    }
    yield* life.quiet
    yield* life.stop
    yield* TestClock.adjust("13 hours")
  }
  const row = [...journal.runs.values()][0]
  return { state: row?.state, error: row?.error?.message, said } satisfies Told
})

/** The comment after a body says what becomes of it: parked, and how that is told, or what is done twice. */
const outcomeOf = (code: string): string =>
  /\/\/ (.*(?:parked.*: | twice$).*)$/m.exec(code.slice(code.indexOf("const wrong")))?.[1] ?? ""

describe("the replay rules", () => {
  const rules = files.flatMap(({ file, heading, rule }, index) =>
    rule ? [{ file, heading, promise: outcomeOf(sections[index]?.code ?? "") }] : []
  )
  for (const { file, heading, promise } of rules) {
    it.effect(heading, () =>
      Effect.gen(function*() {
        const { before, right, wrong } = yield* Effect.promise(() => load(file))
        const bad: Told = yield* tell(before ?? wrong, wrong)
        const parked = /parked.*?: (.*)$/.exec(promise)?.[1]
        if (parked === undefined) {
          assert.match(promise, /twice$/)
          assert.strictEqual(bad.state, "completed")
          assert.isAbove(bad.said.length, new Set(bad.said).size, bad.said.join())
        } else {
          assert.strictEqual(bad.state, "parked", bad.said.join())
          assert.include(bad.error ?? "", parked)
        }
        const good: Told = yield* tell(before ?? right, right)
        assert.strictEqual(good.state, "completed", good.error)
        if (heading.includes("retry")) return assert.deepStrictEqual(good.said, ["call", "call", "call"])
        assert.deepStrictEqual(good.said, [...new Set(good.said)])
      }))
  }
})
