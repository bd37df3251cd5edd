import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Connection, ConnectionName } from "../domain/Connection.ts"
import { Provider } from "../domain/Provider.ts"
import { Authorization, Readable, Replayed } from "./Guards.ts"
import { Account, BeginSignIn, Revoked, SignIn, SignInAnswer } from "./Messages.ts"
import { SignInFailed, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

/** The signed-in accounts. */
export class ConnectionsGroup extends HttpApiGroup.make("connections")
  .add(
    HttpApiEndpoint.get("list", "/", { success: Schema.Array(Account), error: StoreFailed }).annotate(
      RequiredScope,
      "account:read"
    ),
    HttpApiEndpoint.post("begin", "/:provider/sign-in", {
      params: { provider: Provider },
      // a body may be left out
      payload: [BeginSignIn, Schema.Undefined],
      success: SignIn,
      error: [SignInFailed, StoreFailed]
    }).annotate(RequiredScope, "account:write").annotate(Replayed, false),
    HttpApiEndpoint.post("complete", "/:provider/sign-in/complete", {
      params: { provider: Provider },
      payload: SignInAnswer,
      success: Connection,
      error: [SignInFailed, StoreFailed]
    }).annotate(RequiredScope, "account:write").annotate(Replayed, false),
    HttpApiEndpoint.delete("revoke", "/:provider", {
      params: { provider: Provider },
      // a further account, by its name
      query: { connection: Schema.optionalKey(ConnectionName) },
      success: Revoked,
      error: [SignInFailed, StoreFailed]
    }).annotate(RequiredScope, "account:write")
  )
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/connections")
{}
