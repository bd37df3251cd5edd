/** Who may do what: every endpoint behind `Authorization` names the scope that it asks for. */
import { Context } from "effect"
import { HttpApi, type HttpApiGroup } from "effect/http-api"
import type { ApiScope } from "../domain/IssuedToken.ts"
import { Authorization } from "./Guards.ts"

/** The scope that an endpoint asks for: `HttpApiEndpoint.get(…).annotate(RequiredScope, "workflow.run:read")`. */
export const RequiredScope = Context.Reference<ApiScope>("glider/api/Scopes/RequiredScope", {
  defaultValue: () => "admin"
})

/** Whether these scopes are enough: `write` includes `read` of the same subject, `admin` everything. */
export const grants = (held: ReadonlyArray<ApiScope>, needed: ApiScope): boolean =>
  held.some((scope) => scope === "admin" || scope === needed || scope.replace(/:write$/, ":read") === needed)

/** Endpoints that ask for a token and do not say for which scope: there must be none. */
export const unscoped = <Id extends string, Groups extends HttpApiGroup.Constraint>(
  api: HttpApi.HttpApi<Id, Groups>
): ReadonlyArray<string> => {
  const found: Array<string> = []
  HttpApi.reflect(api, {
    onGroup: () => {},
    onEndpoint: ({ endpoint, mergedAnnotations, middleware }) => {
      const needs = [...middleware].some(({ key }) => key === Authorization.key)
      if (needs && !mergedAnnotations.mapUnsafe.has(RequiredScope.key)) {
        found.push(`${endpoint.method} ${endpoint.path}`)
      }
    }
  })
  return found
}
