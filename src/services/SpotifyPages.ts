/** Spotify's lists, which come in pages. */
import { Effect, type Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import type { ConnectionId } from "../domain/Connection.ts"
import type { ProviderHttp } from "./ProviderHttp.ts"

/** What Spotify gives of a list at once, at most. */
const onPage = 50

/** Few enough to be no burst. */
const pagesAtOnce = 4

/** Spotify keeps at most 10,000 tracks in a playlist. */
const mostPages = 220

/** What every page tells of the list that it is of. */
interface Page {
  readonly next: string | null
  readonly total?: number | undefined
}

/**
 * All pages of a list, each with the repetitions of a call, since a long list need not begin anew: the first one tells
 * how many there are, and of the others some are asked for at once.
 */
export const make = (http: ProviderHttp, apiUrl: string) =>
  Effect.fnUntraced(
    function*<P extends Page>(
      connection: ConnectionId,
      operation: string,
      path: string,
      page: Schema.Decoder<P>
    ) {
      const at = (number: number) => {
        const urlParams = { limit: onPage, offset: number * onPage }
        const request = HttpClientRequest.get(`${apiUrl}${path}`, { urlParams })
        return http.call(
          connection,
          operation,
          (exchange) => Effect.flatMap(exchange(request), http.decode(operation, page))
        )
      }
      const first = yield* at(0)
      if (first.next === null) return [first]
      const count = Math.min(mostPages, Math.ceil((first.total ?? 0) / onPage))
      const others = Array.from({ length: Math.max(0, count - 1) }, (_, index) => index + 1)
      const found = [first, ...yield* Effect.forEach(others, at, { concurrency: pagesAtOnce })]
      // where it is not told, or has grown meanwhile
      while (found.at(-1)?.next !== null && found.length < mostPages) found.push(yield* at(found.length))
      return found
    }
  )
