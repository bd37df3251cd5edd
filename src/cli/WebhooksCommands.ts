import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { DeliveryStatus } from "../domain/WebhookDelivery.ts"
import { withClient } from "./Ask.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { print } from "./Print.ts"

const name = Argument.String("webhook").pipe(
  Argument.withDescription("Its name, as glider webhooks list shows it")
)

const shown = Effect.promise(() => import("./ShowWebhooks.ts"))

const list = Command.make("list", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showWebhooks } = yield* shown
    yield* showWebhooks(yield* client.webhooks.list())
  }))).pipe(Command.withDescription("The programs elsewhere that are told what happens, and how each stands"))

const show = Command.make("show", { name }, (params) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showWebhook } = yield* shown
    yield* showWebhook(yield* client.webhooks.get({ params }))
  }))).pipe(Command.withDescription("One of them"))

const test = Command.make("test", { name }, (params) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { delivered, error, status } = yield* client.webhooks.test({ params })
    if (!delivered) {
      return yield* new CommandFailed({
        message: `${params.name} did not take it: ${Option.getOrElse(error, () => "it does not say why")}`,
        fix: "look at its address, at its log, and whether it has the same secret",
        exitCode: exitCodes.failed
      })
    }
    yield* print({
      json: { name: params.name, delivered, status: Option.getOrNull(status) },
      text: `${params.name} has taken it`
    })
  }))).pipe(Command.withDescription("Send it an event webhook.test, now and once"))

const deliveries = Command.make(
  "deliveries",
  {
    name,
    status: Flag.Literals("status", DeliveryStatus.literals).pipe(
      Flag.optional,
      Flag.withDescription("Those that wait, were taken, or have failed for good")
    ),
    limit: Flag.Int("limit").pipe(Flag.withDefault(50), Flag.withDescription("How many, at most 500")),
    after: Flag.String("after").pipe(Flag.optional, Flag.withDescription("Where the page before has ended"))
  },
  ({ after, limit, name, status }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { showDeliveries } = yield* shown
      yield* showDeliveries(
        yield* client.webhooks.deliveries({
          params: { name },
          query: {
            limit,
            ...Option.isSome(status) ? { status: status.value } : {},
            ...Option.isSome(after) ? { after: after.value } : {}
          }
        })
      )
    }))
).pipe(Command.withDescription("What it was to be told, the newest first, and what has become of it"))

const replay = Command.make(
  "replay",
  {
    name,
    events: Argument.String("event").pipe(
      Argument.atLeast(0),
      Argument.withDescription("The ids of events, as glider webhooks deliveries shows them")
    ),
    failed: Flag.Boolean("failed").pipe(
      Flag.withDefault(false),
      Flag.withDescription("All that have failed for good, in place of ids")
    )
  },
  ({ events, failed, name }) =>
    withClient(Effect.fnUntraced(function*(client) {
      if (events.length > 0 === failed) {
        return yield* new CommandFailed({
          message: failed ? "ids and --failed exclude each other" : "say which: ids of events, or --failed",
          fix: `glider webhooks deliveries ${name} --status failed`,
          exitCode: exitCodes.usage
        })
      }
      const { ReplayChoice } = yield* Effect.promise(() => import("../api/WebhookMessages.ts"))
      const payload = new ReplayChoice(failed ? { failed } : { events })
      const done = yield* client.webhooks.replay({ params: { name }, payload })
      yield* print({
        json: { name, events: done.events },
        text: `${done.events.length} ${done.events.length === 1 ? "event is" : "events are"} told again`
      })
    }))
).pipe(Command.withDescription("Tell it again, from the first try on, with the same ids"))

const enable = Command.make("enable", { name }, (params) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showWebhook } = yield* shown
    yield* showWebhook(yield* client.webhooks.enable({ params }))
  }))).pipe(Command.withDescription("Let it be told again, after it said that it is gone (410)"))

/** `glider webhooks`. */
export const webhooks = Command.make("webhooks").pipe(
  Command.withDescription("Programs elsewhere that are told what happens"),
  Command.withSubcommands([list, show, test, deliveries, replay, enable])
)
