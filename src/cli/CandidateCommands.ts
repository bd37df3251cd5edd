import { Effect, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { withClient } from "./Ask.ts"

const params = { id: Argument.String("candidate").pipe(Argument.withDescription("As glider candidates list shows it")) }

const list = Command.make(
  "list",
  {
    state: Flag.Literals("state", ["open", "approved", "rejected"]).pipe(
      Flag.withDefault("open"),
      Flag.withDescription("Those that wait, or those that were answered")
    ),
    limit: Flag.Int("limit").pipe(
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 500 }))),
      Flag.withDefault(20),
      Flag.withDescription("How many at most, 1 to 500")
    )
  },
  (query) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { showCandidates } = yield* Effect.promise(() => import("./ShowImports.ts"))
      yield* showCandidates(yield* client.candidates.list({ query }))
    }))
).pipe(Command.withDescription("Imported streams that may be plays which are there already"))

const show = Command.make("show", params, (params) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showCandidate } = yield* Effect.promise(() => import("./ShowImports.ts"))
    yield* showCandidate(yield* client.candidates.get({ params }))
  }))).pipe(Command.withDescription("Both sides as they were sent"))

const approve = Command.make("approve", params, (params) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showAnswered } = yield* Effect.promise(() => import("./ShowImports.ts"))
    yield* showAnswered(yield* client.candidates.approve({ params }))
  }))).pipe(Command.withDescription("They are the same listening: it is counted once"))

const reject = Command.make("reject", params, (params) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showAnswered } = yield* Effect.promise(() => import("./ShowImports.ts"))
    yield* showAnswered(yield* client.candidates.reject({ params }))
  }))).pipe(Command.withDescription("They are two listenings: both are counted"))

/** `glider candidates`. */
export const candidates = Command.make("candidates").pipe(
  Command.withDescription("Imported streams that wait for you to say whether they are plays which are there already"),
  Command.withSubcommands([list, show, approve, reject])
)
