import { Context, Effect, Latch, Layer, Option } from "effect"
import { LatestConfig } from "../Config.ts"
import type { WebhookEndpoint } from "../config/WebhookKeys.ts"
import { isWanted } from "../domain/WebhookEvent.ts"
import { Outbox } from "../store/Outbox.ts"
import { WebhookEndpoints } from "../store/WebhookEndpoints.ts"

/** The endpoints of the config as the last reload has it, and which of them are told anything at the moment. */
export class Endpoints extends Context.Service<Endpoints, {
  /** All that the config names. */
  readonly all: () => ReadonlyArray<WebhookEndpoint>
  /** Those that it does not switch off. */
  readonly enabled: () => ReadonlyArray<WebhookEndpoint>
  readonly find: (name: string) => Option.Option<WebhookEndpoint>
  /** Takes note that an endpoint said that it is gone, or that it is told again. */
  readonly note: (name: string, isGone: boolean) => void
  /** Whether the endpoint said that it is gone. */
  readonly isGone: (name: string) => boolean
  /** Open when something was committed that is to be told. */
  readonly bell: Latch.Latch
}>()("glider/webhooks/Endpoints") {
  static readonly layer = Layer.effect(
    Endpoints,
    Effect.gen(function*() {
      const config = yield* LatestConfig
      const all = () => config.now().webhooks ?? []
      const gone = new Set<string>()
      const states = yield* (yield* WebhookEndpoints).states
      for (const [name, { disabled }] of states) if (Option.isSome(disabled)) gone.add(name)
      return Endpoints.of({
        all,
        enabled: () => all().filter(({ enabled }) => enabled),
        find: (name) => Option.fromUndefinedOr(all().find((endpoint) => endpoint.name === name)),
        note: (name, isGone) => void (isGone ? gone.add(name) : gone.delete(name)),
        isGone: (name) => gone.has(name),
        bell: Latch.makeUnsafe(true)
      })
    })
  )
}

/** Who is told what, for those who write it. One that is gone is told nothing, so that nothing waits for it for ever. */
export const outbox = Layer.effect(
  Outbox,
  Effect.map(Endpoints, ({ bell, enabled, isGone }) => ({
    receivers: (type, stream) =>
      enabled().filter(({ events, name, streams }) =>
        isWanted(events, type) && (stream === undefined || streams.length === 0 || streams.includes(stream)) &&
        !isGone(name)
      ),
    wake: Effect.sync(() => bell.openUnsafe())
  }))
)
