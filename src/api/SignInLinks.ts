/** Links that let a browser in, once. */
import { Clock, Context, DateTime, Duration, Effect, Layer, Redacted } from "effect"
import { Digest, Mac, SecureRandom } from "effect/crypto"
import { Base64Url } from "effect/encoding"
import type { GliderConfig } from "../Config.ts"
import { ownAddress } from "./OwnAddress.ts"

/** How long a link is good. */
export const goodFor = Duration.minutes(15)

/** More than anybody has open at once; the oldest goes first. */
const most = 20

/** A link, of which the code is good once and until then. */
export interface SignInLink {
  readonly code: Redacted.Redacted<string>
  readonly expiresAt: DateTime.Utc
}

/** Links that were made and not used yet: in memory alone, by the hashes of their codes. */
export class SignInLinks extends Context.Service<SignInLinks, {
  /** A new link. */
  readonly issue: Effect.Effect<SignInLink>
  /** Whether the code is that of a link that is still good, which it is no more. */
  readonly take: (code: Redacted.Redacted<string>) => Effect.Effect<boolean>
}>()("glider/api/SignInLinks") {
  static readonly layer: Layer.Layer<SignInLinks, never, Digest.Digest | SecureRandom.SecureRandom> = Layer.effect(
    SignInLinks,
    Effect.gen(function*() {
      const digest = yield* Digest.Digest
      const random = yield* SecureRandom.SecureRandom
      let open: ReadonlyArray<{ readonly hash: Uint8Array; readonly until: number }> = []

      const hashOf = (code: Redacted.Redacted<string>) =>
        digest.digest(Digest.sha256, utf8.encode(Redacted.value(code)))

      return SignInLinks.of({
        issue: Effect.gen(function*() {
          const code = Redacted.make(Base64Url.encode(yield* random.randomBytes(32)), { label: "sign-in code" })
          const hash = yield* hashOf(code)
          const now = yield* DateTime.now
          const expiresAt = DateTime.addDuration(now, goodFor)
          const alive = open.filter(({ until }) => until > now.epochMilliseconds)
          open = [...alive.slice(1 - most), { hash, until: expiresAt.epochMilliseconds }]
          return { code, expiresAt }
        }),
        take: Effect.fnUntraced(function*(code) {
          const hash = yield* hashOf(code)
          const now = yield* Clock.currentTimeMillis
          const found = open.find((link) => link.until > now && Mac.timingSafeEqual(link.hash, hash))
          open = open.filter((link) => link !== found)
          return found !== undefined
        })
      })
    })
  )
}

const utf8 = new TextEncoder()

/** The address of a link at this server, as it is typed into a browser of this machine. */
export const linkAddress = (server: GliderConfig["server"], { code }: SignInLink): Redacted.Redacted<string> =>
  Redacted.make(`${ownAddress(server)}/sign-in?code=${Redacted.value(code)}`, { label: "sign-in link" })
