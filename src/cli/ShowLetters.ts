/** The dead letter queue for a person and for programs. */
import { DateTime, Effect, Option, Schema } from "effect"
import { LetterPage, LettersDone } from "../api/RunMessages.ts"
import { DeadLetter, fromOf } from "../domain/DeadLetter.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { fromNow, print, say, table, visibleLines } from "./Print.ts"

const encodePage = Schema.encodeEffect(LetterPage)
const encodeLetter = Schema.encodeEffect(DeadLetter)
const encodeDone = Schema.encodeEffect(LettersDone)

/** `glider dlq list`. */
export const showLetters = Effect.fnUntraced(function*(page: LetterPage) {
  const now = yield* DateTime.now
  const rows = page.letters.map((letter) => [
    letter.id,
    fromOf(letter),
    fromNow(now, letter.at),
    letter._tag === "Record" ? "-" : String(letter.attempts),
    letter._tag === "Record" ? "unreadable record" : letter._tag === "Delivery" ? "not delivered" : letter.error.tag,
    letter._tag === "Run" || letter._tag === "Job" ? letter.error.message : letter.problem.split("\n")[0] ?? ""
  ])
  yield* print({
    json: yield* Effect.orDie(encodePage(page)),
    text: rows.length === 0 ? "no dead letters" : table(["LETTER", "FROM", "SINCE", "TRIES", "ERROR", "MESSAGE"], rows)
  })
  if (Option.isSome(page.next)) yield* say(`More: glider dlq list --after '${page.next.value}'`)
})

/** `glider dlq show`. */
export const showLetter = Effect.fnUntraced(function*(letter: DeadLetter, input: Option.Option<Schema.Json>) {
  const now = yield* DateTime.now
  const facts: ReadonlyArray<readonly [string, string]> = letter._tag === "Run"
    ? [
      ["letter", letter.id],
      ["workflow", letter.workflow],
      ["failed", `${DateTime.formatIso(letter.at)} (${fromNow(now, letter.at)})`],
      ["tries", String(letter.attempts)],
      ["error", `${letter.error.tag}: ${letter.error.message}`],
      ...letter.chain.slice(1).map((cause) => ["caused by", cause] as const),
      ["input", Option.match(input, { onNone: () => "no longer kept", onSome: (known) => JSON.stringify(known) })]
    ]
    : letter._tag === "Job"
    ? [
      ["letter", letter.id],
      ["type", letter.type],
      ["failed", `${DateTime.formatIso(letter.at)} (${fromNow(now, letter.at)})`],
      ["tries", String(letter.attempts)],
      ["error", `${letter.error.tag}: ${letter.error.message}`]
    ]
    : letter._tag === "Delivery"
    ? [
      ["letter", letter.id],
      ["webhook", letter.endpoint],
      ["event", `${letter.event} (${letter.type})`],
      ["given up", `${DateTime.formatIso(letter.at)} (${fromNow(now, letter.at)})`],
      ["tries", String(letter.attempts)],
      ["problem", letter.problem]
    ]
    : [
      ["letter", letter.id],
      ["stream", letter.stream],
      ["connection", letter.connection],
      ["first read", DateTime.formatIso(letter.at)],
      ["last read", DateTime.formatIso(letter.lastSeenAt)],
      ["problem", letter.problem],
      ["record", letter.raw]
    ]
  const width = Math.max(...facts.map(([name]) => name.length))
  yield* print({
    json: { ...yield* Effect.orDie(encodeLetter(letter)), ...Option.isSome(input) ? { input: input.value } : {} },
    text: facts.map(([name, value]) => `${name.padEnd(width)}  ${visibleLines(value)}`).join("\n")
  })
  if (letter._tag === "Job") yield* say(`All of it: glider jobs show ${letter.job}`)
  if (letter._tag === "Run") yield* say(`Its history: glider runs show ${letter.run}`)
})

/** What a retry or a drop has done, or would do. */
export const showDone = Effect.fnUntraced(function*(done: LettersDone, verb: "retried" | "dropped") {
  const lines = done.done.map(({ id, run }) =>
    Option.match(run, { onNone: () => id, onSome: (run) => `${id}  ${run}` })
  )
  const sum = done.preview
    ? `${done.matched} would be ${verb}`
    : `${done.done.length} of ${done.matched} ${verb}`
  yield* print({ json: yield* Effect.orDie(encodeDone(done)), text: [...lines, sum].join("\n") })
  for (const { id, message } of done.failed) yield* say(`${id}: ${message}`)
  if (done.failed.length === 0) return
  return yield* new CommandFailed({
    message: `${done.failed.length} of ${done.matched} were not ${verb}`,
    fix: "glider dlq list",
    exitCode: exitCodes.failed
  })
})
