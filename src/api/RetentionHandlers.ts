import { DateTime, Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { everySubject, LegalHold } from "../domain/Evidence.ts"
import { EvidenceRetention } from "../retention/EvidenceRetention.ts"
import { LegalHolds } from "../store/LegalHolds.ts"
import { RetentionAudit } from "../store/RetentionAudit.ts"
import { Api } from "./Api.ts"
import { InvalidRequest, NotFound, RunConflict } from "./Problems.ts"
import { RetentionAuditPage, RetentionDone } from "./RetentionMessages.ts"
import { storeFailed } from "./Translate.ts"

/** How many are listed when nobody says. */
const defaultListed = 50

/** How many of each kind are removed when nobody says. */
const defaultLimit = 500

const refused = (pointer: string, message: string): InvalidRequest =>
  new InvalidRequest({ detail: message, details: [{ pointer, message }] })

const fixedUntil = ({ kind, subject, until }: LegalHold): RunConflict => {
  const end = Option.match(until, { onNone: () => "for good", onSome: (at) => `until ${DateTime.formatIso(at)}` })
  return new RunConflict({ detail: `${kind} ${subject} is held by a hold that nobody can change, ${end}.` })
}

export const retentionHandlers = HttpApiBuilder.group(
  Api,
  "retention",
  Effect.fn(function*(handlers) {
    const audit = yield* RetentionAudit
    const holds = yield* LegalHolds
    const retention = yield* EvidenceRetention

    const found = (kind: LegalHold["kind"], subject: string) =>
      Effect.flatMap(Effect.mapError(holds.get(kind, subject), storeFailed), (hold) =>
        Option.isSome(hold)
          ? Effect.succeed(hold.value)
          : Effect.fail(new NotFound({ detail: `${kind} ${subject} is not held.`, fix: "glider retention hold list" })))

    return handlers.handleAll({
      run: ({ payload: { dry_run = false, kinds, limit = defaultLimit } }) =>
        Effect.mapBoth(retention.run({ dryRun: dry_run, limit, kinds }), {
          onFailure: storeFailed,
          onSuccess: (done) => new RetentionDone({ dry_run, kinds: done })
        }),
      holds: ({ query: { after_kind, after_subject = "", limit = defaultListed } }) =>
        Effect.mapError(
          holds.list(Option.map(Option.fromUndefinedOr(after_kind), (kind) => [kind, after_subject]), limit),
          storeFailed
        ),
      hold: Effect.fnUntraced(function*({ payload: { immutable = false, kind, reason, subject, until } }) {
        const since = yield* DateTime.now
        if (immutable && until === undefined) {
          return yield* refused("/payload/until", "A hold that nobody can end needs an end.")
        }
        if (until !== undefined && DateTime.isLessThanOrEqualTo(until, since)) {
          return yield* refused("/payload/until", "That is over already.")
        }
        const hold = new LegalHold({ kind, subject, reason, since, until: Option.fromUndefinedOr(until), immutable })
        if (!(yield* Effect.mapError(holds.add(hold), storeFailed))) {
          return yield* fixedUntil(yield* found(kind, subject))
        }
        // asked after it is held: whatever is there now stays there
        const isThere = subject === everySubject ||
          (yield* Effect.mapError(retention.isThere(kind, subject), storeFailed))
        if (isThere) return hold
        yield* Effect.mapError(holds.remove(kind, subject, since), storeFailed)
        return yield* new NotFound({ detail: `There is no ${kind} ${subject}.` })
      }),
      release: Effect.fnUntraced(function*({ query: { kind, subject } }) {
        const hold = yield* found(kind, subject)
        const now = yield* DateTime.now
        if (yield* Effect.mapError(holds.remove(kind, subject, now), storeFailed)) return hold
        return yield* fixedUntil(hold)
      }),
      audit: ({ query: { after, limit = defaultListed } }) =>
        Effect.mapBoth(audit.list(Option.fromUndefinedOr(after), limit), {
          onFailure: storeFailed,
          onSuccess: (page) => new RetentionAuditPage(page)
        })
    })
  })
)
