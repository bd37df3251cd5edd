/** What needs the person, each with the one button that mends it or leads there. */
import { Option } from "effect"
import type { Check, TaskState } from "../../api/Messages.ts"
import type { ScheduleInfo } from "../../api/ScheduleMessages.ts"
import { type Provider, providerTitle } from "../../domain/Provider.ts"
import type { Owner } from "../frame/Owner.ts"
import { runHref, searchHref, some } from "./RunWords.ts"
import { scheduleHref } from "./ScheduleWords.ts"
import type { ConnectionStanding, Waiting } from "./Standing.ts"

/** What the button does: sends a form, or leads to a page. */
export type Mend =
  | { readonly _tag: "Form"; readonly action: string; readonly text: string; readonly label: string }
  | { readonly _tag: "Link"; readonly href: string; readonly text: string; readonly label: string }

export interface Repair {
  readonly key: string
  readonly state: "warning" | "problem"
  readonly title: string
  readonly detail: string
  /** What to type, where no button can do it. */
  readonly command: Option.Option<string>
  readonly mend: Option.Option<Mend>
  /** Where more is told. */
  readonly more: Option.Option<{ readonly href: string; readonly text: string }>
}

const plain = (key: string, state: Repair["state"], title: string, detail: string): Repair => ({
  key,
  state,
  title,
  detail,
  command: Option.none(),
  mend: Option.none(),
  more: Option.none()
})

const form = (action: string, text: string, label: string) => Option.some<Mend>({ _tag: "Form", action, text, label })

const link = (href: string, text: string, label: string) => Option.some<Mend>({ _tag: "Link", href, text, label })

const worst = (check: Check): Repair["state"] => check.state === "problem" ? "problem" : "warning"

const accountRepair = (check: Check, provider: Provider, isNew: boolean): Repair => {
  const title = providerTitle[provider]
  const text = isNew ? "Connect" : "Reconnect"
  return {
    ...plain(check.name, worst(check), isNew ? `Connect ${title}` : `Sign in to ${title} again`, check.message),
    mend: form(`/accounts/${provider}/connect`, text, `${text} ${title}`)
  }
}

const taskRepair = (check: Check, { lastRun, task }: TaskState): Repair => ({
  ...plain(
    check.name,
    worst(check),
    Option.isNone(lastRun) ? `${task} never ran` : `${task} did not go through`,
    check.message
  ),
  mend: form(`/syncs/${task}/run`, "Sync now", `Sync now: ${task}`),
  more: Option.map(lastRun, ({ id }) => ({ href: runHref(id), text: "The run" }))
})

const lettersRepair = (
  owner: Owner,
  check: Check,
  { letterDeliveries = 0, letterJobs = 0, letterRecords, letterRuns }: Waiting
): Repair => {
  const count = letterRuns + letterRecords + letterDeliveries + letterJobs
  return {
    ...plain(
      check.name,
      "warning",
      `${some(owner, count, "dead letter")} ${count === 1 ? "waits" : "wait"}`,
      "They failed for good, and stay until you retry or drop them."
    ),
    mend: link("/dead-letters", "Sort them out", "Sort them out: dead letters")
  }
}

/** All of them, the worst first; what was merely shut by a provider for a while mends itself and is left out. */
export const repairs = (owner: Owner, known: {
  readonly checks: ReadonlyArray<Check>
  readonly connections: ReadonlyArray<ConnectionStanding>
  readonly tasks: ReadonlyArray<TaskState>
  readonly paused: ReadonlyArray<ScheduleInfo>
  readonly waiting: Waiting
}): ReadonlyArray<Repair> => {
  const signedOut = new Set(
    known.connections.flatMap(({ provider, standing }) =>
      standing === "needs_auth" || standing === "not_connected" ? [provider] : []
    )
  )
  const ofCheck = (check: Check): ReadonlyArray<Repair> => {
    if (check.state === "ok") return []
    const account = known.connections.find(({ provider }) => check.name === `${provider} account`)
    if (account !== undefined) {
      return [accountRepair(check, account.provider, Option.isNone(account.account.connection))]
    }
    if (known.tasks.some(({ task }) => check.name === `${task} gate`)) return []
    const task = known.tasks.find((candidate) => check.name === `${candidate.task} run`)
    // without an account no sync goes through: to connect it is the one thing to do
    if (task !== undefined) return signedOut.has(task.provider) ? [] : [taskRepair(check, task)]
    if (check.name === "dead letters") return [lettersRepair(owner, check, known.waiting)]
    if (check.name === "reviews") {
      return [{
        ...plain(check.name, "warning", "Is this the song?", `${check.message}.`),
        mend: link("/reviews", "Look", "Look: songs to review")
      }]
    }
    if (check.name === "candidates") {
      return [{
        ...plain(check.name, "warning", "The same listening?", `${check.message}.`),
        mend: link("/imports#candidates", "Look", "Look: imported streams")
      }]
    }
    if (/^alerts( to |$)/.test(check.name)) {
      return [{
        ...plain(check.name, worst(check), "Something is the matter", `${check.message}.`),
        mend: link("/alerts", "Look", `Look: ${check.name}`)
      }]
    }
    if (check.name.startsWith("webhook ")) {
      return [{
        ...plain(check.name, worst(check), `The ${check.name} is told nothing`, `${check.message}.`),
        mend: link("/webhooks", "Look", `Look: ${check.name}`)
      }]
    }
    if (check.name === "parked runs") {
      const href = searchHref("state = parked")
      return [{
        ...plain(check.name, "problem", `${some(owner, known.waiting.parkedRuns, "run")} parked`, check.message),
        mend: link(href, "Look at them", "Look at them: parked runs")
      }]
    }
    return [{ ...plain(check.name, worst(check), check.name, check.message), command: check.fix }]
  }
  const ofSchedule = ({ id, pause }: ScheduleInfo): Repair => ({
    ...plain(
      `schedule ${id}`,
      "warning",
      `${id} is paused after a failure`,
      Option.getOrElse(Option.flatMap(pause, ({ note }) => note), () => "It starts nothing until it is resumed.")
    ),
    mend: form(`${scheduleHref(id)}/resume`, "Resume", `Resume ${id}`),
    more: Option.some({ href: scheduleHref(id), text: "The schedule" })
  })
  const all = [...known.checks.flatMap(ofCheck), ...known.paused.map(ofSchedule)]
  return all.toSorted((one, other) => Number(other.state === "problem") - Number(one.state === "problem"))
}
