import { type Option, Schema } from "effect"

/**
 * An address of this server without the server, which a browser may be sent to. `//` and `/\` would name another server, and
 * whatever is no visible ASCII could end the header field.
 */
export const LocalPath = Schema.String.check(
  Schema.isPattern(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,2000}$/, {
    expected: "an address of this server that begins with one /, such as /accounts"
  })
)

/** The text, when it is one. */
export const localPath = (text: string | null | undefined): Option.Option<string> =>
  Schema.decodeUnknownOption(LocalPath)(text)
