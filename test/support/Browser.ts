/** A browser as the server sees it: real HTTP, cookies that are kept, and nothing followed by itself. */
import { Effect } from "effect"
import { request } from "node:http"

/** What came back. */
export interface Seen {
  readonly status: number
  readonly headers: { readonly [name: string]: string | undefined }
  readonly setCookie: ReadonlyArray<string>
  readonly body: string
}

export interface Asking {
  readonly method?: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
}

/** Asks the server of an address. */
export const fetched = (
  address: string,
  path: string,
  { body, headers = {}, method = "GET" }: Asking = {}
): Effect.Effect<Seen> =>
  Effect.callback((resume) => {
    const asked = request(`${address}${path}`, { method, headers, agent: false }, (response) => {
      const chunks: Array<Buffer> = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("end", () =>
        resume(Effect.succeed({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join() : value])
          ),
          setCookie: response.headers["set-cookie"] ?? [],
          body: Buffer.concat(chunks).toString()
        })))
    })
    asked.on("error", (cause) => resume(Effect.die(cause)))
    asked.end(body)
    return Effect.sync(() => asked.destroy())
  })

/** A browser with a jar of its own. */
export const browserAt = (address: string) => {
  const jar = new Map<string, string>()
  const ask = Effect.fnUntraced(function*(path: string, { headers = {}, ...asking }: Asking = {}) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ")
    const seen = yield* fetched(address, path, {
      ...asking,
      headers: {
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0",
        ...cookie === "" ? {} : { cookie },
        ...headers
      }
    })
    for (const line of seen.setCookie) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === "" || /Max-Age=0\b/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    return seen
  })
  const send = (path: string, fields: Record<string, string>, headers: Asking["headers"] = { origin: address }) =>
    ask(path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(fields).toString()
    })
  return { ask, send, jar }
}
