/** What every request of the API must pass, apart from how it is checked. */
import { HttpApiMiddleware, HttpApiSecurity } from "effect/http-api"
import { InvalidRequest, Unauthorized } from "./Problems.ts"

/** The bearer token of the data folder. */
export class Authorization extends HttpApiMiddleware.Service<Authorization>()("glider/api/Guards/Authorization", {
  requiredForClient: true,
  security: { bearer: HttpApiSecurity.bearer },
  error: Unauthorized
}) {}

/** Requests that do not decode are answered with what is wrong and where. */
export class Readable extends HttpApiMiddleware.Service<Readable>()("glider/api/Guards/Readable", {
  error: InvalidRequest
}) {}
