import { Effect, Option, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { EvidenceKind } from "../domain/Evidence.ts"
import { withClient } from "./Ask.ts"
import { instantFlag } from "./InstantFlag.ts"

const shown = Effect.promise(() => import("./ShowRetention.ts"))

const kind = Argument.Literals("kind", EvidenceKind.literals).pipe(Argument.withDescription("What is meant"))

const subject = Argument.String("subject").pipe(
  Argument.withDescription("Its id, as the lists and the audit show it, or \"*\" for all of the kind")
)

const run = Command.make("run", {
  dryRun: Flag.Boolean("dry-run").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Only count what would be removed")
  ),
  kinds: Flag.Literals("kind", EvidenceKind.literals).pipe(
    Flag.atLeast(0),
    Flag.withDescription("Only of this kind; may be given several times")
  ),
  limit: Flag.Int("limit").pipe(
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000 }))),
    Flag.withDefault(500),
    Flag.withDescription("How many of each kind are removed at most, 1 to 10000")
  )
}, ({ dryRun, kinds, limit }) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { RetentionOrder } = yield* Effect.promise(() => import("../api/RetentionMessages.ts"))
    const payload = new RetentionOrder({ dry_run: dryRun, limit, ...kinds.length === 0 ? {} : { kinds } })
    const { showRetention } = yield* shown
    yield* showRetention(yield* client.retention.run({ payload }))
  }))).pipe(Command.withDescription("Remove what is too old to be kept, but for what is held"))

const add = Command.make("add", {
  kind,
  subject,
  reason: Flag.String("reason").pipe(Flag.withDescription("Why it is held")),
  until: instantFlag("until", "Until when, such as 2027-06-30 or 90d; for good without it", "ahead"),
  immutable: Flag.Boolean("immutable").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Nobody can end it before --until")
  )
}, ({ immutable, kind, reason, subject, until }) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { HoldOrder } = yield* Effect.promise(() => import("../api/RetentionMessages.ts"))
    const payload = new HoldOrder({
      kind,
      subject,
      reason,
      immutable,
      ...Option.isSome(until) ? { until: until.value } : {}
    })
    const { showHeld } = yield* shown
    yield* showHeld(yield* client.retention.hold({ payload }), "is held")
  }))).pipe(Command.withDescription("Keep something, however old it is"))

const remove = Command.make("remove", { kind, subject }, (query) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showHeld } = yield* shown
    yield* showHeld(yield* client.retention.release({ query }), "is held no more")
  }))).pipe(Command.withDescription("End a hold"))

const list = Command.make("list", {
  limit: Flag.Int("limit").pipe(Flag.withDefault(50), Flag.withDescription("How many at most, 1 to 500"))
}, (query) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showHolds } = yield* shown
    yield* showHolds(yield* client.retention.holds({ query }))
  }))).pipe(Command.withDescription("What is held, by kind"))

const hold = Command.make("hold").pipe(
  Command.withDescription("What is kept however old it is"),
  Command.withSubcommands([add, remove, list])
)

const audit = Command.make("audit", {
  limit: Flag.Int("limit").pipe(Flag.withDefault(20), Flag.withDescription("How many at most, 1 to 500")),
  after: Flag.String("after").pipe(Flag.optional, Flag.withDescription("Where the page before has ended"))
}, ({ after, limit }) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showAudit } = yield* shown
    yield* showAudit(
      yield* client.retention.audit({ query: { limit, ...Option.isSome(after) ? { after: after.value } : {} } })
    )
  }))).pipe(Command.withDescription("What was removed for its age, the newest first"))

/** `glider retention`. */
export const retention = Command.make("retention").pipe(
  Command.withDescription("What is kept for a while, and what you want kept longer"),
  Command.withSubcommands([run, hold, audit])
)
