/** What the forms about accounts and browsers do. */
import { Effect, Redacted, Schema } from "effect"
import { BeginSignIn, SignInAnswer } from "../../api/Messages.ts"
import { InvalidRequest } from "../../api/Problems.ts"
import { ConnectionName } from "../../domain/Connection.ts"
import { Provider } from "../../domain/Provider.ts"
import type { Action, Sent } from "../frame/Pages.ts"
import { connectView, disconnectView } from "./AccountSteps.tsx"

const path = "/accounts"

const providerOf = (name: string | undefined): Provider | undefined =>
  Provider.literals.find((provider) => provider === name)

/** Which account of the provider a form is about; what is no name is said to the person. */
const nameIn = ({ fields }: Sent, provider: Provider) => {
  const given = fields.get("connection")?.trim() ?? ""
  return given === "" || given === provider
    ? Effect.succeed(undefined)
    : Effect.mapError(
      Schema.decodeUnknownEffect(ConnectionName)(given),
      () =>
        new InvalidRequest({
          detail:
            `${given} is no name: small letters, digits and single _ between them, at most 32, and no provider's.`,
          details: []
        })
    )
}

const connect = Effect.fnUntraced(function*(sent: Sent, provider: Provider) {
  const { api, csrf } = sent
  const connection = yield* nameIn(sent, provider)
  const signIn = yield* api.connections.begin({
    params: { provider },
    payload: new BeginSignIn({ callback: true, return_to: path, ...connection === undefined ? {} : { connection } })
  })
  return connectView({ csrf, provider, signIn, name: connection })
})

const complete = Effect.fnUntraced(function*({ api, fields }: Sent, provider: Provider) {
  const [state, answer] = ["state", "answer"].map((name) => fields.get(name)?.trim() ?? "")
  if (state === undefined || state === "" || answer === undefined || answer === "") return path
  const payload = new SignInAnswer({
    state: Redacted.make(state, { label: "state" }),
    answer: Redacted.make(answer, { label: "answer" })
  })
  yield* api.connections.complete({ params: { provider }, payload })
  return `${path}?done=connected`
})

const disconnect = Effect.fnUntraced(function*(sent: Sent, provider: Provider) {
  const { api, csrf, fields } = sent
  const connection = yield* nameIn(sent, provider)
  if (fields.get("sure") !== "1") return disconnectView({ csrf, provider, name: connection })
  const query = connection === undefined ? {} : { connection }
  const { atProvider } = yield* api.connections.revoke({ params: { provider }, query })
  return `${path}?done=${atProvider ? "disconnected" : "forgotten"}`
})

const sync = Effect.fnUntraced(function*({ api, fields }: Sent, provider: Provider) {
  yield* api.connectors.sync({ params: { connection: fields.get("connection") ?? provider } })
  return `${path}?done=queued`
})

const release = Effect.fnUntraced(function*({ api, fields }: Sent, provider: Provider) {
  yield* api.connectors.release({ params: { connection: fields.get("connection") ?? provider } })
  return `${path}?done=released`
})

/** What a form of an account asks for; of an account that is to be, the form says at which provider. */
export const change: Action = Effect.fnUntraced(function*(sent) {
  const provider = providerOf(sent.params["provider"]) ?? providerOf(sent.fields.get("provider") ?? undefined)
  if (provider === undefined) return path
  switch (sent.params["action"]) {
    case "connect":
      return yield* connect(sent, provider)
    case "complete":
      return yield* complete(sent, provider)
    case "sync":
      return yield* sync(sent, provider)
    case "release":
      return yield* release(sent, provider)
    case "disconnect":
      return yield* disconnect(sent, provider)
    default:
      return path
  }
})

/** Signs a browser out. */
export const endSession: Action = ({ api, params }) =>
  Effect.as(api.sessions.end({ params: { id: params["id"] ?? "" } }), `${path}?done=ended`)
