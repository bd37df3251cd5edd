import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { withClient } from "./Ask.ts"

const run = { id: Argument.String("run").pipe(Argument.withDescription("The run, as glider review list shows it")) }

const list = Command.make("list", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showReviews } = yield* Effect.promise(() => import("./ShowReviews.ts"))
    yield* showReviews(yield* client.reviews.list())
  }))).pipe(Command.withDescription("The songs that wait, with what was found for each"))

const approve = Command.make("approve", run, (params) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showReviewed } = yield* Effect.promise(() => import("./ShowReviews.ts"))
    yield* showReviewed(yield* client.reviews.approve({ params }))
  }))).pipe(Command.withDescription("What was found is the song: it is added"))

const reject = Command.make("reject", run, (params) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showReviewed } = yield* Effect.promise(() => import("./ShowReviews.ts"))
    yield* showReviewed(yield* client.reviews.reject({ params }))
  }))).pipe(Command.withDescription("What was found is another song: nothing is added"))

/** `glider review`. */
export const review = Command.make("review").pipe(
  Command.withDescription("Songs that wait for you to say whether what was found is the right one"),
  Command.withSubcommands([list, approve, reject])
)
