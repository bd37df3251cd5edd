import { DateTime, Schema } from "effect"

/** A browser that has signed in to the web page, without what is secret about it. */
export class Session extends Schema.Class<Session>("glider/domain/Session")({
  id: Schema.String,
  createdAt: Schema.DateTimeUtcFromString,
  /** To the minute. */
  lastUsedAt: Schema.DateTimeUtcFromString,
  /** When it ends, unless it is used before. */
  expiresAt: Schema.DateTimeUtcFromString,
  /** What the browser said of itself, in a few words. */
  userAgent: Schema.String
}) {
  isExpired(now: DateTime.Utc): boolean {
    return !DateTime.isLessThan(now, this.expiresAt)
  }
}
