import { Context, Effect, Layer, PubSub, type Scope } from "effect"
import type { RunRow } from "../store/RunColumns.ts"

/** What has become of a run, once that is durable; of one run in order. */
export interface RunNewsItem {
  readonly kind: "begun" | "parked" | "ended"
  readonly run: RunRow
}

/** Everything that begins, is parked and ends in this process, for those who follow it. */
export class RunNews extends Context.Service<RunNews, {
  readonly publish: (item: RunNewsItem) => Effect.Effect<unknown>
  /** What comes from now on; a subscriber takes all of it. */
  readonly subscribe: Effect.Effect<PubSub.Subscription<RunNewsItem>, never, Scope.Scope>
}>()("glider/workflows/RunNews") {
  static readonly layer = Layer.effect(
    RunNews,
    Effect.map(PubSub.unbounded<RunNewsItem>(), (items) =>
      RunNews.of({
        publish: (item) => PubSub.publish(items, item),
        subscribe: PubSub.subscribe(items)
      }))
  )
}
