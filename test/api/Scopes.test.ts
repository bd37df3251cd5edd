import { assert, describe, it } from "@effect/vitest"
import { HttpApi, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Api } from "../../src/api/Api.ts"
import { Authorization } from "../../src/api/Guards.ts"
import { grants, RequiredScope, unscoped } from "../../src/api/Scopes.ts"
import { ApiScope } from "../../src/domain/IssuedToken.ts"

describe("api/Scopes", () => {
  it("every endpoint behind a token names its scope", () => {
    assert.deepStrictEqual(unscoped(Api), [])
  })

  it("an endpoint that names none is noticed", () => {
    const api = HttpApi.make("some").add(
      HttpApiGroup.make("some")
        .add(
          HttpApiEndpoint.get("open", "/open"),
          HttpApiEndpoint.get("scoped", "/scoped").annotate(RequiredScope, "admin").middleware(Authorization),
          HttpApiEndpoint.get("forgotten", "/forgotten").middleware(Authorization)
        )
    )
    assert.deepStrictEqual(unscoped(api), ["GET /forgotten"])
  })

  it("write includes read of the same subject, admin everything, and nothing else includes anything", () => {
    const given = (held: ApiScope) => ApiScope.literals.filter((needed) => grants([held], needed))
    assert.deepStrictEqual(given("admin"), [...ApiScope.literals])
    assert.deepStrictEqual(given("workflow.run:write"), ["workflow.run:read", "workflow.run:write"])
    for (const scope of ["workflow.schedule:read", "workflow.run:read", "account:read", "system:read"] as const) {
      assert.deepStrictEqual(given(scope), [scope])
    }
    assert.isFalse(grants([], "system:read"))
  })
})
