/** `/openapi.json` and `/docs`. They say what is in the repository, so they ask for no token. */
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { HttpApiScalar, OpenApi } from "effect/http-api"
import { Api } from "./Api.ts"

/**
 * The page has all that it needs in itself. The browser is told so, too: whatever the page would load from elsewhere (fonts,
 * proxies, statistics), it may not.
 */
const policy = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join("; ")

const headers = { "content-security-policy": policy, "referrer-policy": "no-referrer" }

/** Made at the first request: three megabytes of script that most installations never serve. */
const loadDocument = Effect.map(Effect.promise(() => import("./Document.ts")), ({ document }) => document)

const page = Effect.gen(function*() {
  const document = yield* loadDocument
  const api = Api.annotate(OpenApi.Transform, () => ({ ...document }))
  return yield* HttpRouter.toHttpEffect(
    HttpApiScalar.layer(api, { path: "/docs", scalar: { withDefaultFonts: false, showSidebar: true } })
  )
})

export const docs = Layer.mergeAll(
  HttpRouter.add(
    "GET",
    "/openapi.json",
    Effect.map(loadDocument, (document) => HttpServerResponse.jsonUnsafe(document))
  ),
  HttpRouter.use(Effect.fnUntraced(function*(router) {
    const served = yield* Effect.cached(page)
    yield* router.add(
      "GET",
      "/docs",
      Effect.map(Effect.flatten(served), HttpServerResponse.setHeaders(headers))
    )
  }))
)
