import { Context, Effect, Layer, Schema } from "effect"
import type { LocalDay } from "../domain/LocalDay.ts"
import type { Report } from "../domain/Report.ts"
import { keyOf, lastEnded, periodWith, rangeOf, type ReportKind } from "../domain/ReportPeriod.ts"
import { Owner } from "../records/Owner.ts"
import type { Plans } from "../records/Reading.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { ReportRows } from "../store/ReportRows.ts"
import { Gathering } from "./Gathering.ts"

/** Nothing is known of days to come. */
export class NotYet extends Schema.TaggedError<NotYet>()("NotYet", { key: Schema.String, today: Schema.String }) {
  override get message(): string {
    return `${this.key} has not begun: today is ${this.today}`
  }
}

/** Makes reports of the owner's data, and keeps them. */
export class Reports extends Context.Service<Reports, {
  /**
   * Makes the report of the day, or of the week that it is in; of the last that is over where no day is named. One that was made
   * before is made anew, from what is known now.
   */
  readonly make: (
    kind: ReportKind,
    day: LocalDay | undefined,
    plans: Plans
  ) => Effect.Effect<Report, NotYet | SurrealError>
}>()("glider/reports/Reports") {
  static readonly layer = Layer.effect(
    Reports,
    Effect.gen(function*() {
      const gathering = yield* Gathering
      const owner = yield* Owner
      const rows = yield* ReportRows
      const make = Effect.fn("Reports.make")(
        function*(kind: ReportKind, day: LocalDay | undefined, plans: Plans) {
          const { today } = yield* owner.now
          const period = day === undefined ? lastEnded(kind, today) : periodWith(kind, day)
          if (rangeOf(period).from > today) return yield* new NotYet({ key: keyOf(period), today })
          const report = yield* gathering.of(period, plans)
          yield* rows.put(period, report)
          return report
        }
      )
      return Reports.of({ make })
    })
  )
}
