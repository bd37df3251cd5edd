import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { AffinityKind, AffinityPriority } from "../domain/Affinity.ts"
import { withClient } from "./Ask.ts"

const shown = Effect.promise(() => import("./ShowAffinity.ts"))

const kind = Argument.Literals("kind", AffinityKind.literals).pipe(Argument.withDescription("Of what"))

const list = Command.make("list", {
  kind,
  archived: Flag.Boolean("archived").pipe(
    Flag.withDefault(false),
    Flag.withDescription("Those that were not met for long, in place of the others")
  ),
  limit: Flag.Int("limit").pipe(Flag.withDefault(20), Flag.withDescription("How many at most, 1 to 500")),
  after: Flag.String("after").pipe(Flag.optional, Flag.withDescription("Where the page before has ended"))
}, ({ after, archived, kind, limit }) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showAffinities } = yield* shown
    yield* showAffinities(
      yield* client.affinity.list({
        query: {
          kind,
          limit,
          archived: archived ? "true" : "false",
          ...Option.isSome(after) ? { after: after.value } : {}
        }
      })
    )
  }))).pipe(Command.withDescription("What is near, the nearest first"))

const priority = Command.make("priority", {
  kind,
  key: Argument.String("key").pipe(Argument.withDescription("Its key, as glider affinity list shows it")),
  priority: Argument.Literals("priority", AffinityPriority.literals).pipe(
    Argument.withDescription("How much it matters: the less, the faster it is forgotten")
  )
}, (order) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { PriorityOrder } = yield* Effect.promise(() => import("../api/AffinityMessages.ts"))
    const { showPreferred } = yield* shown
    yield* showPreferred(yield* client.affinity.prefer({ payload: new PriorityOrder(order) }))
  }))).pipe(Command.withDescription("Say how much something matters"))

const decay = Command.make("decay", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showDecayed } = yield* shown
    yield* showDecayed(yield* client.affinity.decay())
  }))).pipe(Command.withDescription("Look at all that was met, and make every score anew"))

/** `glider affinity`. */
export const affinity = Command.make("affinity").pipe(
  Command.withDescription("Tracks, artists, places and people, by how near they are to you"),
  Command.withSubcommands([list, priority, decay])
)
