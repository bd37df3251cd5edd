/** The signatures of Standard Webhooks (`v1`, HMAC-SHA256), made and checked. */
import { Option, Redacted } from "effect"
import { createHmac, timingSafeEqual } from "node:crypto"

/** A secret as its bytes. */
export type SigningKey = Redacted.Redacted<Uint8Array>

const prefix = "whsec_"

/** The key that a text such as `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw` is; none of one that is none, or too short or too long. */
export const signingKey = (secret: Redacted.Redacted<string>): Option.Option<SigningKey> => {
  const text = Redacted.value(secret)
  const encoded = text.slice(prefix.length)
  if (!text.startsWith(prefix) || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return Option.none()
  const bytes = Buffer.from(encoded, "base64")
  return bytes.byteLength >= 24 && bytes.byteLength <= 64
    ? Option.some(Redacted.make(bytes, { label: "webhook secret" }))
    : Option.none()
}

/** What is signed: a message with its id and the instant of this try, in seconds. */
export interface Signed {
  readonly id: string
  readonly timestamp: string
  readonly body: string | Uint8Array
}

const mac = (key: SigningKey, { body, id, timestamp }: Signed): Buffer =>
  createHmac("sha256", Redacted.value(key)).update(`${id}.${timestamp}.`).update(body).digest()

/** The header `webhook-signature`: one signature for each key, so that a receiver that knows either one takes it. */
export const signatureOf = (keys: ReadonlyArray<SigningKey>, signed: Signed): string =>
  keys.map((key) => `v1,${mac(key, signed).toString("base64")}`).join(" ")

/** Why a message is not taken. */
export type Refusal = "unsigned" | "stale" | "forged"

/** How far the instant of a message may be from now, in seconds. */
const tolerance = 300

/** Whether an instant, in seconds, is close enough to now, in milliseconds. */
export const isFresh = (seconds: number, now: number): boolean => Math.abs(now / 1000 - seconds) <= tolerance

/** Signatures that are looked at: a sender that rotates sends two. */
const mostSignatures = 16

/** Compares in a time that does not tell how much of it is right. */
export const isSame = (given: Uint8Array, expected: Uint8Array): boolean =>
  given.byteLength === expected.byteLength && timingSafeEqual(given, expected)

/** Judges the headers of a message; none means that it is signed by one of the keys, and lately. */
export const refusalOf = (
  keys: ReadonlyArray<SigningKey>,
  { body, id, signature, timestamp }: {
    readonly id: string | undefined
    readonly timestamp: string | undefined
    readonly signature: string | undefined
    readonly body: string | Uint8Array
  },
  now: number
): Option.Option<Refusal> => {
  if (id === undefined || id === "" || timestamp === undefined || signature === undefined) {
    return Option.some("unsigned")
  }
  if (!/^\d{1,12}$/.test(timestamp) || !isFresh(Number(timestamp), now)) return Option.some("stale")
  const given = signature.split(" ").slice(0, mostSignatures).flatMap((one) => {
    // the one form of 32 bytes in base64: another text that decodes to the same bytes is another signature
    const encoded = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(one)?.[1]
    return encoded === undefined ? [] : [Buffer.from(encoded, "utf8")]
  })
  const expected = keys.map((key) => Buffer.from(mac(key, { id, timestamp, body }).toString("base64"), "utf8"))
  // each with each, whatever is found: how long it takes tells nothing
  let found = false
  for (const one of given) for (const other of expected) if (isSame(one, other)) found = true
  return found ? Option.none() : Option.some("forged")
}
