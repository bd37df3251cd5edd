/** Whether a message that says that there is something new comes from whom it should, and what its id is. */
import { Effect, Option, Redacted, Schema } from "effect"
import { createHash, createHmac } from "node:crypto"
import { type InboxSource, inboxVariables } from "../config/WebhookKeys.ts"
import type { Secrets } from "../services/Secrets.ts"
import { isFresh, isSame, type Refusal, refusalOf } from "./Signature.ts"
import { keysOf, WebhookSecretError } from "./WebhookKeys.ts"

/** What a message came with. */
export interface Message {
  readonly headers: { readonly [name: string]: string | undefined }
  /** Its bytes as they came: what is signed. */
  readonly body: Uint8Array
}

/** Why a message is not taken; the words are for whoever sends. */
export class MessageRefused extends Schema.TaggedError<MessageRefused>()("MessageRefused", {
  why: Schema.Literals(["unsigned", "stale", "forged"])
}) {
  override get message(): string {
    return refusals[this.why]
  }
}

const refusals: { readonly [R in Refusal]: string } = {
  unsigned: "The message is not signed: its id, its instant or its signature is missing.",
  stale: "The instant of the message is more than five minutes away from now.",
  forged: "The signature is none of this message by a secret that is known here."
}

const refused = (why: Refusal) => new MessageRefused({ why })

/** Ids are of the sender's making; a longer one is none of a program that keeps to the convention. */
const longestId = 256

const standard = Effect.fnUntraced(function*(secrets: Secrets["Service"], name: string, message: Message, now: number) {
  const { current, old } = inboxVariables(name)
  const keys = yield* keysOf(secrets, [current, old])
  const id = message.headers["webhook-id"]
  const refusal = refusalOf(keys, {
    id,
    timestamp: message.headers["webhook-timestamp"],
    signature: message.headers["webhook-signature"],
    body: message.body
  }, now)
  if (Option.isSome(refusal)) return yield* refused(refusal.value)
  if (id === undefined || id.length > longestId) return yield* refused("unsigned")
  return id
})

/** Oura signs with the secret of the app, the instant before the body without anything between; the hash is in capitals. */
const oura = Effect.fnUntraced(function*(secrets: Secrets["Service"], { body, headers }: Message, now: number) {
  const client = yield* secrets.client("oura").pipe(
    Effect.mapError(({ message, variable }) => new WebhookSecretError({ variable, message, fix: "glider doctor" }))
  )
  const timestamp = headers["x-oura-timestamp"]
  const signature = headers["x-oura-signature"]
  if (timestamp === undefined || signature === undefined || Option.isNone(client.secret)) {
    return yield* refused("unsigned")
  }
  const mac = createHmac("sha256", Redacted.value(client.secret.value)).update(timestamp).update(body).digest("hex")
  if (!isSame(Buffer.from(signature.toUpperCase()), Buffer.from(mac.toUpperCase()))) return yield* refused("forged")
  // it does not say whether these are seconds or milliseconds
  const instant = Number(timestamp)
  if (!isFresh(instant > 1e11 ? instant / 1000 : instant, now)) return yield* refused("stale")
  // it has no id: the same words are the same message
  return createHash("sha256").update(body).digest("hex").slice(0, 24)
})

/** The id of a message that is what it should be. */
export const messageId = (
  secrets: Secrets["Service"],
  { kind, name }: InboxSource,
  message: Message,
  now: number
): Effect.Effect<string, MessageRefused | WebhookSecretError> =>
  kind === "standard" ? standard(secrets, name, message, now) : oura(secrets, message, now)

/** The token with which Oura asks whether the address is ours. */
export const ownToken = Effect.fnUntraced(function*(secrets: Secrets["Service"], name: string) {
  const { token: variable } = inboxVariables(name)
  const token = yield* secrets.find(variable).pipe(
    Effect.mapError(({ message }) =>
      new WebhookSecretError({ variable, message, fix: "set one of them, and only one" })
    )
  )
  if (Option.isSome(token)) return token.value
  return yield* new WebhookSecretError({
    variable,
    message: `${variable} is not set: Oura shows it when it asks whether the address is this one`,
    fix: `set ${variable} or ${variable}_FILE to the verification token of the subscription`
  })
})

/** The secrets of a source are there. */
export const sourceChecked = (secrets: Secrets["Service"], { kind, name }: InboxSource) => {
  const { current, old } = inboxVariables(name)
  return kind === "standard"
    ? Effect.asVoid(keysOf(secrets, [current, old]))
    : Effect.andThen(
      secrets.client("oura").pipe(
        Effect.mapError(({ message, variable }) => new WebhookSecretError({ variable, message, fix: "glider doctor" }))
      ),
      Effect.asVoid(ownToken(secrets, name))
    )
}
