import { Effect } from "effect"
import type { Page } from "../frame/Pages.ts"
import { reviewsView } from "./ReviewsView.tsx"

/** The songs that wait. */
export const reviewsPage: Page = ({ api, csrf, owner, query }) =>
  Effect.map(api.reviews.list(), (reviews) => reviewsView({ owner, csrf, query, reviews }))
