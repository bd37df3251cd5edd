import { Context, Effect, Layer } from "effect"
import type { StreamCounts } from "../domain/Run.ts"
import * as Series from "../Series.ts"
import { CrashPoint } from "../services/CrashPoint.ts"
import { Surreal } from "../services/Surreal.ts"
import type { SurrealError } from "../services/SurrealError.ts"
import { type PagePlan, planner } from "./CommitPlan.ts"
import { Outbox } from "./Outbox.ts"
import type { Page } from "./Write.ts"

const records = Series.counter("glider_records_total", {
  description: "Records of committed pages, by stream and by what became of them: " +
    "read, created, updated, unchanged, deleted, quarantined, gaps",
  labels: ["stream", "outcome"],
  limit: 128
})

/** The one place where pages become rows. */
export class Commit extends Context.Service<Commit, {
  /**
   * Commits a page's rows and its cursor in one transaction, uninterruptibly, and says what it did. Rows whose content
   * is what the store has already are not written.
   */
  readonly page: (page: Page) => Effect.Effect<StreamCounts, SurrealError>
  /**
   * What `page` commits, for a transaction of the caller's. When that fails with `AlreadyExists` or `Conflict` another
   * writer was faster, and the page is to be planned again.
   */
  readonly plan: (page: Page) => Effect.Effect<PagePlan, SurrealError>
  /** Tells the metrics, and those who send events elsewhere, that a plan was committed. */
  readonly committed: (plan: PagePlan) => Effect.Effect<void>
}>()("glider/store/Commit") {
  static readonly layer = Layer.effect(
    Commit,
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const crashPoint = yield* CrashPoint
      const outbox = yield* Outbox
      const plan = planner(surreal, outbox)

      const committed = ({ counts, stream, tells }: PagePlan) =>
        Effect.forEach(
          Object.entries(counts),
          ([outcome, count]) => count > 0 ? records.update({ stream, outcome }, count) : Effect.void,
          { discard: true }
        ).pipe(Effect.andThen(tells ? outbox.wake : Effect.void))

      const page = Effect.fn("Commit.page")(
        function*(page: Page) {
          yield* Effect.annotateCurrentSpan({ "glider.stream": page.stream, "glider.page.read": page.read })
          const planned = yield* plan(page)
          yield* crashPoint("commit.before")
          yield* surreal.transaction(planned.statements)
          yield* crashPoint("commit.after")
          yield* committed(planned)
          return planned.counts
        },
        // another writer was faster: look again at what is there
        Effect.retry({
          times: 3,
          while: ({ reason }) => reason._tag === "AlreadyExists" || reason._tag === "Conflict"
        }),
        Effect.uninterruptible
      )
      return Commit.of({ page, plan, committed })
    })
  )
}
