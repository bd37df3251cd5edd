import { DateTime, Effect, Option, Redacted, Result, Schema } from "effect"
import { Argument, CliError, Command, Flag } from "effect/cli"
import { ApiScope } from "../domain/IssuedToken.ts"
import { withClient } from "./Ask.ts"
import { print, say } from "./Print.ts"

/** An instant that lies that far ahead. */
const expires = Flag.String("expires").pipe(
  Flag.mapEffect(Effect.fnUntraced(function*(text) {
    const { parseValue } = yield* Effect.promise(() => import("../domain/RunQueryValues.ts"))
    const value = Result.getOrUndefined(parseValue("instant", `-${text}`, false))
    if (value?._tag === "Ago") return DateTime.add(yield* DateTime.now, { milliseconds: value.millis })
    return yield* new CliError.InvalidValue({
      option: "expires",
      value: text,
      expected: "a span such as 90d or 12h",
      kind: "flag"
    })
  })),
  Flag.optional,
  Flag.withMetavar("span"),
  Flag.withDescription("How long it is good, such as 90d; until it is revoked without this")
)

const create = Command.make(
  "create",
  {
    name: Flag.String("name").pipe(Flag.withDescription("What it is for, as token list will show it")),
    scope: Flag.Literals("scope", ApiScope.literals).pipe(
      Flag.atLeast(1),
      Flag.withDescription("What its bearer may do; may be given several times, and write includes read")
    ),
    expires
  },
  ({ expires, name, scope }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { NewToken } = yield* Effect.promise(() => import("../api/Messages.ts"))
      const request = yield* NewToken.makeEffect({
        name,
        scopes: scope,
        ...Option.isSome(expires) ? { expiresAt: expires.value } : {}
      }).pipe(
        Effect.mapError(() =>
          new CliError.InvalidValue({
            option: "name",
            value: name,
            expected: "1 to 100 characters, none of them a control character",
            kind: "flag"
          })
        )
      )
      const made = yield* client.tokens.create({ payload: request })
      const { IssuedToken } = yield* Effect.promise(() => import("../domain/IssuedToken.ts"))
      const secret = Redacted.value(made.secret)
      const json = yield* Effect.orDie(Schema.encodeEffect(IssuedToken)(made.token))
      yield* print({ json: { ...json, secret }, text: secret })
      yield* say(`Token ${made.token.id} is made. It is shown this once: keep it where nobody else reads it.`)
    }))
).pipe(
  Command.withDescription("Make a token for another program or another machine, and print it, once"),
  Command.withExamples([
    {
      command: "glider token create --name dashboard --scope workflow.run:read --scope system:read --expires 90d",
      description: "One that only reads, for a quarter of a year"
    }
  ])
)

const list = Command.make("list", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const tokens = yield* client.tokens.list()
    const { showTokens } = yield* Effect.promise(() => import("./ShowTokens.ts"))
    yield* showTokens(tokens)
  }))).pipe(Command.withDescription("The tokens that were made, the newest first, without what is secret about them"))

const revoke = Command.make(
  "revoke",
  { id: Argument.String("token").pipe(Argument.withDescription("The id of the token, as glider token list shows it")) },
  ({ id }) =>
    withClient(Effect.fnUntraced(function*(client) {
      yield* client.tokens.revoke({ params: { id } })
      yield* print({ json: { id, revoked: true }, text: `${id} is revoked` })
    }))
).pipe(Command.withDescription("End a token at once"))

/** `glider token`. */
export const token = Command.make("token").pipe(
  Command.withDescription("Tokens of the API, for other programs and other machines"),
  Command.withSubcommands([create, list, revoke])
)
