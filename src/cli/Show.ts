/** Tables for a person and JSON for programs, of what the API gives. */
import { DateTime, Effect, Option, Schema } from "effect"
import { Account, Check, Status, type TaskState } from "../api/Messages.ts"
import { providerTitle } from "../domain/Provider.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { fromNow, orDash, print, say, table } from "./Print.ts"

const encodeAccounts = Schema.encodeEffect(Schema.Array(Account))
const encodeStatus = Schema.encodeEffect(Status)
const encodeChecks = Schema.encodeEffect(Schema.Array(Check))

/** `glider auth status`. */
export const showAccounts = Effect.fnUntraced(function*(accounts: ReadonlyArray<Account>) {
  const now = yield* DateTime.now
  const when = (instant: Option.Option<DateTime.Utc>) => orDash(Option.map(instant, (at) => fromNow(now, at)))
  const rows = accounts.map(({ connection, provider, signInEndsAt }) =>
    Option.match(connection, {
      onNone: () => [provider, "not connected", "-", "-", "-", "-", "-"],
      onSome: ({ expiresAt, refreshedAt, scopes, state, userId }) => [
        provider,
        state.replace("_", " "),
        userId,
        when(expiresAt),
        when(refreshedAt),
        when(signInEndsAt),
        scopes.map((scope) => scope.replace(/^.*\//, "")).join(" ")
      ]
    })
  )
  yield* print({
    json: yield* Effect.orDie(encodeAccounts(accounts)),
    text: table(["PROVIDER", "STATE", "USER", "TOKEN EXPIRES", "REFRESHED", "SIGN-IN ENDS", "SCOPES"], rows)
  })
  for (const { connection, fix, missingScopes, provider } of accounts) {
    if (Option.isNone(fix)) continue
    const problem = Option.flatMap(connection, (known) => known.problem)
    const why = missingScopes.length > 0 && Option.isNone(problem)
      ? `permissions ${missingScopes.join(", ")} are missing`
      : Option.getOrElse(problem, () => "no account is connected")
    yield* say(`${providerTitle[provider]}: ${why}; run: ${fix.value}`)
  }
})

const taskRow =
  (now: DateTime.Utc) => ({ connection, enabled, lastRun, nextStart, shutUntil, task, brokenUntil }: TaskState) => {
    const until = [...Option.toArray(shutUntil), ...Option.toArray(brokenUntil)].filter(DateTime.isGreaterThan(now))
    const streams = Option.match(lastRun, {
      onNone: () => [],
      onSome: ({ syncReport }) => Object.values(syncReport.streams)
    })
    const sum = (of: (counts: (typeof streams)[number]) => number) =>
      String(streams.reduce((total, each) => total + of(each), 0))
    return [
      task,
      enabled ? "on" : "off",
      Option.match(connection, { onNone: () => "not connected", onSome: (state) => state.replace("_", " ") }),
      Option.match(lastRun, { onNone: () => "never", onSome: ({ status }) => status.replace("_", " ") }),
      orDash(Option.map(lastRun, ({ startedAt }) => fromNow(now, startedAt))),
      ...(Option.isNone(lastRun) ? ["-", "-", "-"] : [
        sum(({ created }) => created),
        sum(({ updated }) => updated),
        sum(({ deleted }) => deleted)
      ]),
      Option.match(nextStart, {
        onNone: () => Option.exists(lastRun, ({ status }) => status === "running") ? "running" : "-",
        onSome: (at) => fromNow(now, at)
      }),
      until.length === 0 ? "-" : fromNow(now, until.reduce(DateTime.max))
    ]
  }

/** `glider status`. */
export const showStatus = Effect.fnUntraced(function*(status: Status) {
  const now = yield* DateTime.now
  const headings = [
    "TASK",
    "SCHEDULE",
    "ACCOUNT",
    "LAST RUN",
    "STARTED",
    "NEW",
    "CHANGED",
    "DELETED",
    "NEXT START",
    "SHUT UNTIL"
  ]
  yield* print({
    json: yield* Effect.orDie(encodeStatus(status)),
    text: table(headings, status.tasks.map(taskRow(now)))
  })
  for (const { lastRun, task } of status.tasks) {
    const error = Option.flatMap(lastRun, (run) => run.error)
    if (Option.isSome(error)) {
      // most messages end with the command that mends them
      const told = (command: string) => error.value.message.includes(command)
      const fix = Option.match(Option.filter(error.value.fix, (command) => !told(command)), {
        onNone: () => "",
        onSome: (command) => `; run: ${command}`
      })
      yield* say(`${task}: ${error.value.message}${fix}`)
    }
  }
  if (Option.isSome(status.lastBackup)) yield* say(`last backup: ${fromNow(now, status.lastBackup.value.at)}`)
  if (Option.isSome(status.damaged)) {
    const { commands, message } = status.damaged.value
    yield* say(`The store is damaged, so that it is only read and nothing is scheduled: ${message}`)
    return yield* say(`Stop glider run, then:\n${commands.map((command) => `  ${command}`).join("\n")}`)
  }
  yield* say(status.running ? "glider run is at work." : "No glider run is at work; start one with: glider run")
})

const marks = { ok: "ok", warning: "warning", problem: "PROBLEM" } as const

/** `glider doctor`; fails when something keeps a sync from working. */
export const showChecks = Effect.fnUntraced(function*(checks: ReadonlyArray<Check>) {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const lines = checks.flatMap(({ fix, message, name, state }) => [
    `${marks[state].padEnd(7)}  ${name.padEnd(width)}  ${message}`,
    ...Option.toArray(fix).map((command) => `${" ".repeat(width + 11)}mend it: ${command}`)
  ])
  yield* print({
    json: yield* Effect.orDie(encodeChecks(checks)),
    text: lines.join("\n")
  })
  const problems = checks.filter(({ state }) => state === "problem")
  if (problems.length > 0) {
    return yield* new CommandFailed({
      message: problems.length === 1 ? "1 problem" : `${problems.length} problems`,
      exitCode: exitCodes.failed
    })
  }
})
