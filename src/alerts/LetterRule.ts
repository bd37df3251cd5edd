/** Dead letters: one alert for each workflow, stream, webhook and type of jobs that has some. */
import { Effect, Option } from "effect"
import type { Cause } from "../domain/Alert.ts"
import { anyDeadLetter } from "../domain/DeadLetter.ts"
import { DeadLetters, type LetterGroup } from "../store/DeadLetters.ts"
import type { Rule } from "./Rule.ts"

const nouns = { run: "run", record: "record", delivery: "delivery", job: "job" } as const

const counted = (count: number, noun: string): string =>
  count === 1 ? `a ${noun}` : `${count} ${noun === "delivery" ? "deliveries" : `${noun}s`}`

const subjects = {
  run: (of: string) => `of the workflow ${of}`,
  record: (of: string) => `of the stream ${of}`,
  delivery: (of: string) => `to the webhook ${of}`,
  job: (of: string) => `of the type ${of}`
} as const

const causeOf = ({ count, kind, of }: LetterGroup): Cause => ({
  rule: "dead_letter",
  key: `dead_letter/${kind}/${of}`,
  severity: kind === "record" ? "warning" : "critical",
  title: `Dead letters ${subjects[kind](of)}`,
  message: `${counted(count, nouns[kind])} ${subjects[kind](of)} failed for good and ${
    count === 1 ? "waits" : "wait"
  } for you.`,
  fix: `glider dlq list --kind ${kind}`
})

export const letterRule = Effect.map(DeadLetters, (letters): Rule => {
  let last: { readonly mark: string; readonly groups: ReadonlyArray<LetterGroup> } | undefined

  /** They are read one by one only when there are others than at the last look. */
  const groups = Effect.gen(function*() {
    const count = yield* letters.count
    if (count.runs + count.records + count.deliveries + count.jobs === 0) return []
    const newest = yield* letters.list({ filter: anyDeadLetter, after: Option.none(), limit: 1 })
    const mark = `${count.runs} ${count.records} ${count.deliveries} ${count.jobs} ${newest.letters[0]?.id}`
    if (last?.mark !== mark) last = { mark, groups: yield* letters.groups }
    return last.groups
  })

  return { rule: "dead_letter", causes: () => Effect.map(groups, (all) => all.map(causeOf)) }
})
