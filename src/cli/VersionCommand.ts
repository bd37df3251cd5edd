import { Effect } from "effect"
import { Command } from "effect/cli"
import { print } from "./Print.ts"
import { version } from "./Version.ts"

/** `glider version`: what a report of a mistake should name, without opening the store. */
export const versionCommand = Command.make("version", {}, () =>
  Effect.gen(function*() {
    const { schemaVersion } = yield* Effect.promise(() => import("../store/Migrations.ts"))
    const { arch, platform, versions: { node } } = globalThis.process
    yield* print({
      json: { version, schema: schemaVersion, node, platform, arch },
      text: [
        `glider   ${version}`,
        `schema   ${schemaVersion}`,
        `Node     ${node}`,
        `platform ${platform} ${arch}`
      ].join("\n")
    })
  })).pipe(Command.withDescription("The version, the schema that it brings a store to, and what it runs on"))
