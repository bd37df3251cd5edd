import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { CurrentConfig } from "../Config.ts"
import { Sessions } from "../store/Sessions.ts"
import { Api } from "./Api.ts"
import { CurrentCaller } from "./Caller.ts"
import { NotFound } from "./Problems.ts"
import { CreatedLink, ListedSession } from "./SessionMessages.ts"
import { linkAddress, SignInLinks } from "./SignInLinks.ts"
import { storeFailed } from "./Translate.ts"

export const sessionsHandlers = HttpApiBuilder.group(
  Api,
  "sessions",
  Effect.fn(function*(handlers) {
    const links = yield* SignInLinks
    const sessions = yield* Sessions
    const { server } = yield* CurrentConfig
    return handlers.handleAll({
      list: Effect.fnUntraced(function*() {
        const caller = yield* CurrentCaller
        const own = caller._tag === "Session" ? caller.session.id : undefined
        const all = yield* Effect.mapError(sessions.all, storeFailed)
        return all.map(({ createdAt, expiresAt, id, lastUsedAt, userAgent }) =>
          new ListedSession({
            id,
            created_at: createdAt,
            last_used_at: lastUsedAt,
            expires_at: expiresAt,
            user_agent: userAgent,
            current: id === own
          })
        )
      }),
      link: () =>
        Effect.map(
          links.issue,
          (link) => new CreatedLink({ url: linkAddress(server, link), expires_at: link.expiresAt })
        ),
      end: Effect.fnUntraced(function*({ params }) {
        const was = yield* Effect.mapError(sessions.end(params.id), storeFailed)
        if (!was) return yield* new NotFound({ detail: `There is no session ${params.id}.` })
      })
    })
  })
)
