import { assert, describe, it, layer } from "@effect/vitest"
import { DateTime, Effect, Option, Schema } from "effect"
import { CborCodec, RecordId, Uuid } from "surrealdb"
import { Surreal } from "../../src/services/Surreal.ts"
import { SurrealCodec } from "../../src/services/SurrealCodec.ts"
import { Instant } from "../../src/services/SurrealValue.ts"
import { surrealTest } from "../support/StoreTest.ts"

const hex = (codec: CborCodec) => (value: unknown): string => Buffer.from(codec.encode(value)).toString("hex")
const ours = hex(new SurrealCodec({}))
const sdk = hex(new CborCodec({}))

/** The SDK refuses larger numbers. */
const tame = (value: Schema.Json): unknown =>
  JSON.parse(
    JSON.stringify(value),
    (_, inner: unknown) => typeof inner === "number" && Math.abs(inner) > 2 ** 53 ? 0.5 : inner
  )

describe("services/SurrealCodec", () => {
  it.effect.prop(
    "encodes whatever JSON holds as the SDK does",
    { value: Schema.Json },
    ({ value }) => Effect.sync(() => assert.strictEqual(ours(tame(value)), sdk(tame(value))))
  )

  it("encodes text of any length and alphabet as the SDK does", () => {
    for (const letter of ["x", "ž", "無", "\u{1F600}", "\ud800"]) {
      for (const before of [0, 1, 20, 30, 250]) {
        for (const count of [0, 1, 7, 8, 12, 22, 24, 41, 84, 130, 300, 22_000]) {
          const text = "a".repeat(before) + letter.repeat(count)
          assert.strictEqual(ours(text), sdk(text))
        }
      }
    }
  })

  it("encodes numbers at the edges of their forms as the SDK does", () => {
    const whole = [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER, 2 ** 53]
    for (const number of [...whole, ...whole.map((one) => -one), 0.1, -1.5, 1e-300, Number.NaN, -Infinity, 12n]) {
      assert.strictEqual(ours(number), sdk(number))
    }
  })

  it("leaves the SDK's own values to the SDK", () => {
    const values = {
      parts: new RecordId("play", ["spotify:me@x", 1_790_000_000_000, "žluť"]),
      name: new RecordId("play", "one"),
      uuid: new Uuid("0190a3c8-7b1e-7cc3-8a4f-0123456789ab"),
      gone: undefined,
      others: [new Uint8Array([1, 2]), new Set([1]), new Map([["a", 1]])]
    }
    assert.strictEqual(ours(values), sdk(values))
  })

  it("encodes options as their content or none", () => {
    assert.strictEqual(ours([Option.some(5), Option.none()]), sdk([5, undefined]))
  })
})

/** From the year 1 to 9999. */
const Millis = Schema.Int.check(Schema.isBetween({ minimum: -62_135_596_800_000, maximum: 253_402_300_799_999 }))

layer(surrealTest)("services/SurrealCodec, read by the engine", (it) => {
  it.effect.prop("brings every instant back as it was", { millis: Millis }, ({ millis }) =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const instant = DateTime.makeUnsafe(millis)
      assert.deepStrictEqual(yield* surreal.query(Instant, "RETURN $instant", { instant }), instant)
    }))

  it.effect("knows the millisecond of an instant before 1970", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      const instant = DateTime.makeUnsafe("1960-01-01T00:00:00.123Z")
      assert.strictEqual(
        yield* surreal.query(Schema.String, "RETURN type::string($instant)", { instant }),
        "1960-01-01T00:00:00.123Z"
      )
    }))

  it.effect("keeps a number too large for an integer", () =>
    Effect.gen(function*() {
      const surreal = yield* Surreal
      assert.strictEqual(yield* surreal.query(Schema.Finite, "RETURN $large", { large: 1e21 }), 1e21)
    }))
})
