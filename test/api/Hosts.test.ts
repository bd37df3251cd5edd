import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { isOwn } from "../../src/api/Hosts.ts"
import { listening } from "../../src/api/Server.ts"
import { CurrentConfig } from "../../src/Config.ts"
import { serverDefaults } from "../support/ServerConfig.ts"
import { problemOf, sendRaw } from "./Raw.ts"
import { configOf, served, servedAs } from "./Served.ts"

const asked = (target: string, ...fields: ReadonlyArray<string>) =>
  sendRaw([`GET ${target} HTTP/1.1`, ...fields, "Connection: close", "", ""].join("\r\n"))

const paths = ["/livez", "/readyz", "/health", "/api/v0/runs", "/openapi.json", "/docs", "/metrics", "/nowhere"]

layer(served, { excludeTestServices: true })("api/Hosts", (it) => {
  it.effect("the names of loopback are answered to, with the port of the server", () =>
    Effect.gen(function*() {
      const { server: { port } } = yield* CurrentConfig
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LocalHost:${port}`, `[::1]:${port}`]) {
        assert.strictEqual((yield* asked("/livez", `Host: ${host}`)).status, 200, host)
        assert.strictEqual((yield* asked(`http://${host}/livez`, `Host: ${host}`)).status, 200, host)
      }
    }))

  it.effect("any other form of Host is refused", () =>
    Effect.gen(function*() {
      const { server: { port } } = yield* CurrentConfig
      const hostile = [
        "",
        ":",
        `:${port}`,
        "evil.example",
        `evil.example:${port}`,
        "127.0.0.1", // another port
        `127.0.0.1:${port + 1}`,
        `127.0.0.1:0${port}`,
        `127.0.0.1:${port}.`,
        `127.0.0.1.:${port}`,
        `localhost.:${port}`,
        `LOCALHOST.:${port}`,
        `127.0.0.1.evil.example:${port}`,
        `localhost.evil.example:${port}`,
        `evil.example.localhost:${port}`,
        `me@127.0.0.1:${port}`,
        `127.0.0.1:${port}@evil.example`,
        `127.0.0.1:${port}/`,
        `127.0.0.1:${port}, evil.example`,
        `127.0.0.1:${port} evil.example`,
        `http://127.0.0.1:${port}`,
        `127.1:${port}`,
        `2130706433:${port}`, // decimal
        `0177.0.0.1:${port}`, // octal
        `0x7f.0.0.1:${port}`, // hexadecimal
        `127.0.0.2:${port}`,
        `0.0.0.0:${port}`,
        `[::]:${port}`,
        `::1:${port}`,
        `[0:0:0:0:0:0:0:1]:${port}`,
        `[::ffff:127.0.0.1]:${port}`,
        `[::1%lo]:${port}`,
        `[::1]`,
        `loc\u00e4lhost:${port}`
      ]
      for (const host of hostile) {
        const refused = yield* asked("/livez", `Host: ${host}`)
        assert.strictEqual(refused.status, 421, host)
        assert.strictEqual((yield* problemOf(refused)).code, "misdirected_request", host)
      }
      assert.isAtLeast(hostile.length, 20)
    }))

  it.effect("a request line that names another host is refused, whatever the Host field says", () =>
    Effect.gen(function*() {
      const { server: { port } } = yield* CurrentConfig
      const own = `Host: 127.0.0.1:${port}`
      for (
        const target of [
          "http://evil.example/livez",
          `http://evil.example:${port}/livez`,
          `https://127.0.0.1:${port}/livez`,
          `http://me@127.0.0.1:${port}/livez`,
          `http://127.1:${port}/livez`,
          `http://0x7f000001:${port}/livez`,
          `http://localhost:${port}/livez` // not the one of the field
        ]
      ) {
        assert.strictEqual((yield* asked(target, own)).status, 421, target)
      }
      assert.strictEqual((yield* asked(`http://127.0.0.1:${port}/livez`, "Host: evil.example")).status, 421)
    }))

  it.effect("a request without a Host field, or with two, is no request (RFC 9112)", () =>
    Effect.gen(function*() {
      const { server: { port } } = yield* CurrentConfig
      const own = `Host: 127.0.0.1:${port}`
      for (const fields of [[], [own, "Host: evil.example"], ["Host: evil.example", own], [own, own]]) {
        const refused = yield* asked("/livez", ...fields)
        assert.strictEqual(refused.status, 400, fields.join(" "))
        assert.strictEqual((yield* problemOf(refused)).code, "invalid_request")
      }
    }))

  it.effect("every address is guarded", () =>
    Effect.gen(function*() {
      for (const path of paths) assert.strictEqual((yield* asked(path, "Host: evil.example")).status, 421, path)
    }))

  it.effect("no other machine is listened to under any name before one is allowed", () =>
    Effect.gen(function*() {
      for (const host of ["0.0.0.0", "::", "0:0:0:0:0:0:0:0"]) {
        const refused = yield* Effect.flip(
          Layer.build(Layer.fresh(listening).pipe(Layer.provide(Layer.succeed(CurrentConfig, configOf({ host })))))
        )
        assert.include(refused.message, "no name is allowed")
        assert.include(refused.fix, "allowed_hosts")
      }
    }))
})

layer(servedAs({ allowedHosts: ["glider.lan", "other.lan:8080"] }), { excludeTestServices: true })(
  "api/Hosts: allowed names",
  (it) => {
    it.effect("are answered to at any port, or at their own", () =>
      Effect.gen(function*() {
        for (const host of ["glider.lan", "Glider.LAN:443", "glider.lan:8443", "other.lan:8080"]) {
          assert.strictEqual((yield* asked("/livez", `Host: ${host}`)).status, 200, host)
        }
        for (
          const host of ["other.lan", "other.lan:80", "a.glider.lan", "glider.lan.", "glider.lan:", "glider.lan:x"]
        ) {
          assert.strictEqual((yield* asked("/livez", `Host: ${host}`)).status, 421, host)
        }
      }))
  }
)

describe("isOwn", () => {
  it("knows the address that is listened on, unless it is every address", () => {
    const own = isOwn({ ...serverDefaults, host: "192.168.1.5" })
    assert.isTrue(own("192.168.1.5:4747"))
    assert.isFalse(own("192.168.1.6:4747"))
    assert.isTrue(isOwn({ ...serverDefaults, host: "fd00::1" })("[fd00::1]:4747"))
    assert.isFalse(isOwn({ ...serverDefaults, host: "0.0.0.0" })("0.0.0.0:4747"))
    assert.isTrue(isOwn({ ...serverDefaults, port: 80 })("localhost"))
  })
})
