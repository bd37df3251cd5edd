import { hash } from "node:crypto"
import type { Key, Row } from "./Write.ts"

/** What a row says, as a short text: equal for equal content, so that an unchanged row is not written again. */
export const contentHash = (row: Row): string => hash("sha1", JSON.stringify([row.fields, row.raw]), "base64url")

/** A key as text, to compare by. */
export const keyText = (key: Key): string => JSON.stringify(key)
