import { Schema } from "effect"

/** There is no schedule of that name. */
export class UnknownSchedule extends Schema.TaggedError<UnknownSchedule>()("UnknownSchedule", { id: Schema.String }) {
  override get message(): string {
    return `there is no schedule ${this.id}`
  }
}

/** Somebody else has changed the schedule since. */
export class StaleRevision extends Schema.TaggedError<StaleRevision>()("StaleRevision", {
  id: Schema.String,
  revision: Schema.Natural
}) {
  override get message(): string {
    return `schedule ${this.id} has changed since: it is at revision ${this.revision}`
  }
}
