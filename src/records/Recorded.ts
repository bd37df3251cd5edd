import { Context, DateTime, Effect, Layer, Option } from "effect"
import type { Task } from "../Config.ts"
import type { Connection } from "../domain/Connection.ts"
import { type DayRange, spanOf } from "../domain/DayRange.ts"
import { providerTitle } from "../domain/Provider.ts"
import { kindProvider, RecordKind } from "../domain/RecordKind.ts"
import { type Missing, missing, type Reach, reached, without } from "../domain/Unrecorded.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { Connections } from "../store/Connections.ts"
import { eventsTable } from "../store/GoogleEvents.ts"
import { ImportCoverage } from "../store/ImportCoverage.ts"
import { ouraTable } from "../store/OuraRecords.ts"
import { playsTable } from "../store/Plays.ts"
import { SyncGaps } from "../store/SyncGaps.ts"
import { Owner } from "./Owner.ts"
import { patience } from "./Patience.ts"
import { bodyTypes, Reaches } from "./Reaches.ts"

/** A stretch of time of which the records of a kind may be incomplete, and why. */
export interface Unrecorded {
  readonly kind: RecordKind
  readonly from: DateTime.Utc
  readonly to: DateTime.Utc
  readonly why: Missing["why"] | "lost"
  /** A sentence, with what there is to do. */
  readonly detail: string
}

/** How far the records of a kind go. */
export interface Coverage {
  readonly kind: RecordKind
  readonly since: Option.Option<DateTime.Utc>
  readonly until: Option.Option<DateTime.Utc>
}

/** What the records do not say, since nothing was recorded: a gap is no quiet day. */
export class Recorded extends Context.Service<Recorded, {
  /** For the tasks in force; the stretches are cut to the days of the owner and to now. */
  readonly between: (range: DayRange, tasks: ReadonlyArray<Task>) => Effect.Effect<
    { readonly coverage: ReadonlyArray<Coverage>; readonly unrecorded: ReadonlyArray<Unrecorded> },
    SurrealError
  >
}>()("glider/records/Recorded") {
  static readonly layer = Layer.effect(
    Recorded,
    Effect.gen(function*() {
      const connections = yield* Connections
      const gaps = yield* SyncGaps
      const imports = yield* ImportCoverage
      const owner = yield* Owner
      const reaches = yield* Reaches

      const ofKind = Effect.fnUntraced(
        function*(kind: RecordKind, range: DayRange, now: DateTime.Utc, tasks: ReadonlyArray<Task>) {
          const rows = yield* connections.ofProvider(kindProvider[kind])
          const accounts = rows.map(({ connection }) => connection)
          const of = yield* Effect.forEach(accounts, (account) => reaches.of(account, kind, tasks))
          const span = spanOf(range, owner.zone)
          const lost = yield* Effect.forEach(streams[kind], (stream) => gaps.between(stream, span))
          // where an import tells of all there was, nothing is missing, whatever the provider was asked
          const covered = (yield* Effect.forEach(
            streams[kind],
            (stream) => Effect.forEach(accounts, ({ id }) => imports.of(stream, id))
          )).flat(2)
          const { since, until } = reached(of)
          const found: ReadonlyArray<Unrecorded> = [
            ...missing(of, now.epochMilliseconds, patience(tasks, kind, until ?? now.epochMilliseconds)).flatMap(
              (stretch) => without(stretch, covered)
            ).map(
              ({ from, to, why }): Unrecorded => ({
                kind,
                from: DateTime.max(span.from, instant(from, span.from)),
                to: DateTime.min(instant(to, span.to), span.to),
                why,
                detail: detailOf(kind, why, accounts, of)
              })
            ),
            ...lost.flat().flatMap(({ from, reason, to }) =>
              without({ from: from.epochMilliseconds, to: to.epochMilliseconds, reason }, covered)
            ).map(({ from, reason, to }): Unrecorded => ({
              kind,
              from: DateTime.max(span.from, DateTime.makeUnsafe(from)),
              to: DateTime.min(DateTime.min(DateTime.makeUnsafe(to), span.to), now),
              why: "lost",
              detail: reason
            }))
          ]
          return {
            coverage: {
              kind,
              since: instantOf(least([since, ...covered.map(({ from }) => from)])),
              until: instantOf(until)
            },
            unrecorded: found.filter(({ from, to }) => from.epochMilliseconds < to.epochMilliseconds)
          }
        }
      )

      const between = Effect.fn("Recorded.between")(function*(range: DayRange, tasks: ReadonlyArray<Task>) {
        const { now } = yield* owner.now
        const kinds = yield* Effect.forEach(RecordKind.literals, (kind) => ofKind(kind, range, now, tasks))
        return {
          coverage: kinds.map(({ coverage }) => coverage),
          unrecorded: kinds.flatMap(({ unrecorded }) => unrecorded).toSorted((one, other) =>
            one.from.epochMilliseconds - other.from.epochMilliseconds
          )
        }
      })
      return Recorded.of({ between })
    })
  )
}

/** The streams of `sync_gap` that a kind is of. */
const streams: { readonly [K in RecordKind]: ReadonlyArray<string> } = {
  calendar: [eventsTable],
  listening: [playsTable],
  heart_rate: [ouraTable("heartrate")],
  body: bodyTypes.map(ouraTable)
}

const least = (instants: ReadonlyArray<number | undefined>): number | undefined =>
  instants.reduce((least, at) => least === undefined || (at !== undefined && at < least) ? at : least, undefined)

const instant = (millis: number, otherwise: DateTime.Utc): DateTime.Utc =>
  Number.isFinite(millis) ? DateTime.makeUnsafe(millis) : otherwise

const instantOf = (millis: number | undefined): Option.Option<DateTime.Utc> =>
  Option.map(Option.fromUndefinedOr(millis), (millis) => DateTime.makeUnsafe(millis))

const detailOf = (
  kind: RecordKind,
  why: Missing["why"],
  accounts: ReadonlyArray<Connection>,
  of: ReadonlyArray<Reach>
): string => {
  const provider = kindProvider[kind]
  const title = providerTitle[provider]
  const signIn = `sign in with: glider auth ${provider}`
  switch (why) {
    case "before_first":
      return `${title} was not asked for anything before this.`
    case "not_connected":
      return accounts.length === 0
        ? `There is no account at ${title}; ${signIn}`
        : `No account at ${title} was signed in; ${signIn}`
    case "behind": {
      const ended = lastOf(of)
      return accounts.some(({ state }) => state === "needs_auth")
        ? `${ended}; the account at ${title} needs a new sign-in since then: glider auth ${provider}`
        : `${ended}, although the account at ${title} is signed in; see: glider doctor`
    }
  }
}

/** How far the accounts that are signed in are; what was never read is named, where the rest was. */
const lastOf = (of: ReadonlyArray<Reach>): string => {
  const active = of.filter(({ revoked }) => !revoked)
  const lacking = active.flatMap(({ lacking, until }) => until === undefined ? [] : lacking)
  if (lacking.length > 0) return `No sync of ${[...new Set(lacking)].join(", ")} has come to its end yet`
  return Option.match(instantOf(reached(of).until), {
    onNone: () => "No sync has come to its end yet",
    onSome: (at) => `The last sync that came to its end was at ${DateTime.formatIso(at)}`
  })
}
