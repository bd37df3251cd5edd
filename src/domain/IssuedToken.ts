import { DateTime, Option, Schema } from "effect"

/**
 * What a token of the API lets its bearer do. `write` includes `read` of the same subject, `admin` everything:
 *
 * - `workflow.schedule`: schedules and their ticks
 * - `workflow.run`: runs, workflows, dead letters, syncs by hand
 * - `account`: the signed-in accounts
 * - `data`: what has been synced, to read; `data:write` imports files, and says which records are the same
 * - `music`: what Spotify finds, and the playlists there
 * - `system`: status, doctor, health, metrics, schema
 * - `admin`: also the reload of the config, and tokens
 */
export const ApiScope = Schema.Literals([
  "workflow.schedule:read",
  "workflow.schedule:write",
  "workflow.run:read",
  "workflow.run:write",
  "account:read",
  "account:write",
  "data:read",
  "data:write",
  "music:read",
  "music:write",
  "system:read",
  "admin"
])
export type ApiScope = typeof ApiScope.Type

/** A token of the API, without what is secret about it. */
export class IssuedToken extends Schema.Class<IssuedToken>("glider/domain/IssuedToken")({
  id: Schema.String,
  name: Schema.String,
  scopes: Schema.Array(ApiScope),
  createdAt: Schema.DateTimeUtcFromString,
  /** None when it is good until it is revoked. */
  expiresAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString),
  /** To the minute. None when it was never used. */
  lastUsedAt: Schema.OptionFromNullOr(Schema.DateTimeUtcFromString)
}) {
  isExpired(now: DateTime.Utc): boolean {
    return Option.exists(this.expiresAt, (end) => !DateTime.isLessThan(now, end))
  }
}
