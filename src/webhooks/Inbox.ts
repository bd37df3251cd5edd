import { Clock, Context, DateTime, Duration, Effect, Layer, Option, Redacted, Schema, Semaphore } from "effect"
import { createHash } from "node:crypto"
import { LatestConfig, type Task } from "../Config.ts"
import type { InboxSource } from "../config/WebhookKeys.ts"
import { RunControl } from "../engine/RunControl.ts"
import { RunOptions } from "../engine/RunOptions.ts"
import * as Series from "../Series.ts"
import { CrashPoint } from "../services/CrashPoint.ts"
import { Secrets } from "../services/Secrets.ts"
import { Surreal } from "../services/Surreal.ts"
import { SurrealError } from "../services/SurrealError.ts"
import { messageJoined, messageTaken, WebhookInbox } from "../store/WebhookInbox.ts"
import { inputOf } from "../syncs/SyncInput.ts"
import { type Message, messageId, type MessageRefused, ownToken } from "./InboxSignature.ts"
import { isSame } from "./Signature.ts"
import type { WebhookSecretError } from "./WebhookKeys.ts"

/** A name that no source of messages bears. */
export class UnknownSource extends Schema.TaggedError<UnknownSource>()("UnknownSource", { source: Schema.String }) {
  override get message(): string {
    return `There is no inbox ${this.source}.`
  }
}

/** What has become of a message. */
export interface Received {
  readonly id: string
  /** Whether it was taken before. */
  readonly isDuplicate: boolean
  /** The run that it has started, or that was at work when it came. */
  readonly run: string
}

const messages = Series.counter("glider_webhook_inbox_total", {
  description: "Messages that came in: accepted, duplicate, or refused for want of a good signature",
  labels: ["source", "outcome"],
  limit: 48
})

const isSurrealError = Schema.is(SurrealError)

/** Derived from the message, so that the same message is the same run, whoever takes it. */
const runOf = (task: string, source: string, id: string): string =>
  `${task}-inbox-${createHash("sha256").update(`${source}\n${id}`).digest("hex").slice(0, 24)}`

/** Takes what others tell: each message once, with the run that it starts in one transaction. */
export class Inbox extends Context.Service<Inbox, {
  /** Checks who sent it, and starts the task of the source as it is configured now. */
  readonly receive: (
    source: string,
    message: Message,
    tasks: ReadonlyArray<Task>
  ) => Effect.Effect<Received, UnknownSource | MessageRefused | WebhookSecretError | SurrealError>
  /** Answers Oura, which asks whether an address is ours before it sends anything there; none when it does not know our token. */
  readonly challenge: (
    source: string,
    token: string,
    challenge: string
  ) => Effect.Effect<Option.Option<string>, UnknownSource | WebhookSecretError>
}>()("glider/webhooks/Inbox") {
  static readonly layer = Layer.effect(
    Inbox,
    Effect.gen(function*() {
      const config = yield* LatestConfig
      const control = yield* RunControl
      const crashPoint = yield* CrashPoint
      const inbox = yield* WebhookInbox
      const secrets = yield* Secrets
      const surreal = yield* Surreal
      /** Whether a task is at work is asked by one message after the other. */
      const alone = yield* Semaphore.make(1)

      const named = (source: string, kind?: InboxSource["kind"]) => {
        const found = (config.now().inbox ?? []).find(({ enabled, name }) => enabled && name === source)
        return found === undefined || (kind !== undefined && found.kind !== kind)
          ? Effect.fail(new UnknownSource({ source }))
          : Effect.succeed(found)
      }

      const taskOf = (tasks: ReadonlyArray<Task>, { name, task }: InboxSource) => {
        const found = tasks.find((one) => one.name === task)
        return found === undefined ? Effect.fail(new UnknownSource({ source: name })) : Effect.succeed(found)
      }

      const start = Effect.fnUntraced(function*(source: InboxSource, task: Task, id: string) {
        const at = yield* DateTime.now
        const key = { source: source.name, message: id }
        // a run that the last process left behind is this task's run
        yield* control.recovered(task.name)
        const atWork = control.atWork(task.name)
        if (Option.isSome(atWork)) {
          yield* surreal.transaction([messageJoined(key, atWork.value.id, at)])
          yield* Effect.logInfo(`${task.name} is skipped: overlap with the run ${atWork.value.id}`)
          return atWork.value.id
        }
        const run = runOf(task.name, source.name, id)
        yield* crashPoint("inbox.before")
        yield* control.start(
          task.name,
          { run, input: inputOf(task, undefined), timeoutMillis: Duration.toMillis(task.timeout) },
          Option.some(run)
        ).pipe(
          Effect.provideService(RunOptions, {
            ...RunOptions.defaultValue(),
            trigger: "webhook",
            writes: [messageTaken(key, run, at)]
          }),
          Effect.catchTags({ InvalidInput: Effect.die, UnknownWorkflow: Effect.die }),
          Effect.catchDefect((defect) => isSurrealError(defect) ? Effect.fail(defect) : Effect.die(defect))
        )
        yield* crashPoint("inbox.taken")
        return run
      })

      const receive = Effect.fn("Inbox.receive")(
        function*(name: string, message: Message, tasks: ReadonlyArray<Task>) {
          const source = yield* named(name)
          const task = yield* taskOf(tasks, source)
          const id = yield* messageId(secrets, source, message, yield* Clock.currentTimeMillis).pipe(
            Effect.tapErrorTag("MessageRefused", ({ why }) => messages.update({ source: name, outcome: why }, 1))
          )
          const taken = Effect.gen(function*() {
            const before = yield* inbox.find({ source: name, message: id })
            const run = Option.isSome(before) ? before.value.run : yield* start(source, task, id)
            return { run, isDuplicate: Option.isSome(before) }
          })
          const { isDuplicate, run } = yield* alone.withPermits(1)(taken)
          yield* messages.update({ source: name, outcome: isDuplicate ? "duplicate" : "accepted" }, 1)
          return { id, isDuplicate, run }
        },
        Effect.uninterruptible
      )

      const challenge = Effect.fn("Inbox.challenge")(function*(name: string, token: string, challenge: string) {
        yield* named(name, "oura")
        const own = yield* ownToken(secrets, name)
        return isSame(Buffer.from(token), Buffer.from(Redacted.value(own))) ? Option.some(challenge) : Option.none()
      })

      return Inbox.of({ receive, challenge })
    })
  )
}
