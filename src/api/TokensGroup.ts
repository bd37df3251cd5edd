import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { IssuedToken } from "../domain/IssuedToken.ts"
import { Authorization, Readable, Replayed } from "./Guards.ts"
import { CreatedToken, NewToken } from "./Messages.ts"
import { InvalidRequest, NotFound, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"

/** Tokens for other programs and other machines. */
export class TokensGroup extends HttpApiGroup.make("tokens")
  .add(
    HttpApiEndpoint.get("list", "/", { success: Schema.Array(IssuedToken), error: StoreFailed }),
    HttpApiEndpoint.post("create", "/", {
      payload: NewToken,
      success: CreatedToken,
      error: [InvalidRequest, StoreFailed]
    }).annotate(Replayed, false),
    HttpApiEndpoint.delete("revoke", "/:id", {
      params: { id: Schema.NonEmptyString },
      success: HttpApiSchema.NoContent,
      error: [NotFound, StoreFailed]
    })
  )
  .annotate(RequiredScope, "admin")
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/tokens")
{}
