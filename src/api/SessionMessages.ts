/** What goes in and out of the API about browsers that have signed in. */
import { Schema } from "effect"

/** A link that lets one browser in, once. Its code is in this one answer and nowhere else. */
export class CreatedLink extends Schema.Class<CreatedLink>("glider/api/CreatedLink")({
  url: Schema.RedactedFromValue(Schema.NonEmptyString, { label: "sign-in link" }),
  expires_at: Schema.DateTimeUtcFromString
}) {}

/** A browser that has signed in. */
export class ListedSession extends Schema.Class<ListedSession>("glider/api/ListedSession")({
  id: Schema.String,
  created_at: Schema.DateTimeUtcFromString,
  /** To the minute. */
  last_used_at: Schema.DateTimeUtcFromString,
  /** When it ends, unless it is used before. */
  expires_at: Schema.DateTimeUtcFromString,
  /** What the browser said of itself: `Firefox on Linux`. */
  user_agent: Schema.String,
  /** Whether it is the one that asks. */
  current: Schema.Boolean
}) {}
