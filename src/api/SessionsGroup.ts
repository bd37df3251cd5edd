import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { Authorization, Readable, Replayed, WhileDamaged } from "./Guards.ts"
import { NotFound, StoreFailed } from "./Problems.ts"
import { RequiredScope } from "./Scopes.ts"
import { CreatedLink, ListedSession } from "./SessionMessages.ts"

/** Browsers that have signed in to the web page, and links that let one in. */
export class SessionsGroup extends HttpApiGroup.make("sessions")
  .add(
    HttpApiEndpoint.get("list", "/", { success: Schema.Array(ListedSession), error: StoreFailed }),
    HttpApiEndpoint.post("link", "/links", { success: CreatedLink }).annotate(Replayed, false).annotate(
      WhileDamaged,
      "served"
    ),
    HttpApiEndpoint.delete("end", "/:id", {
      params: { id: Schema.NonEmptyString },
      success: HttpApiSchema.NoContent,
      error: [NotFound, StoreFailed]
    })
  )
  .annotate(RequiredScope, "admin")
  .middleware(Authorization)
  .middleware(Readable)
  .prefix("/api/v0/sessions")
{}
