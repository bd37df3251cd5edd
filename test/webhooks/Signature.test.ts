import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option, Redacted } from "effect"
import { Webhook } from "standardwebhooks"
import { refusalOf, signatureOf, type SigningKey, signingKey } from "../../src/webhooks/Signature.ts"

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
const other = `whsec_${Buffer.alloc(64, 7).toString("base64")}`

const keyOf = (text: string): SigningKey => Option.getOrThrow(signingKey(Redacted.make(text)))

/** The vector of the convention's own documents. */
const vector = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: "1614265330",
  body: "{\"test\": 2432232314}",
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
}
const then = 1_614_265_330_000

const judge = (message: Partial<Record<keyof typeof vector, string | undefined>>, now = then, keys = [keyOf(secret)]) =>
  refusalOf(keys, { ...vector, ...message, body: message.body ?? vector.body }, now)

/** A generator of its own: the same mutations at every run. */
const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

describe("signatures of webhooks", () => {
  it("are those of the convention's vector, and of its reference package both ways", () => {
    assert.strictEqual(signatureOf([keyOf(secret)], vector), vector.signature)
    assert.deepStrictEqual(judge({}), Option.none())
    const at = DateTime.toDateUtc(DateTime.makeUnsafe(1_790_000_000_000))
    const theirs = new Webhook(other).sign("msg_1", at, "{\"ä\":\"✓\"}")
    const message = { id: "msg_1", timestamp: "1790000000", body: "{\"ä\":\"✓\"}" }
    assert.strictEqual(signatureOf([keyOf(other)], message), theirs)
    const signed = { ...message, signature: theirs, body: Buffer.from(message.body) }
    assert.deepStrictEqual(refusalOf([keyOf(other)], signed, at.getTime()), Option.none())
  })

  it("are taken when one of several fits one of several secrets, as while a secret is changed", () => {
    const both = signatureOf([keyOf(other), keyOf(secret)], vector)
    assert.deepStrictEqual(judge({ signature: both }), Option.none())
    assert.deepStrictEqual(judge({ signature: `v1a,zzzz v2,abc ${vector.signature}` }), Option.none())
    assert.deepStrictEqual(judge({}, then, [keyOf(other), keyOf(secret)]), Option.none())
    assert.deepStrictEqual(judge({}, then, [keyOf(other)]), Option.some("forged"))
  })

  it("are refused when something is missing, or the clock is more than five minutes off", () => {
    for (const part of ["id", "timestamp", "signature"] as const) {
      assert.deepStrictEqual(judge({ [part]: undefined }), Option.some("unsigned"), part)
    }
    assert.deepStrictEqual(judge({ id: "" }), Option.some("unsigned"))
    assert.deepStrictEqual(judge({}, then + 300_000), Option.none())
    assert.deepStrictEqual(judge({}, then - 300_000), Option.none())
    assert.deepStrictEqual(judge({}, then + 300_001), Option.some("stale"))
    assert.deepStrictEqual(judge({}, then - 300_001), Option.some("stale"))
    for (const timestamp of ["", "now", "1614265330.5", "-1", "0x6037", " 1614265330", "16142653300000000"]) {
      assert.deepStrictEqual(judge({ timestamp }), Option.some("stale"), timestamp)
    }
  })

  it("are all refused of 10,000 messages of which one thing was changed", () => {
    const next = random(20_261_127)
    const parts = ["id", "body", "signature"] as const
    for (let count = 0; count < 10_000; count++) {
      const part = parts[Math.floor(next() * parts.length)] ?? "body"
      const text = vector[part]
      const at = Math.floor(next() * text.length)
      const was = text.charCodeAt(at)
      const now = String.fromCharCode(was ^ (1 << Math.floor(next() * 7)))
      const changed = [
        text.slice(0, at) + now + text.slice(at + 1),
        text.slice(0, at) + text.slice(at + 1),
        text.slice(0, at) + now + text.slice(at)
      ][Math.floor(next() * 3)] ?? ""
      if (changed === text || (part === "signature" && changed.trimEnd() === text)) continue
      assert.isTrue(Option.isSome(judge({ [part]: changed })), `${part}: ${changed}`)
    }
    // another instant is another message, also within the five minutes
    for (let second = 1; second <= 300; second++) {
      assert.deepStrictEqual(judge({ timestamp: String(1_614_265_330 + second) }), Option.some("forged"))
    }
  })

  it("need a secret of 24 to 64 bytes that says what it is", () => {
    const of = (bytes: number) => `whsec_${Buffer.alloc(bytes, 1).toString("base64")}`
    for (const bytes of [24, 32, 64]) assert.isTrue(Option.isSome(signingKey(Redacted.make(of(bytes)))), `${bytes}`)
    for (const text of [of(23), of(65), "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", `${of(24)}!`, "whsec_ä"]) {
      assert.isTrue(Option.isNone(signingKey(Redacted.make(text))), text)
    }
  })
})
