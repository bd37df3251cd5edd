/** Gaps, circuit breakers, backups and the disk. */
import { DateTime, Effect, Option } from "effect"
import { LastBackup } from "../backup/Backups.ts"
import { LatestConfig } from "../Config.ts"
import { DataFolder } from "../config/Places.ts"
import type { Cause } from "../domain/Alert.ts"
import type { Breaker } from "../domain/Breaker.ts"
import { durationText } from "../domain/DurationText.ts"
import { providerTitle } from "../domain/Provider.ts"
import { CircuitBreakers } from "../services/CircuitBreakers.ts"
import { DiskSpace } from "../services/DiskSpace.ts"
import { ImportCoverage } from "../store/ImportCoverage.ts"
import { Runs } from "../store/Runs.ts"
import { type FoundGap, SyncGaps } from "../store/SyncGaps.ts"
import { oldAfter } from "./BackupAge.ts"
import type { Rule, Seen } from "./Rule.ts"

/** For so many days a gap is news. */
const newsDays = 7

const gapCause = ({ connection, from, reason, stream, to }: FoundGap): Cause => ({
  rule: "gap",
  key: `gap/${connection}/${stream}/${from.epochMilliseconds}`,
  severity: "warning",
  title: `A gap in ${stream}`,
  message: `Nothing is known from ${DateTime.formatIso(from)} to ${DateTime.formatIso(to)}: ${reason}.`,
  fix: "import the provider's export (docs/imports.md); a shorter interval_seconds keeps it from coming again"
})

const gapRule = Effect.gen(function*() {
  const coverage = yield* ImportCoverage
  const gaps = yield* SyncGaps
  const isOpenGap = Effect.fnUntraced(function*({ connection, from, stream, to }: FoundGap) {
    const covered = yield* coverage.of(stream, connection)
    return !covered.some((one) => one.from <= from.epochMilliseconds && one.to >= to.epochMilliseconds)
  })
  const causes = Effect.fnUntraced(function*({ now }: Seen) {
    const found = yield* gaps.foundSince(DateTime.subtract(now, { days: newsDays }))
    return (yield* Effect.filter(found, isOpenGap)).map(gapCause)
  })
  return { rule: "gap", causes } satisfies Rule
})

const breakerCause = ({ failures, name, openedAt, state }: Breaker): ReadonlyArray<Cause> => {
  if (state === "closed") return []
  const title = name === "ai" ? "The language model" : providerTitle[name]
  const since = Option.match(openedAt, { onNone: () => "", onSome: (at) => ` since ${DateTime.formatIso(at)}` })
  return [{
    rule: "breaker_open",
    key: `breaker_open/${name}`,
    severity: "warning",
    title: `${title} is left alone`,
    message: `${failures} calls in a row have failed, so it is asked for nothing but a trial a minute${since}.`,
    fix: `nothing: it tries again by itself; sooner with: glider breakers reset ${name}`
  }]
}

const breakerRule = Effect.map(CircuitBreakers, ({ all }): Rule => ({
  rule: "breaker_open",
  causes: () => Effect.map(all, (breakers) => breakers.flatMap(breakerCause))
}))

const backupRule = Effect.gen(function*() {
  const config = yield* LatestConfig
  const last = yield* LastBackup
  const runs = yield* Runs
  const startedAt = yield* DateTime.now

  const failed = Effect.map(runs.newest(["backup"]), ([run]): ReadonlyArray<Cause> => {
    if (run?.status !== "failed") return []
    return [{
      rule: "backup",
      key: "backup/failed",
      severity: "critical",
      title: "The last backup failed",
      message: Option.match(run.error, { onNone: () => `The run ${run.id} failed.`, onSome: ({ message }) => message }),
      fix: `glider runs show ${run.id}; then: glider db backup`
    }]
  })

  const old = Effect.fnUntraced(function*({ now }: Seen): Effect.fn.Return<ReadonlyArray<Cause>> {
    const current = yield* config.get
    if (current.backup?.enabled !== true || Option.isNone(last)) return []
    const newest = yield* last.value
    const most = oldAfter(current, now)
    const since = Option.match(newest, { onNone: () => startedAt, onSome: ({ at }) => at })
    if (now.epochMilliseconds - since.epochMilliseconds <= most) return []
    return [{
      rule: "backup",
      key: "backup/old",
      severity: "warning",
      title: "There is no recent backup",
      message: Option.match(newest, {
        onNone: () => "None was ever made in the folder of [backup].",
        onSome: ({ at }) => `The newest one is of ${DateTime.formatIso(at)}, older than ${durationText(most)}.`
      }),
      fix: "glider db backup; why none was made by itself: glider runs list --workflow backup"
    }]
  })

  return {
    rule: "backup",
    causes: (seen) => Effect.zipWith(failed, old(seen), (one, other) => [...one, ...other])
  } satisfies Rule
})

/** Bytes below which a disk is almost full, and below which nothing can be written any moment. */
const low = 1e9
const empty = 2e8

const diskRule = Effect.gen(function*() {
  const freeOf = yield* DiskSpace
  const { path } = yield* DataFolder
  const causes = () =>
    Effect.map(freeOf(path), (free): ReadonlyArray<Cause> => {
      if (free === undefined || free >= low) return []
      return [{
        rule: "disk_low",
        key: "disk_low",
        severity: free < empty ? "critical" : "warning",
        title: "The disk of the store is almost full",
        message: `Less than ${free < empty ? "200 MB" : "1 GB"} is free where ${path} is.`,
        fix: "free space there, or keep fewer backups: [backup] keep"
      }]
    })
  return { rule: "disk_low", causes } satisfies Rule
})

export const upkeepRules = Effect.all([gapRule, breakerRule, backupRule, diskRule])
