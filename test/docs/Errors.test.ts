import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { ofImports } from "../../src/domain/ImportMends.ts"
import {
  mendFor,
  mendOf,
  ofBackups,
  ofCommands,
  ofProviders,
  ofRuns,
  ofSongs,
  ofTheStore
} from "../../src/domain/Mends.ts"
import { ofSignIns } from "../../src/domain/SignInMends.ts"
import { code, rowsBelow, sources, textOf } from "./Repository.ts"

const lists = [ofProviders, ofSignIns, ofTheStore, ofBackups, ofImports, ofCommands, ofRuns, ofSongs]
const known = lists.flatMap((list) => Object.keys(list))

/** Failures that nobody meets by their name, and what they become before anybody does. */
const within: { readonly [name: string]: string } = {
  AccountsError: "its reason",
  AddressRefused: "the last error of a delivery",
  BackfillFailed: "a problem of the API",
  BackfillRefused: "says itself what to do",
  CannotCollect: "nothing: memory is given back another time",
  CannotRetry: "a problem of the API",
  CannotSync: "a problem of the API",
  CipherError: "its reason",
  ConnectorSyncFailed: "the failure of a job, with the words of what ended its run",
  InvalidChange: "a problem of the API",
  InvalidInput: "a problem of the API",
  InvalidPayload: "a problem of the API",
  InvalidLimit: "a bug of a workflow, at its start",
  InvalidSearchAttribute: "a bug of a workflow",
  InvalidVersions: "a bug of a workflow, at its start",
  JobNotOver: "a problem of the API",
  LetterStays: "a problem of the API",
  MailFailed: "the last error of a message",
  NothingToMail: "the last error of a job",
  MessageRefused: "a problem of the API",
  ModelFailed: "ai_failed of NoMatch, or AgentError",
  NoCandidate: "a problem of the API",
  NoReview: "a problem of the API",
  NotAllowed: "an answer to the model",
  NotOpened: "StoreUnavailable",
  NotYet: "a problem of the API",
  NotThere: "another look at the playlist",
  ProviderError: "its reason",
  RunFailed: "the error that it bears",
  SecretsError: "its reason",
  SinkFailed: "the last error of a message",
  StaleRevision: "a problem of the API",
  SurqlMistake: "EarlierUnreadable",
  SurrealError: "its reason",
  SyncFailed: "the error that it bears",
  ToolFailure: "an answer to the model",
  UnknownJob: "a problem of the API",
  UnknownJobType: "the error of a job",
  UnknownSchedule: "a problem of the API",
  UnknownSink: "a problem of the API",
  UnknownSource: "a problem of the API",
  UnknownWebhook: "a problem of the API",
  UnknownWorkflow: "a problem of the API"
}

/** Every typed error of the code but for problems of the API, which the compiler asks a mend for. */
const declared = sources.filter((path) => !path.endsWith("Problems.ts")).flatMap((path) =>
  [...textOf(path).matchAll(/class (\w+)\s+extends Schema\.TaggedError</g)].map(([, name = ""]) => ({ path, name }))
)

describe("what mends failures", () => {
  it("is said of every typed error of the code, or that nobody meets it by that name", () => {
    assert.isAbove(declared.length, 60)
    for (const { name, path } of declared) {
      assert.isTrue(
        known.includes(name) !== name in within,
        `${name} of ${path} stands in src/domain/Mends.ts, or here`
      )
    }
  })

  it("is said of no name that does not exist", () => {
    const named = new Set(declared.map(({ name }) => name))
    // Effect's own, and what a run's end is called
    const others = new Set(["CliError", "HttpClientError", "RunTimedOut", "Interrupted", "Cancelled", "Defect"])
    for (const name of [...known, ...Object.keys(within)]) {
      assert.isTrue(named.has(name) || others.has(name), name)
    }
    assert.strictEqual(new Set(known).size, known.length)
  })

  it("is not repeated where the failure's own message ends with it", () => {
    assert.deepStrictEqual(mendOf("NonDeterminismError"), Option.none())
    assert.deepStrictEqual(mendOf("toString"), Option.none())
    assert.deepStrictEqual(mendOf("ActivityTimedOut"), Option.some("glider runs retry <run>"))
  })

  it("names the thing that it is about, where that is known", () => {
    assert.deepStrictEqual(
      mendFor("Unauthorized", { provider: "oura" }),
      Option.some("glider auth oura")
    )
    assert.deepStrictEqual(mendFor("Cancelled", { provider: "oura" }), Option.some("glider runs retry <run>"))
  })

  it("stands in docs/reference/errors.md, each with something to do", () => {
    const text = textOf("docs/reference/errors.md")
    const sections = [
      "Commands",
      "Sign-in and secrets",
      "Providers",
      "The store",
      "Backups",
      "Imports",
      "Runs",
      "Songs, agents and tools"
    ]
    const rows = sections.flatMap((heading) => rowsBelow(text, heading))
    assert.sameMembers(rows.flatMap(([name = ""]) => code(name)), known)
    for (const [name = "", what = "", fix = ""] of rows) assert.isTrue(what !== "" && fix !== "", name)
  })
})
