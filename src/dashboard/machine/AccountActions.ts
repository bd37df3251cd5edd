/** What the forms about accounts and browsers do. */
import { Effect, Redacted } from "effect"
import { BeginSignIn, SignInAnswer } from "../../api/Messages.ts"
import { Provider } from "../../domain/Provider.ts"
import type { Action, Sent } from "../frame/Pages.ts"
import { connectView, disconnectView } from "./AccountSteps.tsx"

const path = "/accounts"

const providerOf = (name: string | undefined): Provider | undefined =>
  Provider.literals.find((provider) => provider === name)

const connect = Effect.fnUntraced(function*({ api, csrf }: Sent, provider: Provider) {
  const signIn = yield* api.connections.begin({
    params: { provider },
    payload: new BeginSignIn({ callback: true, return_to: path })
  })
  return connectView({ csrf, provider, signIn })
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

const disconnect = Effect.fnUntraced(function*({ api, csrf, fields }: Sent, provider: Provider) {
  if (fields.get("sure") !== "1") return disconnectView({ csrf, provider })
  const { atProvider } = yield* api.connections.revoke({ params: { provider }, query: {} })
  return `${path}?done=${atProvider ? "disconnected" : "forgotten"}`
})

/** What a form of an account asks for. */
export const change: Action = Effect.fnUntraced(function*(sent) {
  const provider = providerOf(sent.params["provider"])
  if (provider === undefined) return path
  switch (sent.params["action"]) {
    case "connect":
      return yield* connect(sent, provider)
    case "complete":
      return yield* complete(sent, provider)
    case "disconnect":
      return yield* disconnect(sent, provider)
    default:
      return path
  }
})

/** Signs a browser out. */
export const endSession: Action = ({ api, params }) =>
  Effect.as(api.sessions.end({ params: { id: params["id"] ?? "" } }), `${path}?done=ended`)
