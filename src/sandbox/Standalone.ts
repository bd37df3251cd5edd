/** The sandbox as a program of its own, for `glider sandbox`. */
import { Context, Effect, Layer } from "effect"
import type { SandboxOptions } from "./Contract.ts"
import { Sandbox } from "./Sandbox.ts"

/**
 * Serves the three providers until interrupted, from the end of the year on and in real time unless the options say
 * otherwise. `ready` is run once it listens. Fails with `ServeError` when the port is taken.
 */
export const standalone = Effect.fn("Sandbox.standalone")(function*<E, R>(
  options: SandboxOptions,
  ready: (sandbox: Sandbox["Service"]) => Effect.Effect<void, E, R>
) {
  const context = yield* Layer.build(Sandbox.layer({ clock: "follow", ...options }))
  yield* ready(Context.get(context, Sandbox))
  return yield* Effect.never
}, Effect.scoped)

/** The part of a `config.toml` that sends every call to a provider, and to the language model, to this sandbox. */
export const configText = ({ model, providerAddresses }: Sandbox["Service"]): string =>
  Object.entries(providerAddresses).map(([provider, addresses]) =>
    [
      `[provider.${provider}]`,
      ...Object.entries(addresses).map(([key, address]) => `${key} = ${JSON.stringify(address)}`)
    ].join("\n")
  ).join("\n\n") +
  `\n\n[ai]\nprovider = "openai"\nbase_url = ${JSON.stringify(model.baseUrl.openai)}\nmodel = "sandbox"\n`
