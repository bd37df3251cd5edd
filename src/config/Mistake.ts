import { Option, Schema } from "effect"

/** Where a mistake stands: line and column, both from 1. */
export const Position = Schema.Struct({ line: Schema.Int, column: Schema.Int })
export type Position = typeof Position.Type

/** One thing that is wrong with the configuration. */
export class Mistake extends Schema.Class<Mistake>("glider/config/Mistake")({
  /** The file as it was named, or `environment`. */
  source: Schema.String,
  /** None for an absent file and for variables of the environment. */
  position: Schema.OptionFromNullOr(Position),
  /** `sync.spotify.interval_seconds`, or a variable's name; empty when the whole file is meant. */
  key: Schema.String,
  message: Schema.String
}) {
  /** `config.toml:12:8 sync.spotify.intervall_seconds: unknown key, did you mean interval_seconds?` */
  get text(): string {
    const place = Option.match(this.position, {
      onNone: () => this.source,
      onSome: ({ column, line }) => `${this.source}:${line}:${column}`
    })
    return this.key === "" ? `${place}: ${this.message}` : `${place} ${this.key}: ${this.message}`
  }
}

/** The configuration cannot be used; its message holds every mistake at once, one a line. */
export class ConfigFileError extends Schema.TaggedError<ConfigFileError>()("ConfigFileError", {
  /** The file that was to be read. */
  path: Schema.String,
  mistakes: Schema.Array(Mistake)
}) {
  override get message(): string {
    return this.mistakes.map(({ text }) => text).join("\n")
  }
}

/** A mistake that is about the whole file. */
export const wholeFile = (path: string, message: string): ConfigFileError =>
  new ConfigFileError({ path, mistakes: [new Mistake({ source: path, position: Option.none(), key: "", message })] })

/** None of the files looked for is there. */
export const noConfigFile = (looked: readonly [string, ...Array<string>]): ConfigFileError =>
  wholeFile(
    looked[0],
    [
      looked.length === 1 ? "no such file." : `no such file, and none at ${looked.slice(1).join(", ")}.`,
      "Make one that holds, for instance,",
      "",
      "  [sync.spotify]",
      "  interval_seconds = 120",
      "",
      "or name another with --config or GLIDER_CONFIG_TOML."
    ].join("\n")
  )

/** A value as a person would write it, cut after 80 characters and without the sign-in part of an address. */
export const written = (value: unknown): string => {
  const text = withoutSignIn(plain(value))
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

/** An address with user and password struck out, whatever else is wrong with it. */
export const withoutSignIn = (text: string): string => text.replace(/(\w:\/\/)[^/?#\s"]*@/g, "$1<redacted>@")

const plain = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return `[${value.map(plain).join(", ")}]`
  if (typeof value === "object" && value !== null) return "a table"
  return typeof value === "string" ? JSON.stringify(value) : String(value)
}
