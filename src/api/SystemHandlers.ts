import { Effect, Stream } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { dump } from "../backup/Dump.ts"
import { Scheduler } from "../Scheduler.ts"
import { Surreal } from "../services/Surreal.ts"
import { Migrations } from "../store/Migrations.ts"
import { Api } from "./Api.ts"
import { ConfigInForce } from "./ConfigInForce.ts"
import { DeepChecks } from "./DeepChecks.ts"
import { Doctor } from "./Doctor.ts"
import { Migrated, Reloaded } from "./Messages.ts"
import { About, Overview } from "./Overview.ts"
import { invalidConfig, storeFailed } from "./Translate.ts"

export const systemHandlers = HttpApiBuilder.group(
  Api,
  "system",
  Effect.fn(function*(handlers) {
    const about = yield* About
    const config = yield* ConfigInForce
    const deep = yield* DeepChecks
    const doctor = yield* Doctor
    const { applied, version } = yield* Migrations
    const overview = yield* Overview
    const scheduler = yield* Scheduler
    const surreal = yield* Surreal
    return handlers.handleAll({
      status: () => Effect.mapError(overview.status, storeFailed),
      doctor: () => Effect.mapError(doctor.checks, storeFailed),
      doctorDeep: () => Effect.mapError(deep.checks, storeFailed),
      reload: () =>
        scheduler.reload.pipe(
          Effect.map((changes) => new Reloaded(changes)),
          Effect.catchTags({
            ConfigFileError: (error) => Effect.fail(invalidConfig(error)),
            SurrealError: (error) => Effect.fail(storeFailed(error))
          })
        ),
      schema: () =>
        Effect.succeed(new Migrated({ version, applied: applied.map(({ name, number }) => ({ name, number })) })),
      backup: () =>
        Effect.map(
          config.current,
          ({ project }) =>
            dump(surreal, { glider: about.version, project: project.name }).pipe(
              Stream.tapError(({ message }) => Effect.logWarning(`a backup broke off: ${message}`)),
              Stream.encodeText
            )
        )
    })
  })
)
