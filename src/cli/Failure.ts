import { Option, Predicate, Schema } from "effect"
import { CliError } from "effect/cli"
import { mendOf } from "../domain/Mends.ts"

/** A command that did not do what it was asked to; the message is for the person. */
export class CommandFailed extends Schema.TaggedError<CommandFailed>()("CommandFailed", {
  message: Schema.String,
  /** What mends it. */
  fix: Schema.optionalKey(Schema.String),
  exitCode: Schema.Int
}) {}

const isCommandFailed = Schema.is(CommandFailed)

/** What the process ends with. Documented: an unknown code is a failure, too. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  signInNeeded: 3,
  interrupted: 130,
  terminated: 143
} as const

/** Failures that are mistakes in the invocation or in the config. */
const usage: ReadonlySet<string> = new Set([
  "ConfigFileError",
  "DataFolderError",
  "OwnerUnknown",
  "InvalidRequest",
  "InvalidConfig"
])

/** `glider` alone: it shows its help, as it would be asked to. */
const isBareProgram = (error: CliError.CliError): boolean =>
  error._tag === "ShowHelp" && error.errors.length === 0 && error.commandPath.length === 1

/** The exit code of a command's failure. */
export const exitCodeOf = (error: unknown): number => {
  if (isCommandFailed(error)) return error.exitCode
  if (CliError.isCliError(error)) return isBareProgram(error) ? exitCodes.done : exitCodes.usage
  const tag = Predicate.hasProperty(error, "_tag") ? error._tag : undefined
  if (
    tag === "ProviderError" && Predicate.hasProperty(error, "reason") && Predicate.isTagged(error.reason, "NeedsAuth")
  ) {
    return exitCodes.signInNeeded
  }
  return typeof tag === "string" && usage.has(tag) ? exitCodes.usage : exitCodes.failed
}

/** What a failure of ours consists of, the most exact first; one of the API says itself what mends it. */
const partsOf = (
  error: unknown
): ReadonlyArray<unknown> => [Predicate.hasProperty(error, "reason") ? error.reason : undefined, error]

const fixOf = (part: unknown): Option.Option<string> =>
  Predicate.hasProperty(part, "fix") && typeof part.fix === "string" ? Option.some(part.fix) : Option.none()

const mendOfPart = (part: unknown): Option.Option<string> =>
  Predicate.hasProperty(part, "_tag") && typeof part._tag === "string" && !Predicate.hasProperty(part, "code")
    ? mendOf(part._tag)
    : Option.none()

/** The sentence and, where there is one, what mends it. */
export const explain = (error: unknown): { readonly message: string; readonly fix: Option.Option<string> } => {
  const parts = partsOf(error)
  const fix = Option.firstSomeOf([...parts.toReversed().map(fixOf), ...parts.map(mendOfPart)])
  if (Predicate.hasProperty(error, "reason") && Predicate.isTagged(error.reason, "TransportError")) {
    const { reason } = error
    const why = Predicate.hasProperty(reason, "description") && Predicate.isString(reason.description)
      ? reason.description
      : "nobody answers there"
    return { message: `the server cannot be reached: ${why}`, fix: Option.none() }
  }
  if (Predicate.isTagged(error, "HttpClientError") || Predicate.isTagged(error, "SchemaError")) {
    return {
      message: "the running glider does not answer as this version expects; is it another version?",
      fix: Option.some("stop it and start it again")
    }
  }
  return { message: error instanceof Error ? error.message : String(error), fix }
}
