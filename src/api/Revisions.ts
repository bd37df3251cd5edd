/** Changes that must not overwrite each other: a revision number as ETag, and `If-Match` (RFC 9110, 8.8.3 and 13.1.1). */
import { Effect, Option } from "effect"
import { PreconditionFailed } from "./Problems.ts"

/** The strong ETag of a revision. */
export const etagOf = (revision: number): string => `"${revision}"`

/** Which revisions a change may be made from. */
export type IfMatch =
  | { readonly _tag: "Any" }
  | { readonly _tag: "OneOf"; readonly etags: ReadonlyArray<string> }

/** One entity tag with what separates it from the next; a weak one matches nothing, as the comparison is strong. */
const entry = /[ \t]*(?:(W\/)?("[\x21\x23-\x7e\x80-\xff]*"))?[ \t]*(?:,|$)/y

/** What the header says; none when it is no list of entity tags. */
export const parseIfMatch = (header: string): Option.Option<IfMatch> => {
  if (header.trim() === "*") return Option.some({ _tag: "Any" })
  const etags: Array<string> = []
  let tags = 0
  entry.lastIndex = 0
  while (entry.lastIndex < header.length) {
    const found = entry.exec(header)
    if (found === null) return Option.none()
    const [, weak, etag] = found
    if (etag === undefined) continue // lists may have empty places
    tags++
    if (weak === undefined) etags.push(etag)
  }
  return tags === 0 ? Option.none() : Option.some({ _tag: "OneOf", etags })
}

const fix = "read it again and repeat the change"

/**
 * Lets a change of something that stands at `revision` go on, or fails when the header says that it was made from
 * another state. Without the header every change goes on. What the header must say is a matter of the request alone, so a
 * header that cannot be read fails as well.
 */
export const checkIfMatch = (
  header: string | undefined,
  revision: number
): Effect.Effect<void, PreconditionFailed> => {
  if (header === undefined) return Effect.void
  const asked = parseIfMatch(header)
  if (Option.isNone(asked)) {
    return Effect.fail(
      new PreconditionFailed({
        detail: `If-Match is not * and no list of entity tags such as ${etagOf(revision)}.`,
        fix
      })
    )
  }
  return asked.value._tag === "Any" || asked.value.etags.includes(etagOf(revision)) ? Effect.void : Effect.fail(
    new PreconditionFailed({
      detail: `It has been changed since: it is now ${etagOf(revision)}, and the change was made from ${header}.`,
      fix
    })
  )
}
