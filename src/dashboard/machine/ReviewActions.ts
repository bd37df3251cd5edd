/** What the forms about songs do. */
import { Effect } from "effect"
import type { Action } from "../frame/Pages.ts"

/** What was found is the song. */
export const approve: Action = ({ api, params: { id = "" } }) =>
  Effect.as(api.reviews.approve({ params: { id } }), "/reviews?done=approved")

/** It is another one. */
export const reject: Action = ({ api, params: { id = "" } }) =>
  Effect.as(api.reviews.reject({ params: { id } }), "/reviews?done=rejected")
