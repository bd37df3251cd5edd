import { type DateTime, Effect, Option, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import type { LetterQuery } from "../api/RunMessages.ts"
import { DeadLetterKind } from "../domain/DeadLetter.ts"
import { withClient } from "./Ask.ts"
import { CommandFailed, exitCodes } from "./Failure.ts"
import { instantFlag } from "./InstantFlag.ts"
import { jsonFlag } from "./JsonFlag.ts"

const ids = Argument.String("letter").pipe(
  Argument.atLeast(0),
  Argument.withDescription("Ids of dead letters, as glider dlq list shows them")
)

const text = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.optional, Flag.withDescription(description))

const filters = {
  kind: Flag.Literals("kind", DeadLetterKind.literals).pipe(
    Flag.optional,
    Flag.withDescription(
      "Failed runs, records that could not be read, events that a webhook was not told of, or failed jobs"
    )
  ),
  from: text("from", "The workflow of a run, the stream of a record, the webhook of a delivery, or the type of a job"),
  error: text("error", "The tag of the error"),
  text: text("text", "A part of the id, of the message or of the record"),
  olderThan: instantFlag("older-than", "Failed before this: 2026-11-24T09:00:00Z, or 7d ago"),
  newerThan: instantFlag("newer-than", "Failed after this")
}

interface Filters {
  readonly kind: Option.Option<DeadLetterKind>
  readonly from: Option.Option<string>
  readonly error: Option.Option<string>
  readonly text: Option.Option<string>
  readonly olderThan: Option.Option<DateTime.Utc>
  readonly newerThan: Option.Option<DateTime.Utc>
}

type Query = NonNullable<ConstructorParameters<typeof LetterQuery>[0]>

const queryOf = ({ error, from, kind, newerThan, olderThan, text }: Filters): Query => ({
  ...Option.isSome(kind) ? { kind: kind.value } : {},
  ...Option.isSome(from) ? { from: from.value } : {},
  ...Option.isSome(error) ? { error: error.value } : {},
  ...Option.isSome(text) ? { text: text.value } : {},
  ...Option.isSome(olderThan) ? { olderThan: olderThan.value } : {},
  ...Option.isSome(newerThan) ? { newerThan: newerThan.value } : {}
})

const list = Command.make(
  "list",
  {
    ...filters,
    limit: Flag.Int("limit").pipe(
      Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 500 }))),
      Flag.withDefault(50),
      Flag.withDescription("How many at most, 1 to 500")
    ),
    after: text("after", "The next page, as the one before has told")
  },
  ({ after, limit, ...asked }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { showLetters } = yield* Effect.promise(() => import("./ShowLetters.ts"))
      yield* showLetters(
        yield* client.deadLetters.list({
          query: { ...queryOf(asked), limit, ...Option.isSome(after) ? { after: after.value } : {} }
        })
      )
    }))
).pipe(Command.withDescription("What failed for good and waits for you, newest first"))

const show = Command.make(
  "show",
  { id: Argument.String("letter").pipe(Argument.withDescription("The id of the dead letter")) },
  ({ id }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { showLetter } = yield* Effect.promise(() => import("./ShowLetters.ts"))
      const letter = yield* client.deadLetters.get({ params: { id } })
      const input = letter._tag === "Run"
        ? yield* client.runs.history({ params: { id: letter.run } }).pipe(
          Effect.map(({ events }) => Option.flatMap(Option.fromUndefinedOr(events[0]), ({ value }) => value)),
          Effect.catchTag("NotFound", () => Effect.succeedNone)
        )
        : Option.none()
      yield* showLetter(letter, input)
    }))
).pipe(Command.withDescription("A dead letter with its input, its error and what caused it"))

const choice = {
  ids,
  ...filters,
  all: Flag.Boolean("all").pipe(
    Flag.withDefault(false),
    Flag.withDescription("All that the filters mean, in place of ids; see them first with --dry-run")
  ),
  dryRun: Flag.Boolean("dry-run").pipe(Flag.withDefault(false), Flag.withDescription("Only say which ones it would be"))
}

/** Either ids or `--all`, and never nothing. */
const chosen = Effect.fnUntraced(function*(
  { all, dryRun, ids, ...asked }: Filters & {
    readonly ids: ReadonlyArray<string>
    readonly all: boolean
    readonly dryRun: boolean
  }
) {
  const { LetterChoice, LetterQuery } = yield* Effect.promise(() => import("../api/RunMessages.ts"))
  if (ids.length > 0 === all) {
    return yield* new CommandFailed({
      message: all ? "ids and --all exclude each other" : "say which: ids of dead letters, or --all with filters",
      fix: "glider dlq list",
      exitCode: exitCodes.usage
    })
  }
  return new LetterChoice({ preview: dryRun, ...all ? { all: new LetterQuery(queryOf(asked)) } : { ids } })
})

const retry = Command.make(
  "retry",
  { ...choice, input: jsonFlag("input", "Another input, for the retry of one run") },
  ({ input, ...asked }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { showDone } = yield* Effect.promise(() => import("./ShowLetters.ts"))
      const { LetterChoice } = yield* Effect.promise(() => import("../api/RunMessages.ts"))
      const meant = yield* chosen(asked)
      const payload = Option.isSome(input) ? new LetterChoice({ ...meant, input: input.value }) : meant
      yield* showDone(yield* client.deadLetters.retry({ payload }), "retried")
    }))
).pipe(
  Command.withDescription(
    "Start dead runs and jobs again, linked to the first; let records be read, and webhooks be told again"
  ),
  Command.withExamples([
    {
      command: "glider dlq retry --all --from order --error Unavailable --dry-run",
      description: "What would be retried"
    },
    { command: "glider dlq retry run:4f0c…", description: "One of them" }
  ])
)

const drop = Command.make("drop", choice, (asked) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showDone } = yield* Effect.promise(() => import("./ShowLetters.ts"))
    yield* showDone(yield* client.deadLetters.drop({ payload: yield* chosen(asked) }), "dropped")
  }))).pipe(
    Command.withDescription("Take letters out of the queue; the runs stay in the history"),
    Command.withExamples([
      { command: "glider dlq drop --all --older-than 30d --dry-run", description: "What would go" }
    ])
  )

/** `glider dlq`. */
export const dlq = Command.make("dlq").pipe(
  Command.withDescription("The dead letter queue: what failed for good and waits for a person"),
  Command.withSubcommands([list, show, retry, drop])
)
