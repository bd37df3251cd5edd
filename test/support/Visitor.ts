/** A person in a browser, signed in to the page of a server that is in force. */
import { Effect, Redacted } from "effect"
import { ApiToken } from "../../src/api/Caller.ts"
import { csrfToken } from "../../src/api/Csrf.ts"
import { make } from "../../src/cli/Client.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { browserAt } from "./Browser.ts"

/** Signs in by a link; `send` sends a form with the token that a page has for it. */
export const visitor = Effect.gen(function*() {
  const { server: { port } } = yield* CurrentConfig
  const address = `http://127.0.0.1:${port}`
  const client = yield* make(address, yield* ApiToken)
  const browser = browserAt(address)
  const { url } = yield* client.sessions.link()
  yield* browser.ask(Redacted.value(url).slice(address.length))
  const csrf = csrfToken(Redacted.make(browser.jar.get(`glider_session_${port}`) ?? ""))
  const send = (path: string, fields: Record<string, string> = {}) => browser.send(path, { csrf, ...fields })
  return { ...browser, send, csrf, client }
})
